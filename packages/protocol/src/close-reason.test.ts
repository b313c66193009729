import { describe, expect, it } from 'vitest';
import { CloseReason, closeReasonName, connackCode } from './close-reason.ts';
import { CloseReason as CloseReasonNames } from './gen/common.ts';

/** MQTT 5, table 3-1. */
const connackCodes = [
  ...[0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b],
  ...[0x9c, 0x9d, 0x9f],
];
/** MQTT 5, table 3-13: those that a server may send. */
const disconnectCodes = [
  ...[0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99],
  ...[0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
];
const reasons = Object.keys(CloseReason) as CloseReason[];

describe.each(reasons)('why a link ends: %s', (reason) => {
  it('[MQTT-3.14.2-1] has a code of DISCONNECT', () => {
    expect(disconnectCodes).toContain(CloseReason[reason].mqtt);
  });

  it('[MQTT-3.2.2-6] has a return code of MQTT 3.1.1, or is not said there', () => {
    expect([null, 1, 2, 3, 4, 5]).toContain(CloseReason[reason].mqtt3);
  });
});

/** These are known only of a link that is open, and nothing is said to who is gone. */
const neverRefuses: readonly CloseReason[] = [
  'goodbye',
  'topicAliasInvalid',
  'subscriptionIdsNotSupported',
  'receiveMaximumExceeded',
];

describe.each(reasons.filter((reason) => !neverRefuses.includes(reason)))('why a link is refused: %s', (reason) => {
  it('[MQTT-3.2.2-8] has a code of CONNACK', () => {
    expect(connackCodes).toContain(connackCode(reason));
  });
});

it('each has its name in the proto files, and each name there its reason', () => {
  const names = Object.keys(CloseReason).map((reason) => closeReasonName(reason as CloseReason));
  expect(names.toSorted()).toEqual(Object.keys(CloseReasonNames).slice(1).toSorted());
  expect(closeReasonName('sessionTakenOver')).toBe('CLOSE_REASON_SESSION_TAKEN_OVER');
});

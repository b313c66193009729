import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { CloseReason } from './close-reason.ts';
import { ErrorCode, PushfleetError } from './error.ts';
import { limits } from './limits.ts';
import { closeReasonOf, closeStatus, fromStatus, plainReason, toStatus } from './status.ts';

const asServiceError = (sent: object) => Object.assign(new Error('sent'), sent) as ServiceError;

describe('errors over gRPC', () => {
  it.each(Object.keys(ErrorCode) as ErrorCode[])('%s comes back as it was sent', (code) => {
    const error = new PushfleetError(code, 'why', { field: 'device_id', retryAfterMs: 1_500 });
    const received = fromStatus(asServiceError(toStatus(error)));
    expect(received).toMatchObject({
      code,
      message: 'why',
      field: 'device_id',
      retryAfterMs: 1_500,
      retry: error.retry,
    });
  });

  it.each([
    ['a field that is not ASCII', 'why', 'labels["größe"]', 'labels["gr??e"]'],
    ['a field with a line break', 'why', 'a\r\nb', 'a??b'],
    ['a field with half of a surrogate pair', 'why', 'a\ud83d', 'a?'],
    ['a field of any length', 'why', 'f'.repeat(100_000), 'f'.repeat(limits.fieldBytes)],
  ])('take %s', (_what, message, field, seen) => {
    const sent = toStatus(new PushfleetError('INVALID_ARGUMENT', message, { field }));
    expect(fromStatus(asServiceError(sent))).toMatchObject({ field: seen });
  });

  it.each([
    ['half of a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['NUL', 'a\0b', 'a\0b'],
    ['a hundred thousand characters', '😀'.repeat(50_000), '😀'.repeat(limits.errorBytes / 4)],
  ])('take a message with %s, which grpc-js can write', (_what, message, seen) => {
    const { details } = toStatus(new PushfleetError('INTERNAL', message));
    expect(details).toBe(seen);
    // What grpc-js does with it; it throws where the text is not well-formed.
    expect(decodeURI(encodeURI(details))).toBe(seen);
  });

  it('never carry the cause', () => {
    const sent = toStatus(new PushfleetError('INTERNAL', 'why', { cause: new Error('the secret is hunter2') }));
    expect(JSON.stringify([sent, sent.metadata.getMap()])).not.toContain('hunter2');
  });

  it.each([
    [status.UNAVAILABLE, 'Connection dropped', 'UNREACHABLE'],
    [status.UNAUTHENTICATED, 'x', 'BAD_TOKEN'],
    [status.RESOURCE_EXHAUSTED, 'Bandwidth exhausted or memory limit exceeded', 'OVERLOADED'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (1500000 vs 1441792)', 'PAYLOAD_TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'Received message that decompresses to a size larger than 9', 'PAYLOAD_TOO_LARGE'],
    [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)', 'UNREACHABLE'],
    [status.INTERNAL, 'Received RST_STREAM with code 0 (Call ended without gRPC status)', 'UNREACHABLE'],
    [status.INTERNAL, 'Error deserializing request', 'INTERNAL'],
    [status.CANCELLED, 'Call cancelled', 'UNREACHABLE'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded', 'DEADLINE_EXCEEDED'],
    [status.UNIMPLEMENTED, 'x', 'INTERNAL'],
  ])('of others, status %s, "%s", give the nearest code', (code, details, expected) => {
    expect(fromStatus(asServiceError({ code, details, metadata: new Metadata() })).code).toBe(expected);
  });
});

it.each([
  [
    '14 UNAVAILABLE: No connection established. Last error: Error: connect EHOSTUNREACH 192.0.2.7:41075. Resolution note: ',
    'connect EHOSTUNREACH 192.0.2.7:41075',
  ],
  ['No connection established. Last error: nothing answered within 10 s', 'nothing answered within 10 s'],
  [
    '14 UNAVAILABLE: Name resolution failed for target dns:x.invalid:1',
    'Name resolution failed for target dns:x.invalid:1',
  ],
  ['the worker ended the channel', 'the worker ended the channel'],
])('%j is, for people, %j', (message, reason) => {
  expect(plainReason(message)).toBe(reason);
});

it.each(Object.keys(CloseReason) as CloseReason[])('close reason %s comes back as it was sent', (reason) => {
  expect(closeReasonOf(closeStatus(reason))).toBe(reason);
});

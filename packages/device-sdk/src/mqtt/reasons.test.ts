import { CloseReason, closeReasonKey } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { connackEnd, disconnectEnd, silentMqtt3End } from './reasons.ts';

const refused = { cmd: 'connack', sessionPresent: false } as const;

describe('MQTT 5', () => {
  it.each(Object.entries(CloseReason))('knows %s by its name', (name, { mqtt, retry }) => {
    const properties = { userProperties: { [closeReasonKey]: name } };
    expect(disconnectEnd({ cmd: 'disconnect', reasonCode: mqtt, properties })).toMatchObject({ reason: name, retry });
    expect(connackEnd({ ...refused, reasonCode: mqtt, properties })).toMatchObject({ reason: name, retry });
  });

  it.each([
    [0x8e, 'sessionTakenOver'],
    [0x9c, 'useAnotherServer'],
    [0x9d, 'ticketForAnotherNode'],
    [0x00, 'linkLost'],
    [0x83, 'internalError'],
    [0x89, 'registryUnavailable'],
    [0xa2, 'linkLost'],
  ])('knows 0x%x of a DISCONNECT without a name', (reasonCode, reason) => {
    expect(disconnectEnd({ cmd: 'disconnect', reasonCode })).toMatchObject({ reason });
  });

  it.each([
    [0x86, 'ticketInvalid'],
    [0x88, 'serverShuttingDown'],
    [0x87, 'ticketExpired'],
    [0x8a, 'linkLost'],
  ])('knows 0x%x of a CONNACK without a name', (reasonCode, reason) => {
    expect(connackEnd({ ...refused, reasonCode })).toMatchObject({ reason });
  });

  it('reads the first of several server references', () => {
    const properties = { serverReference: '10.0.0.1:13295 10.0.0.2:13295' };
    const { redirect } = disconnectEnd({ cmd: 'disconnect', reasonCode: 0x9c, properties });
    expect(redirect).toEqual({ address: '10.0.0.1', port: 13295 });
  });

  it('reads which push server a reference leads to', () => {
    const properties = { serverReference: '10.0.0.1:13295', userProperties: { 'pushfleet-node-id': 'dp-2' } };
    const { redirect } = disconnectEnd({ cmd: 'disconnect', reasonCode: 0x9c, properties });
    expect(redirect).toEqual({ nodeId: 'dp-2', address: '10.0.0.1', port: 13295 });
  });
});

describe('MQTT 3.1.1', () => {
  it.each([
    [1, 'never'],
    [2, 'reassign'],
    [3, 'reassign'],
    [4, 'reassign'],
    [5, 'reassign'],
  ])('return code %i: %s', (returnCode, retry) => {
    expect(connackEnd({ ...refused, returnCode })).toMatchObject({ retry });
  });

  it('asks a balancer after an end without a word', () => {
    expect(silentMqtt3End('closed')).toMatchObject({ reason: 'linkLost', retry: 'reassign' });
  });
});

import { type CommandId, limits, parseDeviceId, readCapabilities } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { PushedCommand } from '../../session/command.ts';
import { encodeMessage, readMessage } from './link.ts';

const [nodeId, keepAliveMs] = ['dp-1', 30_000];
const device = parseDeviceId('d1');

function command(id: string, redelivered = false): PushedCommand {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const [deliverByMs, finishByMs] = [1_000, 5_000];
  return {
    id: id as CommandId,
    operation,
    payloadBytes: 1,
    deliverByMs,
    finishByMs,
    channel: 1,
    redelivered,
    isSuspect: false,
  };
}

function hello(operations: string[]) {
  return readMessage({ hello: { ticket: 't', agent: '', operations, keepAliveMs: 0 }, message: 'hello' }, keepAliveMs);
}

describe('what a gRPC device declares', () => {
  it.each([[[]], [['force_sync', 'custom:reboot']]])('is %j', (operations) => {
    expect(hello(operations)).toMatchObject({
      kind: 'hello',
      ticket: 't',
      terms: { capabilities: readCapabilities(operations) },
    });
  });

  it('lets it be silent for two keep-alives', () => {
    expect(hello([])).toMatchObject({ terms: { silenceLimitMs: 60_000 } });
  });

  it('lets it have 64 commands on the wire', () => {
    expect(hello([])).toMatchObject({ terms: { confirms: true, window: 64 } });
  });

  it.each([
    ['one name', ['x'.repeat(limits.greetingBytes)]],
    ['empty ones', Array.from({ length: limits.greetingBytes + 1 }, () => '')],
  ])('is no way to keep a push server busy, with %s', (_, operations) => {
    expect(hello(operations)).toEqual({ kind: 'fault', reason: 'frameTooLarge' });
  });
});

describe('what a gRPC device is sent', () => {
  it.each([
    ['c1', false, { durable: false, redelivered: false }],
    ['d-1', false, { durable: true, redelivered: false }],
    ['d-1', true, { durable: true, redelivered: true }],
  ])('says of command %s, redelivered %s: %j', (id, redelivered, expected) => {
    const message = { kind: 'command', command: command(id, redelivered), device, nowMs: 1_000 } as const;
    expect(encodeMessage(message, nodeId, keepAliveMs)).toMatchObject({
      command: { commandId: id, finishWithinMs: 4_000, ...expected },
    });
  });

  it('tells of a withdrawal, and of a result that is kept', () => {
    const id = 'd-1' as CommandId;
    expect(encodeMessage({ kind: 'cancel', command: id, reason: 'why', device }, nodeId, keepAliveMs)).toEqual({
      cancel: { commandId: 'd-1', reason: 'why' },
    });
    expect(encodeMessage({ kind: 'result-received', command: id }, nodeId, keepAliveMs)).toEqual({
      resultReceived: { commandId: 'd-1' },
    });
  });
});

describe('what a gRPC device says of a command', () => {
  it.each([
    { outcome: 'cancelled', cancelled: { reason: 'asked to' } } as const,
    { outcome: 'running', running: { progress: { percent: 40, message: 'half' }, statistics: null } } as const,
  ])('passes as it is: $outcome', (said) => {
    const result = { commandId: 'c1', ...said };
    expect(readMessage({ result, message: 'result' }, keepAliveMs)).toEqual({ kind: 'result', result });
  });

  it('is refused beyond the limits, and the command has an outcome all the same', () => {
    const succeeded = { output: Buffer.alloc(limits.payloadBytes + 1), statistics: null, alreadyEnded: false };
    const result = { commandId: 'c1', outcome: 'succeeded', succeeded } as const;
    const said = readMessage({ result, message: 'result' }, keepAliveMs);
    expect(said).toMatchObject({ kind: 'result', result: { commandId: 'c1', outcome: 'failed' } });
  });
});

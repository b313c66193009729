import { describe, expect, it } from 'vitest';
import type { Operation } from './gen/common.ts';
import type * as device from './gen/device.ts';
import type { CommandId } from './ids.ts';
import {
  decodeCancel,
  decodeOperation,
  decodeResult,
  encodeCancel,
  encodeOperation,
  encodeResult,
  type PayloadEncoding,
  packOperation,
  unpackOperation,
} from './payload.ts';

const encodings: PayloadEncoding[] = ['json', 'protobuf'];
const id = 'c1' as CommandId;
const succeeded = (said: Partial<device.Succeeded>) => ({
  output: Buffer.alloc(0),
  statistics: null,
  alreadyEnded: false,
  ...said,
});

describe.each(encodings)('payloads as %s', (encoding) => {
  it.each(['no longer wanted', ''])('carry a withdrawal because of "%s" there and back', (reason) => {
    expect(decodeCancel(encodeCancel(reason, encoding), encoding)).toBe(reason);
  });

  it.each<Operation>([
    { kind: 'forceSync', forceSync: { reason: 'policy changed' } },
    { kind: 'forceSync', forceSync: { reason: '' } },
    { kind: 'custom', custom: { name: 'reboot', payload: Buffer.from([0, 255, 1]) } },
    { kind: 'runTask', runTask: { taskId: 'scan', parameters: { path: '/', depth: '' } } },
    { kind: 'stopTask', stopTask: { taskId: 'scan' } },
    { kind: 'getStatistics', getStatistics: { applicationId: 'av', counters: ['threats'], intervalMs: 500 } },
    { kind: 'openTunnel', openTunnel: { tunnelId: 't', target: '127.0.0.1:22', token: 'x' } },
  ])('carry operation $kind there and back', (operation) => {
    expect(decodeOperation(operation.kind as 'custom', encodeOperation(operation, encoding), encoding)).toEqual(
      operation,
    );
  });

  it.each<Operation>([
    { kind: 'forceSync', forceSync: { reason: 'x' } },
    { kind: 'custom', custom: { name: 'reboot', payload: Buffer.from([0, 255, 1]) } },
  ])('are packed whole for a store: $kind', (operation) => {
    expect(unpackOperation(packOperation(operation))).toMatchObject(operation);
  });

  it.each<device.CommandResult>([
    { commandId: id, outcome: 'succeeded', succeeded: succeeded({ output: Buffer.from('done') }) },
    { commandId: id, outcome: 'succeeded', succeeded: succeeded({ statistics: { counters: { hits: 0 }, atMs: 7 } }) },
    { commandId: id, outcome: 'succeeded', succeeded: succeeded({ alreadyEnded: true }) },
    { commandId: id, outcome: 'cancelled', cancelled: { reason: 'asked to' } },
    { commandId: id, outcome: 'failed', failed: { reason: 'disk full', output: Buffer.alloc(0) } },
    { commandId: id, outcome: 'rejected', rejected: { reason: 'not now' } },
    { commandId: id, outcome: 'running', running: { progress: null, statistics: null } },
    {
      commandId: id,
      outcome: 'running',
      running: { progress: { percent: 40, message: '' }, statistics: { counters: {}, atMs: 7 } },
    },
  ])('carry result $outcome there and back', (result) => {
    expect(decodeResult(id, encodeResult(result, encoding), encoding)).toEqual(result);
  });

  it('name the command by the topic, whatever the payload says', () => {
    const forged = encodeResult(
      { commandId: 'other', outcome: 'running', running: { progress: null, statistics: null } },
      encoding,
    );
    expect(decodeResult(id, forged, encoding).commandId).toBe(id);
  });
});

it('of two devices that say the same is that of each command', () => {
  const say = (command: string, text: string) => decodeResult(command as CommandId, Buffer.from(text), 'json');
  const both = ['c1', 'c2'].map((command) => say(command, '{"succeeded":{}}'));
  expect(both.map(({ commandId, outcome }) => [commandId, outcome])).toEqual([
    ['c1', 'succeeded'],
    ['c2', 'succeeded'],
  ]);
  expect(say('c3', '{"rejected":{}} ')).toMatchObject({ commandId: 'c3', outcome: 'rejected' });
  // As long as the one before, and not the same.
  expect(say('c4', '{"cancelled":{}}')).toMatchObject({ commandId: 'c4', outcome: 'cancelled' });
  expect(() => say('c5', '{"cancelled":{]}')).toThrow('payload');
  expect(say('c6', '{"cancelled":{}}')).toMatchObject({ commandId: 'c6', outcome: 'cancelled' });
});

describe('a payload that cannot be read', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'SUCCEEDED'],
    ['an array', '[]'],
    ['a word that is none of ours', '{"done":{}}'],
    ['a number where an object belongs', '{"succeeded":1}'],
    ['an object that claims to be bytes', '{"succeeded":{"output":{"length":300000000}}}'],
    ['a list that claims to be bytes', '{"succeeded":{"output":[1,2,3]}}'],
    ['an object where a number belongs', '{"running":{"statistics":{"counters":{"a":{}}}}}'],
    ['two outcomes at once', '{"succeeded":{},"failed":{}}'],
    ['a hundred thousand lists in one another', `{"succeeded":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('is refused with what would be right: %s', (_, text) => {
    expect(() => decodeResult(id, Buffer.from(text), 'json')).toThrow(/^payload: must be /);
  });

  it('is refused in binary form too', () => {
    expect(() => decodeResult(id, Buffer.from([0xff, 0xff]), 'protobuf')).toThrow(/^payload: must be /);
  });
});

it('is written as people would write it by hand', () => {
  expect(encodeResult({ commandId: '', succeeded: succeeded({}) }, 'json').toString()).toBe('{"succeeded":{}}');
  expect(encodeOperation({ kind: 'forceSync', forceSync: { reason: 'x' } }, 'json').toString()).toBe('{"reason":"x"}');
});

import { describe, expect, it } from 'vitest';
import type { CommandResult, Succeeded } from './gen/device.ts';
import type { CommandId } from './ids.ts';
import { limits } from './limits.ts';
import { decodeResult, encodeResult, type PayloadEncoding } from './payload.ts';
import { limitResult, resultBytes } from './result-limits.ts';

const commandId = 'c1' as CommandId;
const succeeded = (said: Partial<Succeeded>): CommandResult => ({
  commandId,
  outcome: 'succeeded',
  succeeded: { output: Buffer.alloc(0), statistics: null, alreadyEnded: false, ...said },
});
const counters = (names: string[]) => ({ counters: Object.fromEntries(names.map((name) => [name, 1])), atMs: 0 });
const many = (count: number) => Array.from({ length: count }, (_, index) => `counter-${index}`);
const long = '😀'.repeat(limits.reasonChars);
const cut = '😀'.repeat(limits.reasonChars / 4);

describe('a result within the limits', () => {
  it.each<CommandResult>([
    succeeded({ output: Buffer.alloc(limits.payloadBytes) }),
    succeeded({ statistics: counters(many(limits.counters)) }),
    { commandId, outcome: 'failed', failed: { reason: 'disk full', output: Buffer.alloc(limits.payloadBytes) } },
    { commandId, outcome: 'running', running: { progress: null, statistics: counters(['a']) } },
    { commandId },
  ])('goes on as it is', (result) => {
    expect(limitResult(result)).toEqual(result);
  });
});

describe('a result beyond the limits', () => {
  it.each<[string, CommandResult]>([
    ['succeeded.output: must be at most 1048576 bytes; it has 1048577', succeeded({ output: Buffer.alloc(1_048_577) })],
    ['statistics.counters: must be at most 256', succeeded({ statistics: counters(many(limits.counters + 1)) })],
    [
      'statistics.counters: must have names of at most 128 bytes',
      succeeded({ statistics: counters(['ö'.repeat(65)]) }),
    ],
    ['statistics.counters: must be numbers', succeeded({ statistics: { counters: { a: Number.NaN }, atMs: 0 } })],
    ['statistics.at: must be a time', succeeded({ statistics: { counters: {}, atMs: 1e18 } })],
    ['statistics.at: must be a time', succeeded({ statistics: { counters: {}, atMs: Number.NaN } })],
    [
      "failed.output: must be at most 1048576 bytes; it has 1048577; the device's reason: disk full",
      { commandId, outcome: 'failed', failed: { reason: 'disk full', output: Buffer.alloc(1_048_577) } },
    ],
  ])('ends its command as failed, and says why: %s', (reason, result) => {
    const limited = limitResult(result);
    expect(limited).toMatchObject({ commandId, outcome: 'failed', failed: { output: Buffer.alloc(0) } });
    expect(limited.failed?.reason).toContain(`the device's result was refused: ${reason}`);
    expect(limited.succeeded).toBeUndefined();
  });

  it.each<[CommandResult, object]>([
    [{ commandId, outcome: 'rejected', rejected: { reason: long } }, { rejected: { reason: cut } }],
    [{ commandId, outcome: 'cancelled', cancelled: { reason: `${long}\ud83d` } }, { cancelled: { reason: cut } }],
    [{ commandId, outcome: 'failed', failed: { reason: long, output: Buffer.alloc(0) } }, { failed: { reason: cut } }],
    [
      { commandId, outcome: 'running', running: { progress: { percent: 4e9, message: long }, statistics: null } },
      { running: { progress: { percent: 100, message: cut } } },
    ],
    [
      { commandId, outcome: 'running', running: { progress: null, statistics: counters(many(300)) } },
      { running: { statistics: null } },
    ],
  ])('has its texts cut, between two characters', (result, expected) => {
    expect(limitResult(result)).toMatchObject(expected);
  });

  it.each<PayloadEncoding>(['json', 'protobuf'])('is limited where it is read, as %s', (encoding) => {
    const payload = encodeResult(succeeded({ output: Buffer.alloc(1_048_577) }), encoding);
    expect(decodeResult(commandId, payload, encoding)).toMatchObject({ outcome: 'failed' });
  });
});

it.each<[CommandResult, number]>([
  [succeeded({ output: Buffer.alloc(5_000) }), 5_000],
  [{ commandId, outcome: 'rejected', rejected: { reason: 'ö'.repeat(100) } }, 200],
  [
    { commandId, outcome: 'running', running: { progress: { percent: 1, message: 'm'.repeat(99) }, statistics: null } },
    99,
  ],
  [succeeded({ statistics: counters(['ö'.repeat(64), 'b']) }), 129],
])('a result weighs all that it carries', (result, atLeast) => {
  expect(resultBytes(result)).toBeGreaterThanOrEqual(atLeast);
  expect(resultBytes(result)).toBeGreaterThan(encodeResult(result, 'protobuf').length);
});

import { limits } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { CommandFailed, CommandRejected } from './command.ts';
import { endingOf, rejected, succeeded } from './ending.ts';

describe('success', () => {
  it.each([
    [undefined, ''],
    [{}, ''],
    [{ output: 'text' }, 'text'],
    [{ output: new TextEncoder().encode('bytes') }, 'bytes'],
  ])('of %j', (result, text) => {
    expect(succeeded(result)).toEqual({
      outcome: 'succeeded',
      succeeded: { output: Buffer.from(text), statistics: null, alreadyEnded: false },
    });
  });

  it('with more output than can be sent is failure', () => {
    const { failed } = succeeded({ output: Buffer.alloc(limits.payloadBytes + 1) });
    expect(failed?.reason).toMatch('1048577 bytes');
  });
});

it.each([
  [new CommandRejected('no'), { outcome: 'rejected', rejected: { reason: 'no' } }],
  [new CommandFailed('broke', 'log'), { outcome: 'failed', failed: { reason: 'broke', output: Buffer.from('log') } }],
  [new TypeError('bug'), { outcome: 'failed', failed: { reason: 'bug', output: Buffer.alloc(0) } }],
  ['text', { outcome: 'failed', failed: { reason: 'text', output: Buffer.alloc(0) } }],
])('%s ends a command', (error, expected) => {
  expect(endingOf(error)).toEqual(expected);
});

it('cuts a long reason between characters', () => {
  const reason = rejected('ü'.repeat(200)).rejected?.reason ?? '';
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(limits.reasonChars);
  expect(reason).toBe(`${'ü'.repeat(126)}…`);
});

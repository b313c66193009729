import { parseDeviceId, parseGroupPath } from '@pushfleet/protocol';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../program.ts';
import { checked, checkedEach, wholeNumber } from './option-values.ts';

/** The words that refuse the command line, before anything is asked of a cluster. */
async function refusalOf(...args: string[]): Promise<string> {
  const program = createProgram({ environment: {}, stop: () => new AbortController().signal });
  const words: string[] = [];
  const quiet = (command: Command) => {
    command.exitOverride().configureOutput({ writeErr: (text) => words.push(text), writeOut: () => undefined });
    for (const each of command.commands) quiet(each);
  };
  quiet(program);
  await program.parseAsync(['node', 'pushfleet', ...args]).catch((error: Error) => {
    if (words.length === 0) words.push(error.message);
  });
  return words.join('');
}

describe('an option or argument that is wrong is named, with what would be right', () => {
  const numbers = ['1e3', '0x10', '010', '+1', '-1', '0', '1.5', '1_000', '١', '', ' 1', '1\n', '99999999999', 'NaN'];
  it.each(numbers)('a number: %j', async (text) => {
    for (const [option, ...command] of [
      ['--rate <commands>', 'push', 'sync', '--group', 'HQ', '--rate', text],
      ['--abort-failed <percent>', 'push', 'sync', '--group', 'HQ', '--abort-failed', text],
      ['--port <port>', 'dp', 'set', 'dp-1', '--port', text],
      ['--max-connections <count>', 'dp', 'set', 'dp-1', '--max-connections', text],
      ['--weight <percent>', 'dp', 'enable', 'dp-1', '--weight', text],
      ['--rate <devices>', 'drain', 'dp-1', '--rate', text],
      ['--deadline <seconds>', 'restart', 'dp-1', '--deadline', text],
      ['--count <events>', 'events', '--count', text],
      ['--count <times>', 'push', 'statistics', 'd', '--application', 'a', '--count', text],
    ] as const) {
      const refusal = await refusalOf(...command);
      expect(refusal).toContain(`option '${option}' argument '`);
      expect(refusal).toContain('is invalid. It must be a whole number, 1 to 999999999.');
    }
  });

  it.each([
    [
      ['push', 'sync', 'd', '--ttl', '-1s'],
      "'--ttl <duration>' argument '-1s' is invalid. It must be a number with a unit",
    ],
    [
      ['tunnel', 'd', '-l', '1', '-t', 'a:1', '--idle-limit', '50d'],
      "'--idle-limit <duration>' argument '50d' is invalid. It must be at most 1d.",
    ],
    [['tunnel', 'd', '-l', '1', '-t', 'a:1', '--time-limit', '8d'], 'It must be at most 7d.'],
    [['tunnel', 'd', '-l', '1', '-t', 'a:1', '--time-limit', '1ms'], 'It must be at least 1s.'],
    [['devices', 'get', 'a b'], "argument 'device'. It must be 1 to 128 of A-Z a-z 0-9"],
    [
      ['devices', 'delete', 'a', ''],
      "command-argument value '' is invalid for argument 'device'. It must be 1 to 128 of",
    ],
    [['devices', '--group', ''], "'-g, --group <path>' argument '' is invalid. It must be 1 to 16 names joined by"],
    [['push', 'sync', '--group', 'HQ\u200b'], 'nobody sees the U+200B at character 3.'],
    [['events', '--device', ''], "'-d, --device <id>' argument '' is invalid. It must be 1 to 128 of"],
    [['groups', 'put', 'HQ', 'HQ//2'], "value 'HQ//2' is invalid for argument 'path'. It must be 1 to 16 names"],
    [['groups', 'move', 'HQ', '/'], "for argument 'new-path'. It must be 1 to 16 names"],
    [['drain', 'dp/1'], "for argument 'node'. It must be 1 to 63 of"],
    [['dp', 'get', ''], "for argument 'id'. It must be 1 to 63 of"],
    [
      ['dp', 'set', 'dp-1', '--address', '0.0.0.0'],
      "'--address <host>' argument '0.0.0.0' is invalid. It must be an IP address or host",
    ],
    [
      ['dp', 'put', 'dp-1', '--groups', 'HQ', ''],
      "'--groups <path...>' argument '' is invalid. It must be 1 to 16 names",
    ],
    [['commands', 'get', 'd', 'c d'], "for argument 'command'. It must be 1 to 64 letters"],
    [['group-pushes', 'pause', 'a/b'], "for argument 'id'. It must be 1 to 64 letters"],
    [['devices', 'put', 'd', '-g', 'HQ', '-l', 'os=a', '-l', 'os=b'], 'the label os is there twice'],
    [['push', 'task', 'd', '--task', 't', '--param', 'a=1', '--param', 'a=2'], 'The parameter a is there twice.'],
    [
      ['push', 'sync', 'd', '--ttl', '1h', '--idempotency-key', ''],
      "'--idempotency-key <key>' argument '' is invalid. It must not be empty.",
    ],
    [
      ['push', 'sync', 'd', '--ttl', '1h', '--collapse-key', ''],
      "'--collapse-key <key>' argument '' is invalid. It must not be empty.",
    ],
    [['push', 'sync', 'd', '--wait', 'done'], 'Allowed choices are accepted, connected, delivered, finished.'],
  ])('%j', async (args, problem) => {
    expect(await refusalOf(...args)).toContain(problem);
  });
});

it('what is right is read as it is everywhere', () => {
  expect(checked(parseGroupPath)('Gro\u0308ße')).toBe('Größe');
  expect(checkedEach(parseDeviceId)('b', checkedEach(parseDeviceId)('a'))).toEqual(['a', 'b']);
  expect(wholeNumber(10)('10')).toBe(10);
});

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

function run(program: string, args: readonly string[]) {
  const file = fileURLToPath(new URL(program, import.meta.url));
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
}

it.each([
  ['main.ts', ['--seed', 'x'], '--seed x: must be a whole number from 0 to 4294967296'],
  ['main.ts', ['--devices', '2.5'], '--devices 2.5: must be a whole number from 1 to 100000'],
  ['main.ts', ['--minutes', 'Infinity'], '--minutes Infinity: must be a number from 0 to 100000'],
  ['main.ts', ['--cpu', '0'], '--cpu 0: must be a number from 1 to 1000000'],
  ['main.ts', ['--scenario', 'toString'], '--scenario toString: must be one of everything, '],
  ['main.ts', ['--wrong'], "Unknown option '--wrong'"],
  ['main.ts', ['everything'], "Unexpected argument 'everything'"],
  ['scale/main.ts', ['--nodes', '0'], '--nodes 0: must be a whole number from 1 to 10000'],
  ['scale/main.ts', ['--offered', ''], '--offered : must be a number from 1 to 1000000'],
  ['scale/main.ts', ['--policy', 'constructor'], '--policy constructor: must be one of built, '],
])(
  'of %s refuses %j in words, with how it is called',
  (program, args, words) => {
    const { status, stderr } = run(program, args);
    expect(stderr).toContain(words);
    expect(stderr).toContain('\n\nnpm run simulate -- ');
    expect(status).toBe(2);
  },
  30_000,
);

it('says in words that there is no such commit to be older', () => {
  const { status, stderr } = run('main.ts', ['--older', 'nonsense']);
  expect(stderr).toMatch(/^--older nonsense: nonsense is not in the history of this clone/);
  expect(status).toBe(2);
}, 30_000);

it('plays one seed at least, however little time it is given', () => {
  const { stdout, status } = run('main.ts', ['--cpu', '1', '--minutes', '0.1', '--devices', '5', '--foreign', '0']);
  expect(stdout).toMatch(/^seed 1: nothing found/);
  expect(stdout).toContain('0 of 1 runs found something');
  expect(status).toBe(0);
}, 120_000);

it.each(['main.ts', 'scale/main.ts'])(
  'of %s shows how it is called',
  (program) => {
    const { status, stdout } = run(program, ['--help']);
    expect(stdout).toMatch(/^npm run simulate -- /);
    expect(status).toBe(0);
  },
  30_000,
);

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

it.each([
  [['--seed', 'x'], '--seed x: must be a number, 0 or more'],
  [['--devices', '0'], '--devices 0: must be a number, 1 or more'],
  [['--fault-every', '0'], '--fault-every 0: must be a number, 0.1 or more'],
  [['--wrong'], "Unknown option '--wrong'"],
])(
  'refuses %j in words, with how it is called',
  (args, words) => {
    const { status, stderr } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' });
    expect(stderr).toContain(words);
    expect(stderr).toContain('npm run simulate -- [--seed N]');
    expect(status).toBe(2);
  },
  30_000,
);

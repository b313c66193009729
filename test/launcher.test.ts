import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileCache } from './cluster/compile-cache.ts';
import { eventually } from './cluster/eventually.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { familyOf, isGone } from './cluster/processes.ts';

const root = join(import.meta.dirname, '..');

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** True for a process of npm or npx; npm names its process after the command that it runs. */
const isNpm = (pid: number) => /^(?:npm|npx) /.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));

it.each([
  ['npm start', 'exec npm start'],
  ['npm start, run by a shell', 'npm start; true'],
  ['npx', 'exec npx pushfleet dev'],
  ['npx, run by a shell', 'npx pushfleet dev; true'],
])('a cluster ends well when npm alone is killed: %s', async (_, script) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-launcher-'));
  const [assign, admin, rest] = await findFreePorts(3);
  const ports = {
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
  };
  const env = { PATH: process.env.PATH, HOME: stateDir, PUSHFLEET_STATE_DIR: stateDir, ...ports, ...compileCache() };
  const shell = spawn('sh', ['-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  let family: number[] = [];
  try {
    await eventually('the cluster is up', () => {
      family = familyOf(shell.pid as number);
      return output.includes('Ctrl-C ends it all');
    });
    const npm = family.find(isNpm) as number;
    // The balancer, three push servers with two workers each, the devices, and who started them.
    expect(family.length).toBeGreaterThanOrEqual(12);
    process.kill(npm, 'SIGKILL');
    await eventually('everything has ended', () => family.every(isGone), 20_000);
    await eventually('it has said so', () => output.includes('Stopped.'));
  } catch (error) {
    throw new Error(output, { cause: error });
  } finally {
    for (const pid of family) endNow(pid);
    await rm(stateDir, { recursive: true, force: true });
  }
});

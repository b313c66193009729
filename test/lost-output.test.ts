import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStateDirectory } from 'pushfleet';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { binary } from './cluster/tools.ts';

/** A disk without room; on systems that have it. */
const fullDisk = '/dev/full';

let environment: Record<string, string>;
let healthz: string;

beforeEach(async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-output-'));
  await createStateDirectory({ path: stateDir });
  const [assign, admin, rest] = await findFreePorts(3);
  healthz = `http://127.0.0.1:${rest}/healthz`;
  environment = {
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_BIND: '127.0.0.1',
    PUSHFLEET_LOG_LEVEL: 'trace',
  };
});

afterEach(() => rm(environment.PUSHFLEET_STATE_DIR as string, { recursive: true, force: true }));

function start(args: string[], output: number | 'pipe'): ChildProcess {
  return spawn(process.execPath, [binary, ...args], { env: environment, stdio: ['ignore', output, 'pipe'] });
}

async function statusOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function servesAndStops(balancer: ChildProcess): Promise<void> {
  try {
    await eventually('it serves', async () => (await fetch(healthz)).status === 200);
    balancer.kill('SIGTERM');
    expect(await statusOf(balancer)).toBe(0);
  } finally {
    balancer.kill('SIGKILL');
  }
}

it('a server does its work though its log is on a full disk', async () => {
  await servesAndStops(start(['balancer'], openSync(fullDisk, 'w')));
});

it('a server does its work though nobody reads its log any more', async () => {
  const balancer = start(['balancer'], 'pipe');
  balancer.stdout?.destroy();
  await servesAndStops(balancer);
});

it('the demo devices stay though their log is on a full disk', async () => {
  const balancer = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  await mkdir(join(environment.PUSHFLEET_STATE_DIR as string, 'devices'));
  await writeFile(join(environment.PUSHFLEET_STATE_DIR as string, 'devices/demo-01.secret'), 'a secret for tests');
  const url = `https://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
  const fleet = start(['demo-fleet', '--balancer', url], openSync(fullDisk, 'w'));
  try {
    // It says what it does before and after each of them.
    for (let attempts = 0; attempts < 2; attempts += 1) {
      const [reason] = await Promise.race([once(balancer, 'connection').then(() => ['asked']), once(fleet, 'exit')]);
      expect(reason).toBe('asked');
    }
    fleet.kill('SIGTERM');
    expect(await statusOf(fleet)).toBe(0);
  } finally {
    fleet.kill('SIGKILL');
    balancer.close();
  }
});

it('a command that cannot write says so', async () => {
  const init = start(['init'], openSync(fullDisk, 'w'));
  let errors = '';
  init.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  await once(init, 'close');
  expect(init.exitCode).toBe(1);
  expect(errors).toBe('pushfleet: cannot write to standard output (ENOSPC)\n');
});

// Which files a command passes through in the balancer and in the worker: what ran for it, less what runs anyway.
//   npm run command-path -w benchmarks
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, TestCluster } from '@pushfleet/test/cluster';

const directory = mkdtempSync(join(tmpdir(), 'pushfleet-coverage-'));
const preload = join(import.meta.dirname, 'coverage-preload.mjs');
const quietMs = 3_000;

await using cluster = await TestCluster.create({
  environment: {
    ...{ PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_COVERAGE_DIR: directory },
    NODE_OPTIONS: `--import ${preload}`,
  },
});
await cluster.devices.connect(1, 'traced', { link: 'grpc' });
const [worker] = (await cluster.nodes()).flatMap(({ workers }) => workers);
const pids = [cluster.balancers[0]?.pid as number, worker?.pid as number];

/** A function that ran, and the file that it is in. */
type Ran = [file: string, name: string];

function linesOf(pid: number): Ran[][] {
  try {
    const text = readFileSync(join(directory, `${pid}.jsonl`), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** The functions that ran in both processes since the last call of this. */
async function takeRan(): Promise<Ran[]> {
  const before = pids.map((pid) => linesOf(pid).length);
  for (const pid of pids) process.kill(pid, 'SIGUSR2');
  await eventually('both have told', () => pids.every((pid, index) => linesOf(pid).length > (before[index] ?? 0)));
  return pids.flatMap((pid) => linesOf(pid).at(-1) ?? []);
}

async function trace(name: string, act: () => Promise<unknown>): Promise<void> {
  await act();
  await takeRan();
  await sleep(quietMs);
  const idle = new Set((await takeRan()).map(String));
  await act();
  const ran = (await takeRan()).filter((one) => !idle.has(String(one)));
  const files = [...new Set(ran.map(([file]) => file))].filter((file) => !file.startsWith('protocol/'));
  console.log(`${name}: ${files.length} files\n  ${files.sort().join('\n  ')}`);
}

const forceSync = { forceSync: {} };
await trace('a direct push', () => cluster.admin.commands.push({ deviceId: 'traced-0', operation: forceSync }));
await trace('a durable command', () =>
  cluster.admin.commands.push({ deviceId: 'traced-0', operation: forceSync, ttlMs: 60_000 }),
);
await trace('a group push', async () => {
  const { groupPushId = '' } = await cluster.admin.groupPushes.start({ group: 'Test', operation: forceSync });
  for await (const push of cluster.admin.groupPushes.watch(groupPushId))
    if (push.state === 'GROUP_PUSH_STATE_DONE') break;
});

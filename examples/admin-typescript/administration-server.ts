// An Administration Server in one file: forces the synchronization of a group, also of devices that are away, runs a task
// on one device, reads its statistics, and shows meanwhile what happens in the cluster. Beside `npm start`:
//
//   node examples/admin-typescript/administration-server.ts --group Demo --device demo-01
//
// Needs Node.js ≥ 22.18. It ends with status 0 if all that was reached did what it was told, and with 2 if not.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type AdminClient, type admin, createAdminClient, outcomeName } from '@pushfleet/admin-sdk';

const hourMs = 3_600_000;
/** How long nothing must change until what is queued is taken to wait for devices that are away. */
const stillMs = 2_000;

const { values } = parseArgs({
  options: {
    address: { type: 'string', default: '127.0.0.1:13299' },
    ca: { type: 'string', default: '.pushfleet/ca.crt' },
    'token-file': { type: 'string', default: '.pushfleet/admin-token' },
    group: { type: 'string', default: 'Demo' },
    device: { type: 'string', default: 'demo-01' },
    task: { type: 'string', default: 'inventory' },
    application: { type: 'string', default: 'antivirus' },
  },
});

/** One after the other; every step that a device did not do as it was told counts as a failure. */
async function main(client: AdminClient): Promise<number> {
  const stop = new AbortController();
  const events = showEvents(client, stop.signal);
  let failures = 0;
  try {
    failures += await syncGroup(client, values.group);
    failures += await runTask(client, values.device, values.task);
    failures += await readStatistics(client, values.device, values.application);
  } finally {
    stop.abort();
    await events;
  }
  return failures;
}

/** Prints events of the cluster until the signal fires. The watch goes on by itself when a balancer is away. */
async function showEvents(client: AdminClient, signal: AbortSignal): Promise<void> {
  try {
    for await (const { kind, deviceId, nodeId, reason } of client.events.watch({}, { signal })) {
      console.log('event:', kind, deviceId, nodeId, reason);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** With a time to live, devices that are away keep the command in their queue: QUEUED is no failure. */
async function syncGroup(client: AdminClient, group: string): Promise<number> {
  const { groupPushId } = await client.groupPushes.start({
    group,
    operation: { forceSync: { reason: 'the policy changed' } },
    delivery: { ttlMs: hourMs },
    pace: { commandsPerSecond: 500, abortFailedPercent: 50 },
  });
  await watchGroup(client, group, groupPushId);
  let failed = 0;
  for await (const { deviceId, outcome, reason } of client.groupPushes.outcomes({ groupPushId })) {
    if (outcome === 'OUTCOME_SUCCEEDED' || outcome === 'OUTCOME_QUEUED') continue;
    failed += 1;
    console.error(`sync of ${deviceId}: ${outcomeName(outcome)} ${reason}`);
  }
  return failed;
}

/** Until all have ended, or nothing has changed for a while and the rest is queued for devices that are away. */
async function watchGroup(client: AdminClient, group: string, groupPushId: string): Promise<void> {
  const enough = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    for await (const now of client.groupPushes.watch(groupPushId, { signal: enough.signal })) {
      const counts = now.counts.map(({ outcome, devices }) => `${devices} ${outcomeName(outcome)}`);
      console.log(`sync of ${group}: ${now.devices} devices, ${counts.join(', ')}`);
      clearTimeout(timer);
      if (isOut(now)) timer = setTimeout(() => enough.abort(), stillMs);
    }
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Every device has its command, or will find it on its return. */
function isOut({ allFound, devices, counts }: admin.GroupPush): boolean {
  const unfinished = ['OUTCOME_ROUTED', 'OUTCOME_DELIVERED', 'OUTCOME_RUNNING'];
  const sent = counts.reduce((sum, count) => sum + count.devices, 0);
  return allFound && sent === devices && !counts.some(({ outcome }) => unfinished.includes(outcome));
}

/** The task goes on when this program, the balancer or the link of the device breaks: the command is durable. */
async function runTask(client: AdminClient, deviceId: string, taskId: string): Promise<number> {
  const { commandId } = await client.commands.push({
    deviceId,
    operation: { runTask: { taskId, parameters: { depth: 'full' } } },
    ttlMs: 60_000,
    wait: 'WAIT_ACCEPTED',
  });
  let last = 'OUTCOME_UNSPECIFIED';
  for await (const { status } of client.commands.watch({ deviceId, commandId })) {
    last = status?.outcome ?? last;
    const progress = status?.progress ? `${status.progress.percent} % ${status.progress.message}` : '';
    console.log(`task ${taskId} on ${deviceId}: ${last} ${progress} ${status?.reason ?? ''}`.trimEnd());
    if (status?.output.length) console.log(`task ${taskId} on ${deviceId}: its output is ${status.output}`);
  }
  return last === 'OUTCOME_SUCCEEDED' ? 0 : 1;
}

async function readStatistics(client: AdminClient, deviceId: string, applicationId: string): Promise<number> {
  const { status } = await client.commands.push({ deviceId, operation: { getStatistics: { applicationId } } });
  console.log(`statistics of ${deviceId}:`, status?.outcome, { ...status?.statistics?.counters });
  return status?.outcome === 'OUTCOME_SUCCEEDED' ? 0 : 1;
}

using client = createAdminClient({
  address: values.address,
  ca: readFileSync(values.ca),
  token: readFileSync(values['token-file'], 'utf8').split('\n', 1).join().trim(),
});
process.exitCode = (await main(client)) > 0 ? 2 : 0;

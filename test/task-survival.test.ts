import { describe, expect, it } from 'vitest';
import { closes } from './cluster/device-statuses.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const finishWithinMs = 60_000;
const tasks = ['ends-without-link', 'ends-over-next-link'] as const;
type Task = (typeof tasks)[number];

/** Lets the test say when the tasks of all devices end; they note which ran. */
function holdTasks(devices: readonly TestDevice[]) {
  const held = Object.fromEntries(tasks.map((task) => [task, Promise.withResolvers<void>()])) as Record<
    Task,
    PromiseWithResolvers<void>
  >;
  const runs: string[] = [];
  for (const { id, device } of devices) {
    device.handle('runTask', async ({ taskId }, { commandId, progress }) => {
      runs.push(commandId);
      progress({ percent: 50, message: 'half way' });
      await held[taskId as Task].promise;
      return { output: `${id} has done it` };
    });
  }
  return { held, runs };
}

/** Every worker dies, and with it the links that it holds. */
async function killWorkers(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  const workers = (await cluster.nodes()).flatMap((node) => node.workers);
  // The first one may be back before this process hears of the last one.
  const lost = devices.map(({ device }) => closes(device));
  for (const { pid } of workers) process.kill(pid, 'SIGKILL');
  await Promise.all(lost);
}

/** Others introduce themselves as the devices, which stop then, but not what they run. */
async function takeOver(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  const others = devices.map(({ id }) => cluster.devices.create(id).device);
  for (const other of others) other.start();
  await eventually('every device has stopped', () =>
    devices.every((one) => one.device.currentStatus.kind === 'stopped'),
  );
  await Promise.all(others.map((other) => other.stop()));
}

describe.each(['embedded', 'redis'] as const)('tasks whose link breaks, on the %s registry', (registry) => {
  it.each([
    // gRPC and MQTT 5: one of MQTT 3.1.1 is not told that another has taken over.
    { kind: 'direct', how: 'taken over', ttlMs: 0, count: 2, breakLinks: takeOver },
    { kind: 'direct', how: 'lost with its worker', ttlMs: 0, count: 3, breakLinks: killWorkers },
    { kind: 'durable', how: 'lost with its worker', ttlMs: 600_000, count: 3, breakLinks: killWorkers },
  ])('end as they really do, over the next link: $kind, the old one was $how', async ({ ttlMs, count, breakLinks }) => {
    await using cluster = await TestCluster.create({ pushServers: 2, registry });
    const { admin } = cluster;
    const devices = await cluster.devices.connect(count);
    const { held, runs } = holdTasks(devices);
    const begun = await Promise.all(
      devices.flatMap(({ id }) =>
        tasks.map(async (taskId) => {
          const operation = { runTask: { taskId, parameters: {} } };
          const { commandId } = await admin.commands.push({
            ...{ deviceId: id, operation, ttlMs, finishWithinMs: ttlMs || finishWithinMs, wait: 'WAIT_ACCEPTED' },
          });
          for await (const { status } of admin.commands.watch({ deviceId: id, commandId })) if (status?.progress) break;
          return { id, commandId };
        }),
      ),
    );

    await breakLinks(cluster, devices);
    held['ends-without-link'].resolve();
    for (const { device } of devices) device.start();
    await Promise.all(devices.map(({ device }) => device.connected(AbortSignal.timeout(40_000))));
    held['ends-over-next-link'].resolve();

    const outcomes = begun.map(async ({ id, commandId }) => {
      let last = '';
      for await (const { status } of admin.commands.watch({ deviceId: id, commandId }))
        last = `${status?.outcome}: ${status?.output}`;
      return last;
    });
    const expected = begun.map(({ id }) => `OUTCOME_SUCCEEDED: ${id} has done it`);
    expect(await Promise.all(outcomes)).toEqual(expected);
    expect(runs.toSorted()).toEqual(begun.map(({ commandId }) => commandId).toSorted());
  });
});

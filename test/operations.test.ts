import type { LinkKind } from '@pushfleet/device-sdk';
import { type admin, type common, limits } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const links = ['grpc', 'mqtt', 'mqtt3'] as const satisfies LinkKind[];

describe.each([
  ['direct', 0],
  ['durable', 3_600_000],
])('every operation of a device, %s', (_, ttlMs) => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.create();
    const devices = await cluster.devices.connect(links.length, 'does');
    for (const { device } of devices) {
      device.handle('runTask', async ({ taskId, parameters }, { signal, progress }) => {
        progress({ percent: 50, message: `at ${parameters.path}` });
        if (taskId === 'short') return { output: 'nothing found' };
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      });
      let files = 0;
      device.handle('getStatistics', () => {
        files += 1;
        return { files, threats: 0 };
      });
      device.handle('custom', ({ payload }) => ({ output: payload }));
    }
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const idOf = (link: LinkKind) => `does-${links.indexOf(link)}`;

  async function push(link: LinkKind, operation: common.OperationInit, more: Partial<admin.PushRequestInit> = {}) {
    const { commandId, status } = await cluster.admin.commands.push({
      deviceId: idOf(link),
      operation,
      ttlMs,
      ...more,
    });
    return { commandId, ...(status as common.CommandStatus) };
  }

  async function now(link: LinkKind, commandId: string): Promise<common.CommandStatus> {
    return (await cluster.admin.commands.get({ deviceId: idOf(link), commandId })).status as common.CommandStatus;
  }

  const running = { taskId: 'long', parameters: { path: '/' } };

  it.each(links)('over %s: forces a synchronization', async (link) => {
    expect((await push(link, { forceSync: { reason: 'policy' } })).outcome).toBe('OUTCOME_SUCCEEDED');
  });

  it.each(links)('over %s: runs a task, with progress and its result', async (link) => {
    const { commandId } = await push(link, { runTask: running }, { wait: 'WAIT_ACCEPTED' });
    await eventually('it says how far it has come', async () => {
      const { outcome, progress } = await now(link, commandId);
      return outcome === 'OUTCOME_RUNNING' && progress?.percent === 50 && progress.message === 'at /';
    });
    await cluster.admin.commands.cancel({ deviceId: idOf(link), commandId });
    await eventually('it is given up', async () => (await now(link, commandId)).outcome === 'OUTCOME_CANCELLED');
    const short = await push(link, { runTask: { taskId: 'short', parameters: {} } });
    expect([short.outcome, String(short.output)]).toEqual(['OUTCOME_SUCCEEDED', 'nothing found']);
  });

  it.each(links)(
    'over %s: stops a task, says so of one that has ended, and declines one that never was',
    async (link) => {
      const task = await push(link, { runTask: { ...running, taskId: 'stopped' } }, { wait: 'WAIT_DELIVERED' });
      const stop = { stopTask: { taskId: 'stopped' } };
      expect(await push(link, stop)).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', alreadyEnded: false });
      await eventually('the task’s command ends', async () => {
        return (await now(link, task.commandId)).outcome === 'OUTCOME_CANCELLED';
      });
      expect(await push(link, stop)).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', alreadyEnded: true });
      expect((await push(link, { stopTask: { taskId: 'never' } })).outcome).toBe('OUTCOME_REJECTED');
    },
  );

  it.each(links)('over %s: reads statistics, once, or periodically until it is cancelled', async (link) => {
    const once = await push(link, { getStatistics: { applicationId: 'av', counters: ['threats'] } });
    expect(once).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', statistics: { counters: { threats: 0 } } });
    const periodic = { getStatistics: { applicationId: 'av', intervalMs: 100 } };
    const { commandId } = await push(link, periodic, { wait: 'WAIT_ACCEPTED', finishWithinMs: ttlMs || 60_000 });
    const seen = new Set<number | undefined>();
    for await (const { status } of cluster.admin.commands.watch({ deviceId: idOf(link), commandId })) {
      if (status?.outcome === 'OUTCOME_RUNNING' && status.statistics) seen.add(status.statistics.counters.files);
      if (seen.size === 3) await cluster.admin.commands.cancel({ deviceId: idOf(link), commandId });
    }
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect((await now(link, commandId)).outcome).toBe('OUTCOME_CANCELLED');
  });

  it.each(links)(
    'over %s: carries a custom payload of 1 MiB there and back, and refuses a larger one',
    async (link) => {
      const payload = Buffer.alloc(limits.payloadBytes, 'x');
      const echoed = await push(link, { custom: { name: 'echo', payload } }, { finishWithinMs: ttlMs || 60_000 });
      expect(echoed.outcome, echoed.reason).toBe('OUTCOME_SUCCEEDED');
      expect(payload.equals(echoed.output)).toBe(true);
      const larger = push(link, { custom: { name: 'echo', payload: Buffer.concat([payload, Buffer.from('y')]) } });
      await expect(larger).rejects.toMatchObject({
        code: 'PAYLOAD_TOO_LARGE',
        field: 'operation.custom.payload',
        message: expect.stringContaining('1048576'),
      });
    },
  );

  it('refuses to open a tunnel this way, and says which way', async () => {
    const openTunnel = { target: '127.0.0.1:22' };
    await expect(push('grpc', { openTunnel })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('TunnelService.Open'),
    });
  });
});

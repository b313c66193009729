import { CommandFailed, CommandRejected, type LinkKind } from '@pushfleet/device-sdk';
import type { admin, common } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { connectMute, unconfirmedWindow } from './cluster/mute-device.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const registries = ['embedded', 'redis'] as const;
const links = ['grpc', 'mqtt', 'mqtt3'] as const satisfies LinkKind[];
const hour = 3_600_000;
/** A command that can be sent is sent within this time, also on a busy machine. */
const sentWithinMs = 5_000;

/** Devices that do what the name of a custom operation says, or wait until they are told to give up. */
function behave({ device }: TestDevice): void {
  device.handle('custom', async ({ name, payload }, { signal, progress }) => {
    switch (name) {
      case 'echo':
        return { output: payload };
      case 'fail':
        throw new CommandFailed('disk full');
      case 'reject':
        throw new CommandRejected('not now');
      case 'run':
        progress({ percent: 40, message: 'on it' });
        return aborted(signal);
      default:
        return aborted(signal);
    }
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

const custom = (name: string) => ({ custom: { name, payload: Buffer.from('word') } });

describe.each(registries)('every outcome, on the %s registry', (registry) => {
  let cluster: TestCluster;
  let devices: Record<LinkKind, TestDevice>;

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2, registry });
    const made = await cluster.devices.connect(3, 'outcome');
    for (const one of made) behave(one);
    devices = Object.fromEntries(links.map((link, index) => [link, made[index]])) as Record<LinkKind, TestDevice>;
    await cluster.devices.register('away');
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const push = async (request: admin.PushRequestInit) => {
    const answer = await cluster.admin.commands.push({ finishWithinMs: request.ttlMs ? 2 * hour : 20_000, ...request });
    return { ...answer, outcome: answer.status?.outcome as common.Outcome, reason: answer.status?.reason ?? '' };
  };

  /** Every outcome that a command goes through, from now on. */
  async function climb(deviceId: string, commandId: string, onStatus: (status: common.CommandStatus) => void) {
    const steps: common.Outcome[] = [];
    for await (const { status } of cluster.admin.commands.watch({ deviceId, commandId })) {
      if (!status) continue;
      if (steps.at(-1) !== status.outcome) steps.push(status.outcome);
      onStatus(status);
    }
    return steps;
  }

  describe.each([
    ['direct', 0],
    ['durable', hour],
  ])('%s commands', (_, ttlMs) => {
    it.each(links)('over %s: SUCCEEDED with output, FAILED and REJECTED with the device’s reason', async (link) => {
      const deviceId = devices[link].id;
      const succeeded = await push({ deviceId, ttlMs, operation: custom('echo') });
      expect([succeeded.outcome, String(succeeded.status?.output)]).toEqual(['OUTCOME_SUCCEEDED', 'word']);
      expect(await push({ deviceId, ttlMs, operation: custom('fail') })).toMatchObject({
        outcome: 'OUTCOME_FAILED',
        reason: 'disk full',
      });
      expect(await push({ deviceId, ttlMs, operation: custom('reject') })).toMatchObject({
        outcome: 'OUTCOME_REJECTED',
        reason: 'not now',
      });
    });

    it.each(links)(
      'over %s: ROUTED or further when accepted, DELIVERED, RUNNING with progress, CANCELLED',
      async (link) => {
        const deviceId = devices[link].id;
        const accepted = await push({ deviceId, ttlMs, operation: custom('wait'), wait: 'WAIT_ACCEPTED' });
        expect(['OUTCOME_ROUTED', 'OUTCOME_DELIVERED']).toContain(accepted.outcome);
        const delivered = await push({ deviceId, ttlMs, operation: custom('wait'), wait: 'WAIT_DELIVERED' });
        expect(delivered.outcome).toBe('OUTCOME_DELIVERED');
        const { commandId } = await push({ deviceId, ttlMs, operation: custom('run'), wait: 'WAIT_ACCEPTED' });
        const steps = await climb(deviceId, commandId, ({ outcome, progress, cancelRequested }) => {
          if (outcome !== 'OUTCOME_RUNNING' || cancelRequested) return;
          expect(progress).toEqual({ percent: 40, message: 'on it' });
          void cluster.admin.commands.cancel({ deviceId, commandId, reason: 'enough' });
        });
        expect(steps.slice(-2)).toEqual(['OUTCOME_RUNNING', 'OUTCOME_CANCELLED']);
        for (const open of [accepted, delivered]) {
          const asked = await cluster.admin.commands.cancel({ deviceId, commandId: open.commandId });
          expect(asked.status).toMatchObject({ cancelRequested: true });
          expect((await climb(deviceId, open.commandId, () => undefined)).at(-1)).toBe('OUTCOME_CANCELLED');
        }
      },
    );

    it.each(['grpc', 'mqtt'] as const)(
      'over %s: what was not declared is REJECTED without the device',
      async (link) => {
        const { id, seen } = devices[link];
        const before = seen.length;
        const operation = { getStatistics: { applicationId: 'undeclared' } };
        const undeclared = cluster.devices.create(`narrow-${link}-${ttlMs}`, { link });
        await cluster.devices.register(undeclared.id);
        undeclared.device.withdraw('getStatistics');
        undeclared.device.start();
        await undeclared.device.connected(AbortSignal.timeout(40_000));
        const refused = await push({ deviceId: undeclared.id, ttlMs, operation });
        expect(refused.outcome).toBe('OUTCOME_REJECTED');
        expect(refused.reason).toMatch(/^unsupported/);
        expect(undeclared.seen).toEqual([]);
        expect(devices[link].seen.length, id).toBe(before);
      },
    );
  });

  it.each(links)(
    'over %s: EXPIRED where there was no room on the link in time, OUTCOME_UNKNOWN on it',
    async (link) => {
      const deviceId = `mute-${link}`;
      using _ = await connectMute(cluster, deviceId, link);
      const operation = custom('echo');
      const onLink = await Promise.all(
        Array.from({ length: unconfirmedWindow[link] }, () =>
          push({ deviceId, operation, deliverWithinMs: sentWithinMs, wait: 'WAIT_ACCEPTED' }),
        ),
      );
      expect(new Set(onLink.map(({ outcome }) => outcome))).toEqual(new Set(['OUTCOME_ROUTED']));
      // On a busy machine the push server's word that it has not written one may come too late: then nobody knows, and that is said.
      await eventually('one that finds no room expires', async () => {
        const { outcome, reason } = await push({ deviceId, operation, deliverWithinMs: 1_000 });
        return outcome === 'OUTCOME_EXPIRED' && reason.includes('while the command waited for the link');
      });
      for (const { commandId } of onLink) {
        expect((await climb(deviceId, commandId, () => undefined)).at(-1)).toBe('OUTCOME_UNKNOWN');
      }
    },
  );

  it.each(links)('over %s: a durable command without a result is OUTCOME_UNKNOWN by its deadline', async (link) => {
    const deviceId = `silent-${link}`;
    using _ = await connectMute(cluster, deviceId, link);
    const times = { ttlMs: sentWithinMs, finishWithinMs: sentWithinMs };
    const answer = await push({ deviceId, operation: custom('echo'), ...times });
    expect(answer).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', reason: expect.stringContaining('deadline') });
  });

  it('to a device that is away: NOT_CONNECTED', async () => {
    expect((await push({ deviceId: 'away', operation: custom('echo') })).outcome).toBe('OUTCOME_NOT_CONNECTED');
  });

  it('durable, to a device that is away: QUEUED, then EXPIRED, CANCELLED or SUPERSEDED', async () => {
    const queued = { deviceId: 'away', operation: { forceSync: {} }, ttlMs: hour, wait: 'WAIT_ACCEPTED' } as const;
    const first = await push(queued);
    expect(first.outcome).toBe('OUTCOME_QUEUED');
    const second = await push(queued);
    const superseded = await cluster.admin.commands.get({ deviceId: 'away', commandId: first.commandId });
    expect(superseded.status).toMatchObject({ outcome: 'OUTCOME_SUPERSEDED' });
    expect(superseded.status?.reason).toContain(second.commandId);
    const cancelled = await cluster.admin.commands.cancel({ deviceId: 'away', commandId: second.commandId });
    expect(cancelled.status?.outcome).toBe('OUTCOME_CANCELLED');
    const expired = await push({ deviceId: 'away', operation: custom('echo'), ttlMs: 300, finishWithinMs: 60_000 });
    expect(expired.outcome).toBe('OUTCOME_EXPIRED');
  });
});

import type { admin } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const hour = 3_600_000;
/** Longer than a busy machine lets anybody wait who asks for the outcome of what has just ended. */
const keptMs = 8_000;
const custom = (name: string) => ({ custom: { name, payload: Buffer.alloc(0) } });

describe.each(['embedded', 'redis'] as const)('durable commands on the %s registry', (registry) => {
  let cluster: TestCluster;

  beforeAll(async () => {
    const environment = { PUSHFLEET_QUEUE_COMMANDS: '6', PUSHFLEET_OUTCOMES_KEPT_MS: `${keptMs}` };
    cluster = await TestCluster.create({ pushServers: 2, balancers: 2, registry, environment });
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const queue = (deviceId: string, name: string, more: Partial<admin.PushRequestInit> = {}) =>
    cluster.admin.commands.push({ deviceId, operation: custom(name), ttlMs: hour, wait: 'WAIT_ACCEPTED', ...more });

  async function comeBack(id: string): Promise<string[]> {
    const device = cluster.devices.create(id);
    device.device.start();
    await device.device.connected(AbortSignal.timeout(40_000));
    await eventually('its queue is empty', async () => (await cluster.admin.commands.list(id)).length === 0);
    return device.seen.map(({ kind, custom: named }) => named?.name ?? kind ?? '');
  }

  it('and direct ones are counted in the overview of every balancer, whichever took them', async () => {
    const [device] = await cluster.devices.connect(1, 'counted');
    await cluster.devices.register('counted-away');
    const other = cluster.adminOf(1, await cluster.token).commands;
    const pushTo = (deviceId: string, name: string, more: Partial<admin.PushRequestInit>) =>
      other.push({ deviceId, operation: custom(name), wait: 'WAIT_FINISHED', ...more });
    const awaited = ['OUTCOME_CANCELLED', 'OUTCOME_NOT_CONNECTED', 'OUTCOME_SUCCEEDED'];
    const seen = new Set<string>();
    // What a balancer did before it was first asked for its counts makes no rate, so that they are pushed again.
    await eventually('all of them are counted', async () => {
      await pushTo('counted-away', 'direct', {});
      const { commandId } = await pushTo('counted-away', 'no', { ttlMs: hour, wait: 'WAIT_ACCEPTED' });
      await other.cancel({ deviceId: 'counted-away', commandId });
      await pushTo(device?.id as string, 'durable', { ttlMs: hour });
      const { commandsPerSecond } = await cluster.admin.overview.get();
      for (const outcome of Object.keys(commandsPerSecond)) seen.add(outcome);
      return awaited.every((outcome) => seen.has(outcome));
    });
  });

  it('wait for a device that is away, and come to it once, the urgent ones first', async () => {
    await cluster.devices.register('late');
    await queue('late', 'first');
    await queue('late', 'low', { priority: 'PRIORITY_LOW' });
    await queue('late', 'second');
    await queue('late', 'high', { priority: 'PRIORITY_HIGH' });
    const listed = await cluster.admin.commands.list('late');
    expect(listed.map(({ operation }) => operation?.custom?.name)).toEqual(['high', 'first', 'second', 'low']);
    expect(await comeBack('late')).toEqual(['high', 'first', 'second', 'low']);
  });

  it('are one where they have one collapse key: ten forced synchronizations are one', async () => {
    await cluster.devices.register('synced');
    for (let nth = 0; nth < 10; nth += 1) await queue('synced', '', { operation: { forceSync: { reason: `${nth}` } } });
    expect(await comeBack('synced')).toEqual(['forceSync']);
    await cluster.devices.register('keyed');
    await queue('keyed', 'old', { collapseKey: 'state' });
    await queue('keyed', 'other', { collapseKey: 'another' });
    await queue('keyed', 'new', { collapseKey: 'state' });
    expect(await comeBack('keyed')).toEqual(['other', 'new']);
  });

  it('are accepted once under one idempotency key, whichever balancer is asked', async () => {
    await cluster.devices.register('asked-twice');
    const other = cluster.adminOf(1, await cluster.token);
    const first = await queue('asked-twice', 'once', { idempotencyKey: 'order-7' });
    const again = await other.commands.push({
      ...{ deviceId: 'asked-twice', operation: custom('once'), ttlMs: hour },
      ...{ wait: 'WAIT_ACCEPTED', idempotencyKey: 'order-7' },
    });
    expect(again.commandId).toBe(first.commandId);
    expect(await comeBack('asked-twice')).toEqual(['once']);
    other.close();
  });

  it('are refused when the queue is full, unless they are more urgent: then the last one gives way', async () => {
    await cluster.devices.register('full');
    const queued = [];
    for (let nth = 0; nth < 6; nth += 1) queued.push(await queue('full', `${nth}`));
    await expect(queue('full', 'beyond')).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    await queue('full', 'urgent', { priority: 'PRIORITY_HIGH' });
    const last = await cluster.admin.commands.get({ deviceId: 'full', commandId: queued[5]?.commandId ?? '' });
    expect(last.status?.outcome).toBe('OUTCOME_SUPERSEDED');
    expect(await comeBack('full')).toEqual(['urgent', '0', '1', '2', '3', '4']);
  });

  it('that were cancelled while they waited are never sent, whichever balancer was asked', async () => {
    await cluster.devices.register('spared');
    const { commandId } = await queue('spared', 'mistake');
    await queue('spared', 'wanted');
    const other = cluster.adminOf(1, await cluster.token);
    expect((await other.commands.cancel({ deviceId: 'spared', commandId })).status?.outcome).toBe('OUTCOME_CANCELLED');
    expect(await comeBack('spared')).toEqual(['wanted']);
    other.close();
  });

  it('can be watched through a balancer that did not take them', async () => {
    await cluster.devices.register('watched');
    const { commandId } = await queue('watched', 'echo');
    const other = cluster.adminOf(1, await cluster.token);
    const outcomes: (string | undefined)[] = [];
    const watching = (async () => {
      for await (const { status } of other.commands.watch({ deviceId: 'watched', commandId }))
        outcomes.push(status?.outcome);
    })();
    await eventually('the watch has begun', () => outcomes.length > 0);
    await comeBack('watched');
    await watching;
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['OUTCOME_QUEUED', 'OUTCOME_SUCCEEDED']);
    other.close();
  });

  it('are forgotten some time after they have ended', async () => {
    const [device] = await cluster.devices.connect(1, 'remembered');
    const { commandId } = await cluster.admin.commands.push({
      ...{ deviceId: `${device?.id}`, operation: custom('echo'), ttlMs: hour },
    });
    expect((await cluster.admin.commands.get({ deviceId: `${device?.id}`, commandId })).status?.outcome).toBe(
      'OUTCOME_SUCCEEDED',
    );
    await eventually('it is forgotten', async () => {
      const failure = await cluster.admin.commands
        .get({ deviceId: `${device?.id}`, commandId })
        .catch((error: unknown) => error);
      return (failure as { code?: string }).code === 'COMMAND_NOT_FOUND';
    });
  });

  it('of a device that does not exist are refused', async () => {
    await expect(queue('nobody', 'echo')).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  it.each([
    ['ttl', { ttlMs: 2_592_000_001 }],
    ['deliver_within', { deliverWithinMs: 5 }],
    ['finish_within', { finishWithinMs: 5 }],
    ['collapse_key', { ttlMs: 0, collapseKey: 'x' }],
    ['idempotency_key', { idempotencyKey: 'x'.repeat(129) }],
  ])('say which field is wrong: %s', async (field, more) => {
    await cluster.devices.register('field');
    await expect(queue('field', 'echo', more)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field });
  });
});

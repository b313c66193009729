import type { admin } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const present = 48;
const away = 12;
const hour = 3_600_000;

describe.each(['embedded', 'redis'] as const)('group pushes on the %s registry', (registry) => {
  let cluster: TestCluster;
  let devices: TestDevice[];
  const absent = Array.from({ length: away }, (_, index) => `absent-${index}`);

  beforeAll(async () => {
    cluster = await TestCluster.create({ pushServers: 2, balancers: 2, registry });
    devices = await cluster.devices.connect(present);
    for (const id of absent) await cluster.devices.register(id);
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  const counted = ({ counts }: admin.GroupPush) =>
    Object.fromEntries(counts.map(({ outcome, devices: count }) => [outcome, count]));
  const custom = (name: string) => ({ custom: { name, payload: Buffer.alloc(0) } });
  /** How often each device ran the command of this name. */
  const runs = (all: readonly TestDevice[], name: string) =>
    all.map(({ seen }) => seen.filter((one) => one.custom?.name === name).length);
  const once = (count: number) => Array.from({ length: count }, () => 1);

  async function ended(client: TestCluster['admin'], id: string): Promise<admin.GroupPush> {
    let last: admin.GroupPush | undefined;
    for await (const now of client.groupPushes.watch(id)) last = now;
    return last as admin.GroupPush;
  }

  it('reach all that are there once, and tell the truth of the others', async () => {
    const { groupPushId } = await cluster.admin.groupPushes.start({ group: testGroup, operation: custom('direct') });
    const push = await ended(cluster.admin, groupPushId);
    expect(push).toMatchObject({ state: 'GROUP_PUSH_STATE_DONE', devices: present + away, allFound: true });
    expect(counted(push)).toEqual({ OUTCOME_SUCCEEDED: present, OUTCOME_NOT_CONNECTED: away });
    expect(runs(devices, 'direct')).toEqual(once(present));
  });

  it('go on at another balancer when theirs is killed, and run nothing twice; devices get theirs on their return', async () => {
    const other = cluster.adminOf(1, await cluster.token);
    const { groupPushId } = await cluster.admin.groupPushes.start({
      group: testGroup,
      operation: custom('durable'),
      delivery: { ttlMs: hour },
      pace: { commandsPerSecond: 10 },
    });
    await eventually('some have it', () => runs(devices, 'durable').filter((count) => count > 0).length > 5);
    await cluster.balancers[0]?.kill();
    expect(runs(devices, 'durable')).toContain(0);
    await eventually(
      'all that are there have run it, and it waits for the others',
      async () => {
        const counts = counted(await other.groupPushes.get(groupPushId));
        expect(counts).toEqual({ OUTCOME_SUCCEEDED: present, OUTCOME_QUEUED: away });
        return true;
      },
      40_000,
    );
    const returned = absent.map((id) => cluster.devices.create(id));
    for (const { device } of returned) device.start();
    const push = await ended(other, groupPushId);
    expect(push).toMatchObject({ state: 'GROUP_PUSH_STATE_DONE', devices: present + away });
    expect(counted(push)).toEqual({ OUTCOME_SUCCEEDED: present + away });
    expect(runs([...devices, ...returned], 'durable')).toEqual(once(present + away));
    other.close();
    cluster.startBalancer(0);
    await eventually('the killed balancer is back', () => cluster.admin.groups.list().then(() => true));
  });

  it('are left to another balancer by one that stops', async () => {
    const other = cluster.adminOf(1, await cluster.token);
    const { groupPushId } = await cluster.admin.groupPushes.start({
      group: testGroup,
      operation: custom('paced'),
      delivery: { ttlMs: hour },
      pace: { jitterWindowMs: 4_000 },
    });
    await eventually('some have it', () =>
      cluster.devices.all.some(({ seen }) => seen.at(-1)?.custom?.name === 'paced'),
    );
    await cluster.balancers[0]?.stop();
    const push = await ended(other, groupPushId);
    expect(counted(push)).toEqual({ OUTCOME_SUCCEEDED: present + away });
    expect(runs(cluster.devices.all, 'paced')).toEqual(once(present + away));
    other.close();
    cluster.startBalancer(0);
    await eventually('the stopped balancer is back', () => cluster.admin.groups.list().then(() => true));
  });
});

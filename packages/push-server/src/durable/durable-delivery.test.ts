import { type CommandId, durableCommandId, parseDeviceId, readCapabilities } from '@pushfleet/protocol';
import { describe, expect, it, vi } from 'vitest';
import { outboxLimits } from '../session/outbox.ts';
import { createDeliveryHarness, device } from './durable-delivery.fixture.ts';

const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

function handedOver(id: CommandId, channel: number) {
  const times = { deliverByMs: 60_000, finishByMs: 120_000 };
  return { id, operation, payloadBytes: 100, ...times, channel, redelivered: false, isSuspect: false };
}

describe('durable commands', { timeout: 30_000 }, () => {
  it('reach a device that was away, the most urgent first, and are written down before anybody is told', async () => {
    await using world = await createDeliveryHarness();
    await world.put('low', { priority: 'low' });
    await world.put('high', { priority: 'high' });
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 2);
    expect(link.seen()).toEqual(['command d-high', 'command d-low']);
    link.confirm('high');
    expect(world.reports()).toEqual([]);
    await vi.waitUntil(() => world.reports().length === 1);
    expect(world.reports()).toEqual(['delivered d-high to every']);
    expect(await world.find('high')).toMatchObject({ outcome: 'OUTCOME_DELIVERED' });

    link.succeed('high');
    expect(link.seen()).toHaveLength(2);
    await vi.waitUntil(() => link.seen().includes('result-received d-high'));
    expect(world.reports().at(-1)).toBe('result d-high to every');
    expect(await world.find('high')).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', output: Buffer.from('done') });
  });

  it('whose ends the registry has lost end again as they did, without another report', async () => {
    await using world = await createDeliveryHarness();
    const link = await world.connect();
    await world.put('now');
    world.links.push(device, handedOver(durableCommandId('now'), 3));
    link.confirm('now');
    await vi.waitUntil(async () => (await world.find('now'))?.outcome === 'OUTCOME_DELIVERED');
    const goBack = world.copyCommands();
    link.succeed('now');
    await vi.waitUntil(() => link.seen().includes('result-received d-now'));
    const reports = world.reports();
    goBack();
    expect(await world.find('now')).toMatchObject({ outcome: 'OUTCOME_DELIVERED' });
    world.delivery.repeatEnds();
    await world.delivery.flush();
    expect(await world.find('now')).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED', output: Buffer.from('done') });
    expect(world.reports()).toEqual(reports);
  });

  it('go out window by window until none is left', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(100)) await world.put(name);
    const link = await world.connect();
    const confirmed = new Set<string>();
    await vi.waitFor(() => {
      for (const name of names(100)) {
        if (!link.seen().includes(`command d-${name}`) || confirmed.has(name)) continue;
        confirmed.add(name);
        link.confirm(name);
      }
      expect(confirmed.size).toBe(100);
    });
    expect(link.seen()).toEqual(names(100).map((name) => `command d-${name}`));
    expect(world.commands.batches.length).toBeLessThan(50);
  });

  it('that a balancer hands over are reported to it', async () => {
    await using world = await createDeliveryHarness();
    const link = await world.connect();
    expect(await world.put('now')).toMatchObject({ kind: 'routed' });
    world.links.push(device, handedOver(durableCommandId('now'), 3));
    link.confirm('now');
    link.cancelled('now');
    await vi.waitUntil(() => world.reports().length === 1);
    expect(world.reports()).toEqual(['result d-now to 3']);
    expect(await world.find('now')).toMatchObject({ outcome: 'OUTCOME_CANCELLED', reason: 'asked to' });
  });

  it('are asked for again where the registry was away as the device came', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    world.commands.isAway = true;
    const link = await world.connect();
    await vi.waitUntil(() => world.commands.takes.all === 1 && world.commands.takes.now === 0);
    world.delivery.fetch(device);
    expect(world.commands.takes.all).toBe(1);
    world.commands.isAway = false;
    await world.tick();
    await vi.waitUntil(() => link.seen().length === 1);
  });

  it('are not asked for where the device is not here', async () => {
    await using world = await createDeliveryHarness();
    world.delivery.fetch(device);
    await world.tick();
    expect(world.commands.takes.all).toBe(0);
  });

  it('that the device has not declared are rejected without bothering it', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(40)) await world.put(name);
    const link = await world.connect({ capabilities: readCapabilities(['run_task']) });
    await vi.waitUntil(() => world.reports().length === 40);
    expect(link.seen()).toEqual([]);
    expect(await world.find('n39')).toMatchObject({
      outcome: 'OUTCOME_REJECTED',
      reason: 'unsupported: force_sync',
    });
  });

  it('that wait when the link ends are free at once, those on the wire come again', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(5)) await world.put(name);
    const first = await world.connect({ window: 2 });
    await vi.waitUntil(() => first.seen().length === 2);
    first.end('serverShuttingDown');
    await vi.waitUntil(() => world.commands.batches.length === 1);
    expect(world.commands.written).toEqual(['released d-n2', 'released d-n3', 'released d-n4']);
    expect(await world.find('n1')).toMatchObject({ outcome: 'OUTCOME_ROUTED' });
    expect(await world.find('n2')).toMatchObject({ outcome: 'OUTCOME_QUEUED' });
    const second = await world.connect();
    await vi.waitUntil(() => second.seen().length === 5);
    expect(second.seen()).toEqual(['again d-n0', 'again d-n1', 'command d-n2', 'command d-n3', 'command d-n4']);
  });

  it('that wait are given back before a worker that drains is gone, unless the registry is away', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(5)) await world.put(name);
    const link = await world.connect({ window: 2 });
    await vi.waitUntil(() => link.seen().length === 2);
    world.commands.isAway = true;
    link.succeed('n0');
    await world.delivery.flush();
    expect(world.commands.written).toEqual([]);
    world.commands.isAway = false;
    await world.tick();
    world.links.closeAll('serverShuttingDown');
    await world.delivery.flush();
    expect(await world.find('n0')).toMatchObject({ outcome: 'OUTCOME_SUCCEEDED' });
    expect(await world.find('n4')).toMatchObject({ outcome: 'OUTCOME_QUEUED' });
  });

  it('that are taken for a session which has ended meanwhile are given back', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const held = Promise.withResolvers<void>();
    world.commands.held = held.promise;
    const link = await world.connect();
    await vi.waitFor(async () => expect(await world.find('one')).toMatchObject({ outcome: 'OUTCOME_ROUTED' }));
    link.lose();
    held.resolve();
    await vi.waitFor(async () => expect(await world.find('one')).toMatchObject({ outcome: 'OUTCOME_QUEUED' }));
    expect(link.seen()).toEqual([]);
  });

  it('wait for room where the queue of the link is full', async () => {
    await using world = await createDeliveryHarness();
    const link = await world.connect({ window: 1 });
    for (let index = 0; index <= outboxLimits.commands; index += 1) {
      world.links.push(device, handedOver(`c${index}` as CommandId, 1));
    }
    await world.put('late');
    world.links.push(device, handedOver(durableCommandId('late'), 1));
    await vi.waitUntil(() => world.reports().includes('unsent d-late to 1'));
    expect(await world.find('late')).toMatchObject({ outcome: 'OUTCOME_QUEUED' });
    await world.tick();
    await vi.waitUntil(() => world.commands.takes.all > 0 && world.commands.takes.now === 0);
    expect(link.seen()).not.toContain('command d-late');
    for (let index = 0; index <= outboxLimits.commands; index += 1) link.confirmDirect(`c${index}`);
    await vi.waitUntil(() => world.commands.written.length === 2);
    await world.tick();
    await vi.waitUntil(() => link.seen().includes('command d-late'));
    expect(world.commands.takes.all).toBe(2);
  });

  it('that are withdrawn are only withdrawn from a device that may have them', async () => {
    await using world = await createDeliveryHarness();
    await world.put('old');
    const first = await world.connect();
    await vi.waitUntil(() => first.seen().length === 1);
    expect(await world.registry.commands.cancel(device, durableCommandId('old'), 'why')).toMatchObject({
      kind: 'asked',
    });
    first.lose();
    const second = await world.connect();
    await vi.waitUntil(() => second.seen().length === 1);
    expect(second.seen()).toEqual(['cancel d-old']);
  });

  it('are taken for many devices at once, but not for all', async () => {
    await using world = await createDeliveryHarness();
    const devices = Array.from({ length: 200 }, (_, index) => parseDeviceId(`many-${index}`));
    for (const [index, id] of devices.entries()) await world.put(`m${index}`, { device: id });
    const links = await Promise.all(devices.map((id) => world.connect({}, id)));
    await vi.waitUntil(() => links.every((link) => link.seen().length === 1));
    expect(world.commands.takes.most).toBeGreaterThan(16);
    expect(world.commands.takes.most).toBeLessThanOrEqual(64);
    expect(world.commands.takes.all).toBe(200);
  });
});

describe('a result of a durable command', { timeout: 30_000 }, () => {
  it('that comes too late is acknowledged, and told to nobody', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 1);
    link.cancelled('one');
    await vi.waitUntil(() => world.reports().length === 1);
    link.succeed('one');
    await vi.waitUntil(() => link.seen().filter((seen) => seen === 'result-received d-one').length === 2);
    expect(world.reports()).toEqual(['result d-one to every']);
    expect(await world.find('one')).toMatchObject({ outcome: 'OUTCOME_CANCELLED' });
  });

  it('that nobody knows is acknowledged', async () => {
    await using world = await createDeliveryHarness();
    const link = await world.connect();
    link.succeed('never-heard-of');
    await vi.waitUntil(() => link.seen().includes('result-received d-never-heard-of'));
    expect(world.reports()).toEqual([]);
  });

  it('waits for a registry that is away, as does everybody who wants to know it', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 1);
    world.commands.isAway = true;
    link.confirm('one');
    link.running('one', 10);
    link.succeed('one');
    await world.tick();
    await world.tick();
    expect(world.reports()).toEqual([]);
    expect(link.seen()).toEqual(['command d-one']);
    world.commands.isAway = false;
    await world.tick();
    await vi.waitUntil(() => link.seen().includes('result-received d-one'));
    expect(world.commands.written).toEqual(['ended d-one']);
    expect(world.reports()).toEqual(['result d-one to every']);
  });

  it('is told once, also where the answer of the registry is lost', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 1);
    world.commands.lostAnswers = 1;
    link.succeed('one');
    await vi.waitUntil(() => world.commands.batches.length === 1);
    await world.tick();
    await vi.waitUntil(() => link.seen().includes('result-received d-one'));
    expect(world.commands.batches).toHaveLength(2);
    expect(world.reports()).toEqual(['result d-one to every']);
  });

  it('gets through although the registry cannot take another one', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(5)) await world.put(name);
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 5);
    world.commands.poison = durableCommandId('n2');
    for (const name of names(5)) link.succeed(name);
    await vi.waitUntil(() => world.reports().length === 4);
    expect(link.seen()).toContain('result-received d-n4');
    expect(link.seen()).not.toContain('result-received d-n2');
  });

  it('waits alone where the registry does not answer for some devices only', async () => {
    await using world = await createDeliveryHarness();
    for (const name of names(3)) await world.put(name);
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 3);
    world.commands.outOfReach.add(durableCommandId('n1'));
    for (const name of names(3)) link.succeed(name);
    await vi.waitUntil(() => world.reports().length === 2);
    expect(link.seen().slice(3)).toEqual(['result-received d-n0', 'result-received d-n2']);
    // Nobody tries again at once, and what others say is not kept waiting.
    await world.putAside('n3');
    world.delivery.fetch(device);
    await vi.waitUntil(() => link.seen().includes('command d-n3'));
    link.succeed('n3');
    await vi.waitUntil(() => link.seen().includes('result-received d-n3'));
    expect(world.reports()).not.toContain('result d-n1 to every');
    world.commands.outOfReach.clear();
    await world.tick();
    await vi.waitUntil(() => link.seen().includes('result-received d-n1'));
    expect(world.commands.written).toEqual(['ended d-n0', 'ended d-n2', 'ended d-n3', 'ended d-n1']);
    expect(world.reports().at(-1)).toBe('result d-n1 to every');
  });

  it('keeps its command from being sent again while it waits for the registry', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const first = await world.connect();
    await vi.waitUntil(() => first.seen().length === 1);
    world.commands.isAway = true;
    first.succeed('one');
    await world.clock.turn(100);
    first.lose();
    const second = await world.connect();
    await vi.waitUntil(() => world.commands.takes.all === 2 && world.commands.takes.now === 0);
    second.succeed('one');
    world.commands.isAway = false;
    world.delivery.fetch(device);
    await world.tick();
    await vi.waitUntil(() => second.seen().includes('result-received d-one'));
    expect(second.seen()).toEqual(['result-received d-one']);
  });
});

describe('progress of a durable command', { timeout: 30_000 }, () => {
  it('is written once a second, the latest', async () => {
    await using world = await createDeliveryHarness();
    await world.put('one');
    const link = await world.connect();
    await vi.waitUntil(() => link.seen().length === 1);
    link.running('one', 1);
    await vi.waitUntil(() => world.reports().length === 1);
    for (let percent = 2; percent <= 50; percent += 1) link.running('one', percent);
    await world.clock.turn(500);
    expect(await world.find('one')).toMatchObject({ outcome: 'OUTCOME_RUNNING', progress: { percent: 1 } });
    await world.tick();
    await vi.waitUntil(() => world.reports().length === 2);
    expect(await world.find('one')).toMatchObject({ progress: { percent: 50 } });
    link.running('one', 60);
    link.succeed('one');
    await vi.waitUntil(() => world.reports().length === 3);
    expect(world.commands.written).toEqual(['running d-one', 'running d-one', 'ended d-one']);
  });
});

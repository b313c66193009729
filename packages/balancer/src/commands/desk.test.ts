import { type CommandId, type common, type DeviceId, durableCommandId, type PushfleetError } from '@pushfleet/protocol';
import type { NewCommand } from '@pushfleet/registry';
import { Barrier, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { TestBalancer } from '../balancer.fixture.ts';
import { NodeDirectory } from '../node-directory.ts';
import { CommandCenter } from './command-center.ts';
import type { CommandRef, DirectFollower } from './push-desk.ts';

const operation: common.Operation = { kind: 'forceSync', forceSync: { reason: '' } };
const shared = { operation, deliverWithinMs: 5_000, finishWithinMs: 10_000 };

/** A desk of a balancer that has no other face, a worker, and devices whose links it holds; "away" has none. */
async function connect(devices: number, change = {}) {
  const test = await TestBalancer.start();
  const ids = Array.from({ length: devices }, (_, index) => `device-${index}` as DeviceId);
  await test.putFleet('HQ', 'dp-1', 'away', ...ids);
  const worker = await test.startWorker('dp-1');
  for (const id of ids) await worker.openSession(id);
  const { registry, certificates } = test;
  const directory = new NodeDirectory(registry, systemClock, silentLogger);
  const center = new CommandCenter({
    ...{
      registry,
      directory,
      cluster: certificates.cluster,
      clock: systemClock,
      attended: systemClock,
      logger: silentLogger,
    },
    barrier: new Barrier({ clock: systemClock, logger: silentLogger }),
    ...{ commandsInFlight: 1_000, queueCommands: 256, queueBytes: 4_194_304, outcomesKeptMs: 60_000, ...change },
  });
  await directory.start();
  await vi.waitFor(() => expect(worker.channels).toBe(2), 3_000);
  const stack = new AsyncDisposableStack();
  stack.use(test);
  stack.use(center);
  stack.use(directory);
  return { desk: center.desk, worker, ids, registry, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

class Notes implements DirectFollower {
  readonly statuses = new Map<string, string[]>();
  readonly refused = new Map<string, string>();

  onStatus({ device }: CommandRef, { outcome }: { outcome: string }): void {
    this.statuses.set(device, [...(this.statuses.get(device) ?? []), outcome]);
  }

  onRefused({ device }: CommandRef, { code }: PushfleetError): void {
    this.refused.set(device, code);
  }
}

const refs = (ids: readonly DeviceId[]) => ids.map((device) => ({ device, id: `of-${device}` as CommandId }));

describe('direct commands to many devices', () => {
  it('go to their worker in a chunk, and each is followed to its end', async () => {
    await using test = await connect(20);
    const notes = new Notes();
    test.desk.pushManyDirect(refs([...test.ids, 'away' as DeviceId]), shared, notes);
    await vi.waitFor(() => expect(notes.statuses.get('device-19')?.at(-1)).toBe('OUTCOME_SUCCEEDED'));
    expect(notes.statuses.get('device-0')).toEqual(['OUTCOME_ROUTED', 'OUTCOME_DELIVERED', 'OUTCOME_SUCCEEDED']);
    expect(notes.statuses.get('away')).toEqual(['OUTCOME_NOT_CONNECTED']);
    expect(test.worker.chunks).toHaveLength(1);
    expect(test.worker.chunks[0]?.targets).toHaveLength(20);
    expect(test.worker.chunks[0]?.deliverWithinMs).toBeGreaterThan(1_000);
  });

  it('are refused one by one beyond what may be under way', async () => {
    await using test = await connect(3, { commandsInFlight: 2 });
    test.worker.onPush = () => {};
    const notes = new Notes();
    test.desk.pushManyDirect(refs(test.ids), shared, notes);
    expect([...notes.refused]).toEqual([['device-2', 'OVERLOADED']]);
  });

  it('are refused beyond the 20,000 that may wait for their worker, and nothing of those is sent', async () => {
    await using test = await connect(1, { commandsInFlight: 30_000 });
    test.worker.onPush = () => {};
    const [device] = test.ids as [DeviceId];
    // Where its device is known by then, a command goes to its worker at once.
    await test.desk.pushDirect({ ...shared, deviceId: device, wait: 'accepted', durable: undefined }, 'c' as CommandId);
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    const refused: [string, string][] = [];
    const follower = {
      onStatus: () => {},
      onRefused: ({ id }: CommandRef, error: PushfleetError) => void refused.push([id, error.code]),
    };
    const many = Array.from({ length: 20_002 }, (_, nth) => ({ device, id: `c${nth}` as CommandId }));
    test.desk.pushManyDirect(many, shared, follower);
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(20_001), 20_000);
    expect(refused).toEqual([
      ['c20000', 'OVERLOADED'],
      ['c20001', 'OVERLOADED'],
    ]);
  });

  it('of a large payload do not make messages that are too large', async () => {
    await using test = await connect(12);
    const notes = new Notes();
    for (const [index, device] of test.ids.entries()) {
      const payload = Buffer.alloc(1_000_000, index);
      const large: common.Operation = { kind: 'custom', custom: { name: 'large', payload } };
      test.desk.pushManyDirect(refs([device]), { ...shared, operation: large }, notes);
    }
    await vi.waitFor(() => expect(notes.statuses.size).toBe(12));
    await vi.waitFor(() => expect(test.worker.chunks.length).toBe(12), 10_000);
    expect(test.worker.channels).toBe(2);
  }, 15_000);
});

describe('one direct command', () => {
  it('is answered with the push server that had it', async () => {
    await using test = await connect(1);
    const push = { ...shared, deviceId: 'device-0' as DeviceId, wait: 'finished', durable: undefined } as const;
    const answer = await test.desk.pushDirect(push, 'mine' as CommandId);
    expect(answer).toMatchObject({ id: 'mine', nodeId: 'dp-1', status: { outcome: 'OUTCOME_SUCCEEDED' } });
    expect(test.worker.received).toMatchObject([{ commandId: 'mine' }]);
  });

  it('rejects for a device that there is not', async () => {
    await using test = await connect(0);
    const push = { ...shared, deviceId: 'nobody' as DeviceId, wait: 'finished', durable: undefined } as const;
    await expect(test.desk.pushDirect(push, 'mine' as CommandId)).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  it('is cancelled by its id', async () => {
    await using test = await connect(1);
    test.worker.onPush = () => {};
    const [ref] = refs(test.ids) as [CommandRef];
    test.desk.pushManyDirect([ref], shared, new Notes());
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    expect(await test.desk.cancel(ref, 'enough')).toBe('asked');
    await vi.waitFor(() => expect(test.worker.cancels).toMatchObject([{ commandId: ref.id, reason: 'enough' }]));
    expect(await test.desk.cancel({ ...ref, id: 'other' as CommandId }, '')).toBe('unknown');
  });
});

describe('durable commands', () => {
  const command = (device: DeviceId, name: string): NewCommand => ({
    ...{ id: durableCommandId(name), device, operation, priority: 'normal', collapseKey: '', idempotencyKey: '' },
    fingerprint: '',
    ...{ ttlMs: 60_000, finishWithinMs: 90_000 },
  });

  it('are put together and followed to their end', async () => {
    await using test = await connect(2);
    const told: [string, string, string][] = [];
    const commands = [...test.ids, 'away' as DeviceId].map((device) => command(device, device));
    const puts = await test.desk.putMany(commands, ({ device }, { outcome }, nodeId) =>
      told.push([device, outcome, nodeId]),
    );
    expect(puts.map(({ kind }) => kind)).toEqual(['routed', 'routed', 'queued']);
    await vi.waitFor(() => expect(told).toHaveLength(4));
    expect(told).toContainEqual(['device-1', 'OUTCOME_SUCCEEDED', 'dp-1']);
    expect(await test.desk.putMany(commands.slice(2), () => {})).toMatchObject([{ kind: 'known' }]);
  });

  it('that another balancer put are followed from where they stand', async () => {
    await using test = await connect(0);
    const waiting = command('away' as DeviceId, 'waiting');
    const policy = { maxCommands: 10, maxBytes: 10_000, window: 32, keepEndedMs: 60_000 };
    await test.registry.commands.put(waiting, policy);
    const told: string[] = [];
    const unheard = vi.fn();
    test.desk.follow([waiting], (_ref, { outcome }) => told.push(outcome));
    test.desk.follow([waiting], unheard);
    test.desk.unfollow([waiting], unheard);
    await vi.waitFor(() => expect(told).toEqual(['OUTCOME_QUEUED']));
    expect(await test.desk.cancel(waiting, '')).toBe('cancelled');
    expect(told).toEqual(['OUTCOME_QUEUED', 'OUTCOME_CANCELLED']);
    expect(unheard).not.toHaveBeenCalled();
  });

  it('that the registry has lost end as unknown', async () => {
    await using test = await connect(0);
    const told = new Promise((resolve) => {
      test.desk.follow([command('away' as DeviceId, 'lost')], (_ref, status) => resolve(status));
    });
    expect(await told).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', reason: 'the registry has lost the command' });
  });
});

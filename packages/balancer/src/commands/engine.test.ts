import { type CommandId, type common, type DeviceId, durableCommandId, type PushfleetError } from '@pushfleet/protocol';
import type { NewCommand } from '@pushfleet/registry';
import { Barrier, createClusterNetwork, fixed, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { openAccess } from '../access/access.fixture.ts';
import { TestBalancer } from '../balancer.fixture.ts';
import { openGate } from '../certificates.fixture.ts';
import { NodeDirectory } from '../node-directory.ts';
import { CommandModule } from './command-module.ts';
import {
  AwaitedAnswer,
  type CommandEngine,
  type CommandListener,
  type CommandRef,
  type CommandTerms,
  hasReached,
  type Subscription,
} from './engine.ts';

const operation: common.Operation = { kind: 'forceSync', forceSync: { reason: '' } };
const shared = { operation, deliverWithinMs: 5_000, finishWithinMs: 10_000 };

/** The engine of a balancer that serves nothing else, a worker, and devices whose links it holds; "away" has none. */
async function connect(devices: number, change = {}) {
  const test = await TestBalancer.start();
  const ids = Array.from({ length: devices }, (_, index) => `device-${index}` as DeviceId);
  await test.putFleet('HQ', 'dp-1', 'away', ...ids);
  const worker = await test.startWorker('dp-1');
  for (const id of ids) await worker.openSession(id);
  const { registry, certificates } = test;
  const directory = new NodeDirectory(registry, systemClock, silentLogger);
  const commands = new CommandModule({
    ...{
      registry,
      directory,
      network: createClusterNetwork(fixed(certificates.cluster), openGate),
      clock: systemClock,
      attended: systemClock,
      logger: silentLogger,
    },
    ...{ peerBind: '127.0.0.1', peerPort: 0 },
    refusals: { record: () => {} },
    barrier: new Barrier({ logger: silentLogger }),
    access: openAccess,
    status: () => ({ commandsEnded: {}, certificateEndTimeMs: 0 }),
    ...{ commandsInFlight: 1_000, queueCommands: 256, queueBytes: 4_194_304, outcomesKeptMs: 60_000, ...change },
  });
  await directory.start();
  await vi.waitFor(() => expect(worker.channels).toBe(2), 3_000);
  const stack = new AsyncDisposableStack();
  stack.use(test);
  stack.use(commands);
  stack.use(directory);
  return { engine: commands.engine, worker, ids, registry, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Hears of commands, and keeps what it hears by their devices. */
class Heard implements CommandListener {
  closed = false;
  readonly statuses = new Map<string, string[]>();
  readonly failed = new Map<string, string>();
  readonly nodes = new Map<string, string>();
  /** On every change. */
  readonly subscription: Subscription = { listener: this, tag: 7, on: 'change' };

  onStatus({ device }: CommandRef, { outcome }: { outcome: string }, nodeId: string): void {
    this.statuses.set(device, [...(this.statuses.get(device) ?? []), outcome]);
    this.nodes.set(device, nodeId);
  }

  onFailed({ device }: CommandRef, error: unknown): void {
    this.failed.set(device, (error as PushfleetError).code);
  }
}

const refs = (ids: readonly DeviceId[]) => ids.map((device) => ({ device, id: `of-${device}` as CommandId }));

describe('direct commands to many devices', () => {
  it('go to their worker in a chunk, and each is followed to its end', async () => {
    await using test = await connect(20);
    const heard = new Heard();
    test.engine.submitMany(refs([...test.ids, 'away' as DeviceId]), shared, heard.subscription);
    await vi.waitFor(() => expect(heard.statuses.get('device-19')?.at(-1)).toBe('OUTCOME_SUCCEEDED'));
    expect(heard.statuses.get('device-0')).toEqual(['OUTCOME_ROUTED', 'OUTCOME_DELIVERED', 'OUTCOME_SUCCEEDED']);
    expect(heard.statuses.get('away')).toEqual(['OUTCOME_NOT_CONNECTED']);
    expect(test.worker.chunks).toHaveLength(1);
    expect(test.worker.chunks[0]?.targets).toHaveLength(20);
    expect(test.worker.chunks[0]?.deliverWithinMs).toBeGreaterThan(1_000);
  });

  it('are refused one by one beyond what may be under way', async () => {
    await using test = await connect(3, { commandsInFlight: 2 });
    test.worker.onPush = () => {};
    const heard = new Heard();
    test.engine.submitMany(refs(test.ids), shared, heard.subscription);
    expect([...heard.failed]).toEqual([['device-2', 'OVERLOADED']]);
  });

  it('are refused beyond the 20,000 that may wait for their worker, and nothing of those is sent', async () => {
    await using test = await connect(1, { commandsInFlight: 30_000 });
    test.worker.onPush = () => {};
    const [device] = test.ids as [DeviceId];
    // Where its device is known by then, a command goes to its worker at once.
    test.engine.submitMany([{ device, id: 'c' as CommandId }], shared, new Heard().subscription);
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    const refused: [string, string][] = [];
    const listener = {
      closed: false,
      onStatus: () => {},
      onFailed: ({ id }: CommandRef, error: unknown) => void refused.push([id, (error as PushfleetError).code]),
    };
    const many = Array.from({ length: 20_002 }, (_, nth) => ({ device, id: `c${nth}` as CommandId }));
    test.engine.submitMany(many, shared, { listener, tag: 0, on: 'change' });
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(20_001), 20_000);
    expect(refused).toEqual([
      ['c20000', 'OVERLOADED'],
      ['c20001', 'OVERLOADED'],
    ]);
  });

  it('of a large payload do not make messages that are too large', async () => {
    await using test = await connect(12);
    const heard = new Heard();
    for (const [index, device] of test.ids.entries()) {
      const payload = Buffer.alloc(1_000_000, index);
      const large: common.Operation = { kind: 'custom', custom: { name: 'large', payload } };
      test.engine.submitMany(refs([device]), { ...shared, operation: large }, heard.subscription);
    }
    await vi.waitFor(() => expect(heard.statuses.size).toBe(12));
    await vi.waitFor(() => expect(test.worker.chunks.length).toBe(12), 10_000);
    expect(test.worker.channels).toBe(2);
  }, 15_000);

  it('are cancelled one by one', async () => {
    await using test = await connect(1);
    test.worker.onPush = () => {};
    const [ref] = refs(test.ids) as [CommandRef];
    test.engine.submitMany([ref], shared, new Heard().subscription);
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    expect(await test.engine.cancel(ref, 'enough')).toMatchObject({ kind: 'asked', command: { nodeId: 'dp-1' } });
    await vi.waitFor(() => expect(test.worker.cancels).toMatchObject([{ commandId: ref.id, reason: 'enough' }]));
    expect(await test.engine.cancel({ ...ref, id: 'other' as CommandId }, '')).toEqual({ kind: 'unknown' });
  });
});

it('goes on with direct commands whose listener unsubscribes, and tells it no more', async () => {
  await using test = await connect(1);
  test.worker.onPush = () => {};
  const [ref] = refs(test.ids) as [CommandRef];
  const heard = new Heard();
  test.engine.submitMany([ref], shared, heard.subscription);
  test.engine.unsubscribe(ref, heard);
  await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
  test.worker.report({ commandId: ref.id, deviceId: ref.device }, { result: { succeeded: {} } });
  await vi.waitFor(async () => expect((await test.engine.find(ref))?.status.outcome).toBe('OUTCOME_SUCCEEDED'));
  expect([heard.statuses.size, heard.failed.size, test.worker.discards.length]).toEqual([0, 0, 0]);
});

describe('one direct command', () => {
  const submit = (engine: CommandEngine, device: string) => {
    const listener = new AwaitedAnswer();
    const submission = { ...shared, device: device as DeviceId, id: 'mine' as CommandId, hasChosenId: false };
    const submitted = engine.submit(submission, { listener, tag: 0, on: 'finished' });
    return { listener, submitted };
  };

  it('is answered with the push server that had it', async () => {
    await using test = await connect(1);
    const { answer } = submit(test.engine, 'device-0').listener;
    expect(await answer).toMatchObject({ nodeId: 'dp-1', status: { outcome: 'OUTCOME_SUCCEEDED' } });
    expect((await answer).command.id).toBe('mine');
    expect(test.worker.received).toMatchObject([{ commandId: 'mine' }]);
  });

  it('fails for a device that there is not', async () => {
    await using test = await connect(0);
    await expect(submit(test.engine, 'nobody').listener.answer).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
  });

  it('goes on when its listener does not wait for it any more, and is found when it has ended', async () => {
    await using test = await connect(1);
    test.worker.onPush = () => {};
    const { submitted } = submit(test.engine, 'device-0');
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    submitted.release();
    const [ref] = [{ device: 'device-0' as DeviceId, id: 'mine' as CommandId }];
    await vi.waitFor(() => expect(test.worker.discards).toMatchObject([{ commandId: 'mine' }]));
    test.worker.report({ commandId: ref.id, deviceId: ref.device }, { result: { succeeded: {} } });
    await vi.waitFor(async () => expect((await test.engine.find(ref))?.status.outcome).toBe('OUTCOME_SUCCEEDED'));
    expect((await test.engine.cancel(ref, '')).kind).toBe('ended');
  });

  it('is told of to whoever subscribes, for as long as it is kept', async () => {
    await using test = await connect(1);
    test.worker.onPush = () => {};
    const heard = new Heard();
    submit(test.engine, 'device-0');
    await vi.waitFor(() => expect(test.worker.received).toHaveLength(1));
    const ref = { device: 'device-0' as DeviceId, id: 'mine' as CommandId };
    test.engine.subscribe(ref, heard.subscription);
    test.worker.report({ commandId: ref.id, deviceId: ref.device }, { delivered: {} });
    test.worker.report({ commandId: ref.id, deviceId: ref.device }, { result: { succeeded: {} } });
    await vi.waitFor(() => expect(heard.statuses.get('device-0')).toEqual(['OUTCOME_DELIVERED', 'OUTCOME_SUCCEEDED']));
  });
});

describe('durable commands to many devices', () => {
  const terms: CommandTerms = { operation, deliverWithinMs: 60_000, finishWithinMs: 90_000 };
  const durable = (devices: readonly DeviceId[]) => devices.map((device) => ({ device, id: durableCommandId(device) }));

  it('are put together, and each is told of from where the registry has it to its end', async () => {
    await using test = await connect(2);
    const heard = new Heard();
    test.engine.submitMany(durable([...test.ids, 'away' as DeviceId]), terms, heard.subscription);
    await vi.waitFor(() => expect(heard.statuses.get('device-1')?.at(-1)).toBe('OUTCOME_SUCCEEDED'));
    expect(heard.statuses.get('device-1')?.[0]).toBe('OUTCOME_ROUTED');
    expect(heard.nodes.get('device-1')).toBe('dp-1');
    expect(heard.statuses.get('away')).toEqual(['OUTCOME_QUEUED']);
    const again = new Heard();
    test.engine.submitMany(durable(['away' as DeviceId]), terms, again.subscription);
    await vi.waitFor(() => expect(again.statuses.get('away')).toEqual(['OUTCOME_QUEUED']));
    expect(await test.registry.commands.list('away' as DeviceId)).toHaveLength(1);
  });

  it('fail one by one: a deleted device, a full queue', async () => {
    await using test = await connect(1, { queueCommands: 1 });
    const away = 'away' as DeviceId;
    const heard = new Heard();
    await test.registry.fleet.deleteDevice('device-0' as DeviceId);
    test.engine.submitMany(durable(['device-0' as DeviceId, away]), terms, heard.subscription);
    await vi.waitFor(() => expect(heard.statuses.size).toBe(1));
    test.engine.submitMany([{ device: away, id: durableCommandId('more') }], terms, heard.subscription);
    await vi.waitFor(() =>
      expect([...heard.failed]).toEqual([
        ['device-0', 'DEVICE_NOT_FOUND'],
        ['away', 'QUEUE_FULL'],
      ]),
    );
  });

  it('are told of no more to a listener that was closed while they were put', async () => {
    await using test = await connect(0);
    const heard = new Heard();
    test.engine.submitMany(durable(['away' as DeviceId]), terms, heard.subscription);
    heard.closed = true;
    await vi.waitFor(async () => expect(await test.registry.commands.list('away' as DeviceId)).toHaveLength(1));
    const [ref] = durable(['away' as DeviceId]) as [CommandRef];
    expect((await test.engine.cancel(ref, '')).kind).toBe('cancelled');
    expect([heard.statuses.size, heard.failed.size]).toEqual([0, 0]);
  });

  it('that another balancer submitted are told of from where they stand', async () => {
    await using test = await connect(0);
    const waiting: NewCommand = {
      ...{
        id: durableCommandId('waiting'),
        device: 'away' as DeviceId,
        operation,
        priority: 'normal',
        collapseKey: '',
      },
      ...{ idempotencyKey: '', fingerprint: '', ttlMs: 60_000, finishWithinMs: 90_000 },
    };
    await test.registry.commands.put(waiting, { maxCommands: 10, maxBytes: 10_000, window: 32, keepEndedMs: 60_000 });
    const [heard, left] = [new Heard(), new Heard()];
    for (const { subscription } of [heard, left]) test.engine.subscribe(waiting, subscription);
    test.engine.unsubscribe(waiting, left);
    await vi.waitFor(() => expect(heard.statuses.get('away')).toEqual(['OUTCOME_QUEUED']));
    expect((await test.engine.cancel(waiting, '')).kind).toBe('cancelled');
    expect(heard.statuses.get('away')).toEqual(['OUTCOME_QUEUED', 'OUTCOME_CANCELLED']);
    expect(left.statuses.size).toBe(0);
  });

  it('that the registry has lost end as unknown', async () => {
    await using test = await connect(0);
    const [lost] = durable(['away' as DeviceId]) as [CommandRef];
    const ended = new Promise((resolve) => {
      const listener: CommandListener = { closed: false, onStatus: (_, status) => resolve(status), onFailed: () => {} };
      test.engine.subscribe(lost, { listener, tag: 0, on: 'change' });
    });
    expect(await ended).toMatchObject({ outcome: 'OUTCOME_UNKNOWN', reason: 'the registry has lost the command' });
    expect(await test.engine.find(lost)).toBeUndefined();
  });
});

it('takes a step for reached as soon as the outcome says so, and all of them at the end', () => {
  const steps = ['accepted', 'delivered', 'finished', 'change'] as const;
  const reached = (outcome: common.Outcome) => steps.map((step) => hasReached({ outcome, reason: '', atMs: 0 }, step));
  expect(reached('OUTCOME_QUEUED')).toEqual([true, false, false, false]);
  expect(reached('OUTCOME_ROUTED')).toEqual([true, false, false, false]);
  expect(reached('OUTCOME_RUNNING')).toEqual([true, true, false, false]);
  expect(reached('OUTCOME_NOT_CONNECTED')).toEqual([true, true, true, true]);
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { ManagedDevice, Run } from '../actors/managed-device.ts';
import type { PushRecord } from '../actors/push.ts';
import { Deliveries } from './deliveries.ts';
import { FakeCluster } from './fake-cluster.fixture.ts';

const command = { command: { commandId: 'c' } };
const open = ['sessions.open', ['d-1'], {}] as const;
const take = ['commands.take', ['d-1'], { commands: [{ id: 'c', redelivered: true }] }] as const;

let fake: FakeCluster;
let deliveries: Deliveries;

beforeEach(() => {
  fake = new FakeCluster();
  deliveries = new Deliveries(fake.cluster, fake.disturbances);
});

/** It was pushed, and a cancel was answered at that time. */
function cancelled(atMs: number): void {
  const reported = [{ atMs, outcome: 'OUTCOME_ROUTED', reason: '', output: '', by: 'cancel' }];
  const push = { command: 'c', device: 'd-1', isDurable: true, ttlMs: 60_000, pushedAtMs: 0, patienceMs: 1, reported };
  fake.pushes.set('c', push as unknown as PushRecord);
}

describe('a command whose cancel was answered', () => {
  it('is found where a later link carries it, handed out since', async () => {
    cancelled(100);
    await fake.answer(200, ...open);
    await fake.answer(201, ...take);
    await fake.read(210, { welcome: {} });
    await fake.read(220, command);
    expect(fake.rules).toEqual(['sent though it was cancelled']);
  });

  it('may come over a link that was opened before, whose welcome was on its way', async () => {
    await fake.answer(90, ...open);
    await fake.answer(91, ...take);
    cancelled(100);
    await fake.read(110, { welcome: {} });
    await fake.read(120, command);
    expect(fake.rules).toEqual([]);
  });

  it('may lie in a link of old when it is handed out again, to be cancelled there', async () => {
    await fake.answer(10, ...open);
    await fake.read(20, { welcome: {} });
    await fake.answer(30, ...take);
    cancelled(100);
    await fake.answer(200, ...take);
    await fake.read(300, command);
    expect(fake.rules).toEqual([]);
  });
});

describe('a command whose result is kept', () => {
  const kept = { resultReceived: { commandId: 'c' } };

  it.each([
    ['over the same link', 'f-1', 10],
    ['handed out since to another link', 'f-1-clone', 30],
    ['pushed by a balancer to another link', 'f-1-clone', undefined],
  ])('is sent again: %s', async (_, process, takenAtMs) => {
    if (takenAtMs === 10) await fake.answer(10, ...take);
    await fake.read(20, kept, 'f-1');
    if (takenAtMs === 30) await fake.answer(30, ...take);
    await fake.read(40, command, process);
    expect(fake.rules).toEqual(['sent again']);
  });

  it('may come to a clone of the device to which it was handed out before', async () => {
    await fake.answer(10, ...take);
    await fake.read(20, kept, 'f-1');
    await fake.read(40, command, 'f-1-clone');
    expect(fake.rules).toEqual([]);
  });
});

describe('the time to live of a durable command', () => {
  const put = ['commands.putMany', [], [{ kind: 'queued', command: { id: 'c' } }]] as const;
  const takeNew = ['commands.take', ['d-1'], { commands: [{ id: 'c', redelivered: false }] }] as const;

  it.each([
    [69_000, []],
    [72_000, ['handed out too late']],
  ])('begins when the registry gets it, long after its caller has gone: handed out at %i ms', async (atMs, rules) => {
    cancelled(0);
    await fake.answer(10_000, ...put);
    await fake.answer(atMs, ...takeNew);
    expect(fake.rules).toEqual(rules);
  });
});

describe('the order of durable commands', () => {
  const stored = (id: string, acceptedAtMs: number, outcome: string) => ({
    ...{ id, acceptedAtMs, priority: 'normal', status: { outcome } },
  });
  const put = (id: string) => ['commands.putMany', [], [{ kind: 'queued', command: { id } }]] as const;
  const takeNew = (id: string) => ['commands.take', ['d-1'], { commands: [{ id, redelivered: false }] }] as const;

  it('is that in which they came, whatever the clock of the registry said', async () => {
    await fake.answer(1, ...put('first'));
    await fake.answer(2, ...put('second'));
    fake.unended = [stored('first', 3_600_001, 'OUTCOME_ROUTED'), stored('second', 2, 'OUTCOME_QUEUED')];
    await fake.answer(3, ...takeNew('first'));
    await fake.world.runUntil(4);
    expect(fake.rules).toEqual([]);
  });

  it('is broken where the one that came later goes out first', async () => {
    await fake.answer(1, ...put('first'));
    await fake.answer(2, ...put('second'));
    fake.unended = [stored('first', 1, 'OUTCOME_QUEUED'), stored('second', 2, 'OUTCOME_ROUTED')];
    await fake.answer(3, ...takeNew('second'));
    await fake.world.runUntil(4);
    expect(fake.rules).toEqual(['out of order']);
  });

  it.each([
    ['is broken where two that went out together run the other way round', false, ['out of order']],
    ['does not hold for one that has broken a link since then', true, []],
  ])('%s', async (_, failedBefore, rules) => {
    const device = { id: 'd-1' } as unknown as ManagedDevice;
    const run = (command: string) => deliveries.onRun(device, { command, process: { name: 'd-1' } } as unknown as Run);
    const take = (...commands: object[]) => fake.answer(1, 'commands.take', ['d-1'], { commands });
    await take({ id: 'first', redelivered: false }, { id: 'second', redelivered: false });
    await take({ id: 'first', redelivered: true, failedBefore });
    run('second');
    run('first');
    expect(fake.rules).toEqual(rules);
  });
});

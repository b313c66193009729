import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { type admin, type DeviceId, fromStatus, type GroupPath, type GroupPushId } from '@pushfleet/protocol';
import type { GroupPushView } from '@pushfleet/registry';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { call, TestBalancer, withToken } from '../balancer.fixture.ts';
import { ids } from './test-bench.fixture.ts';

vi.setConfig({ testTimeout: 20_000 });

type Done<Answer> = (error: ServiceError | null, answer?: Answer) => void;
type Client = ReturnType<TestBalancer['commands']>;

/** The group pushes of a balancer, as its clients see them. */
class Asked {
  readonly #client: Client;

  constructor(test: TestBalancer) {
    this.#client = test.commands();
  }

  async push(request: admin.PushToGroupRequestInit = {}): Promise<admin.GroupPush> {
    const asked = { group: 'HQ', operation: { forceSync: {} }, ...request };
    return found(
      await this.ask<admin.PushToGroupResponse>((client, done) => client.pushToGroup(asked, withToken(), done)),
    );
  }

  async get(groupPushId: string): Promise<admin.GroupPush> {
    return found(
      await this.ask<admin.GetGroupPushResponse>((client, done) =>
        client.getGroupPush({ groupPushId }, withToken(), done),
      ),
    );
  }

  outcomes(request: admin.ListGroupPushOutcomesRequestInit): Promise<admin.ListGroupPushOutcomesResponse> {
    return this.ask((client, done) => client.listGroupPushOutcomes(request, withToken(), done));
  }

  watch(groupPushId: string): Watch {
    return new Watch(this.#client.watchGroupPush({ groupPushId }, withToken()));
  }

  ask<Answer>(start: (client: Client, done: Done<Answer>) => unknown): Promise<Answer> {
    return call<Answer>((done) => start(this.#client, done));
  }
}

class Watch {
  readonly seen: admin.GroupPush[] = [];
  readonly stream: ClientReadableStream<admin.WatchGroupPushResponse>;
  readonly over: Promise<ServiceError | undefined>;

  constructor(stream: ClientReadableStream<admin.WatchGroupPushResponse>) {
    this.stream = stream;
    stream.on('data', ({ groupPush }: admin.WatchGroupPushResponse) => {
      if (groupPush) this.seen.push(groupPush);
    });
    this.over = new Promise((resolve) => {
      stream.on('error', (error: ServiceError) => resolve(error));
      stream.on('end', () => resolve(undefined));
    });
  }
}

function found({ groupPush }: { groupPush: admin.GroupPush | null }): admin.GroupPush {
  expect(groupPush).not.toBeNull();
  return groupPush as admin.GroupPush;
}

/** A balancer, a worker, and devices of which the first so many are linked to it. */
async function start(devices: number, linked = devices) {
  const test = await TestBalancer.start();
  onTestFinished(() => test[Symbol.asyncDispose]());
  const worker = await test.startWorker('dp-1');
  await test.putFleet('HQ', 'dp-1', ...ids(devices));
  for (const id of ids(linked)) await worker.openSession(id);
  await vi.waitFor(() => expect(worker.channels).toBe(1), { timeout: 10_000 });
  return { test, worker, asked: new Asked(test) };
}

const counted = (push: admin.GroupPush) =>
  Object.fromEntries(push.counts.map(({ outcome, devices }) => [outcome, devices]));

describe('PushToGroup', () => {
  it('sends to all of a group in chunks, and tells of each device', async () => {
    const { worker, asked } = await start(30, 20);
    const push = await asked.push({ operation: { custom: { name: 'x', payload: Buffer.from('hello') } } });
    expect(push).toMatchObject({ state: 'GROUP_PUSH_STATE_RUNNING', request: { group: 'HQ' } });
    const watch = asked.watch(push.groupPushId);
    expect(await watch.over).toBeUndefined();
    const last = watch.seen.at(-1) as admin.GroupPush;
    expect(last).toMatchObject({ state: 'GROUP_PUSH_STATE_DONE', devices: 30, allFound: true });
    expect(counted(last)).toEqual({ OUTCOME_SUCCEEDED: 20, OUTCOME_NOT_CONNECTED: 10 });
    expect(last.endedAtMs).toBeGreaterThanOrEqual(last.startedAtMs);
    expect(worker.received.map(({ deviceId }) => deviceId).sort()).toEqual(ids(20));
    expect(worker.chunks.flatMap(({ targets }) => targets)).toHaveLength(20);
    expect(worker.chunks.length).toBeLessThan(5);
    const first = await asked.outcomes({ groupPushId: push.groupPushId, pageSize: 25 });
    const rest = await asked.outcomes({ groupPushId: push.groupPushId, pageToken: first.nextPageToken });
    expect([...first.outcomes, ...rest.outcomes].map(({ deviceId }) => deviceId)).toEqual(ids(30));
    expect(rest.nextPageToken).toBe('');
    const away = await asked.outcomes({ groupPushId: push.groupPushId, outcomes: ['OUTCOME_NOT_CONNECTED'] });
    expect(away.outcomes).toHaveLength(10);
    const [one] = first.outcomes;
    expect(one?.commandId).toBe(worker.received.find(({ deviceId }) => deviceId === one?.deviceId)?.commandId);
    expect(push.request?.operation?.custom?.payload.toString()).toBe('hello');
    expect(last.request?.operation?.custom?.payload).toHaveLength(0);
  });

  it('puts durable commands, which devices get on their return', async () => {
    const { test, worker, asked } = await start(4, 2);
    const { groupPushId } = await asked.push({ delivery: { ttlMs: 60_000 } });
    await vi.waitFor(() => expect(worker.received).toHaveLength(2), { timeout: 10_000 });
    const { outcomes } = await vi.waitFor(async () => {
      const waiting = await asked.outcomes({ groupPushId, outcomes: ['OUTCOME_QUEUED'] });
      expect(waiting.outcomes).toHaveLength(2);
      return waiting;
    });
    const found = await test.registry.commands.list(outcomes[0]?.deviceId as DeviceId);
    expect(found).toMatchObject([{ id: outcomes[0]?.commandId, collapseKey: 'force_sync' }]);
  });

  it('answers a second one with the same key with the first', async () => {
    const { asked } = await start(1);
    const one = await asked.push({ idempotencyKey: 'once' });
    const two = await asked.push({ idempotencyKey: 'once' });
    // Those of one millisecond are listed in any order.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(one.startedAtMs));
    const three = await asked.push({ idempotencyKey: 'twice' });
    expect([two.groupPushId, two.request?.group]).toEqual([one.groupPushId, 'HQ']);
    expect(three.groupPushId).not.toBe(one.groupPushId);
    const { groupPushes } = await asked.ask<admin.ListGroupPushesResponse>((client, done) =>
      client.listGroupPushes({}, withToken(), done),
    );
    expect(groupPushes.map(({ groupPushId }) => groupPushId)).toEqual([three.groupPushId, one.groupPushId]);
    const page = (pageToken: string) =>
      asked.ask<admin.ListGroupPushesResponse>((client, done) =>
        client.listGroupPushes({ pageSize: 1, pageToken }, withToken(), done),
      );
    const first = await page('');
    const second = await page(first.nextPageToken);
    expect([first, second].map(({ groupPushes: [only] }) => only?.groupPushId)).toEqual([
      three.groupPushId,
      one.groupPushId,
    ]);
    expect(second.nextPageToken).toBe('');
    await expect(page('!')).rejects.toThrow('page_token: must be');
  });

  it('lists those of one millisecond page by page, also where one is gone by then', async () => {
    const { test, asked } = await start(1);
    const { groupPushId } = await asked.push({});
    const view = (await test.registry.groupPushes.get(groupPushId as GroupPushId)) as GroupPushView;
    let kept = ['c', 'b', 'a'].map((id) => ({ ...view, id: id as GroupPushId }));
    vi.spyOn(test.registry.groupPushes, 'list').mockImplementation(async () => kept);
    const listed: string[] = [];
    for (let pageToken: string | undefined = ''; pageToken !== undefined; ) {
      const request: admin.ListGroupPushesRequestInit = { pageSize: 1, pageToken };
      const { groupPushes, nextPageToken } = await asked.ask<admin.ListGroupPushesResponse>((client, done) =>
        client.listGroupPushes(request, withToken(), done),
      );
      const ids = groupPushes.map((push) => push.groupPushId);
      kept = kept.filter(({ id }) => !ids.includes(id));
      listed.push(...ids);
      pageToken = nextPageToken || undefined;
    }
    expect(listed.sort()).toEqual(['a', 'b', 'c']);
  });

  it.each<[string, admin.PushToGroupRequestInit]>([
    ['group', { group: '' }],
    ['choice of devices', { labels: { os: 'linux' } }],
    ['operation', { operation: { forceSync: { reason: 'other' } } }],
    ['delivery', { delivery: { ttlMs: 60_000 } }],
    ['pace', { pace: { commandsPerSecond: 5 } }],
  ])('refuses a second one with the same key and another %s', async (_, other) => {
    const { test, asked } = await start(1);
    await using _test = test;
    const request = {
      idempotencyKey: 'once',
      operation: { runTask: { taskId: 'scan', parameters: { a: '1', b: '2' } } },
    };
    const one = await asked.push(request);
    const refused = await asked.push({ ...request, ...other }).catch((error: ServiceError) => fromStatus(error));
    expect(refused).toMatchObject({
      code: 'ALREADY_EXISTS',
      field: 'idempotency_key',
      message: expect.stringContaining(one.groupPushId),
    });
    const same = { runTask: { taskId: 'scan', parameters: { b: '2', a: '1' } } };
    expect((await asked.push({ ...request, operation: same })).groupPushId).toBe(one.groupPushId);
  });

  it('can be paused, resumed and cancelled, and is so when that is answered', async () => {
    const { worker, asked } = await start(50);
    worker.onPush = (push) => worker.report(push, { delivered: {} });
    worker.onCancel = (order) => worker.report(order, { result: { cancelled: {} } });
    const { groupPushId } = await asked.push({ pace: { commandsPerSecond: 1 } });
    const paused = found(
      await asked.ask<admin.PauseGroupPushResponse>((client, done) =>
        client.pauseGroupPush({ groupPushId }, withToken(), done),
      ),
    );
    const resumed = found(
      await asked.ask<admin.ResumeGroupPushResponse>((client, done) =>
        client.resumeGroupPush({ groupPushId }, withToken(), done),
      ),
    );
    const cancelled = found(
      await asked.ask<admin.CancelGroupPushResponse>((client, done) =>
        client.cancelGroupPush({ groupPushId }, withToken(), done),
      ),
    );
    const states = [paused, resumed, cancelled].map(({ state }) => state);
    expect(states).toEqual(['GROUP_PUSH_STATE_PAUSED', 'GROUP_PUSH_STATE_RUNNING', 'GROUP_PUSH_STATE_CANCELLED']);
    const watch = asked.watch(groupPushId);
    await watch.over;
    const last = watch.seen.at(-1) as admin.GroupPush;
    expect(last.state).toBe('GROUP_PUSH_STATE_CANCELLED');
    expect(Object.keys(counted(last))).toEqual(['OUTCOME_CANCELLED']);
    expect(worker.received.length).toBeLessThan(20);
  });

  it.each<[string, admin.PushToGroupRequestInit, string, string]>([
    ['a group that is not there', { group: 'Lab' }, 'GROUP_NOT_FOUND', 'group: there is no group "Lab"'],
    ['no operation', { operation: null }, 'INVALID_ARGUMENT', 'operation: must be'],
    ['a wrong pace', { pace: { abortFailedPercent: 101 } }, 'INVALID_ARGUMENT', 'pace.abort_failed_percent'],
  ])('refuses %s', async (_, request, code, message) => {
    await using test = await TestBalancer.start();
    await test.registry.fleet.putGroup('HQ' as GroupPath);
    const error = (await new Asked(test).push(request).catch((thrown: unknown) => thrown)) as ServiceError;
    expect([fromStatus(error).code, error.details]).toEqual([code, expect.stringContaining(message)]);
  });

  it.each<[string, (client: Client, done: Done<unknown>) => unknown]>([
    ['GetGroupPush', (client, done) => client.getGroupPush({ groupPushId: 'x' }, withToken(), done)],
    ['PauseGroupPush', (client, done) => client.pauseGroupPush({ groupPushId: 'x' }, withToken(), done)],
    ['ResumeGroupPush', (client, done) => client.resumeGroupPush({ groupPushId: 'x' }, withToken(), done)],
    ['CancelGroupPush', (client, done) => client.cancelGroupPush({ groupPushId: 'x' }, withToken(), done)],
    ['ListGroupPushOutcomes', (client, done) => client.listGroupPushOutcomes({ groupPushId: 'x' }, withToken(), done)],
  ])('%s says that there is none', async (_, start) => {
    await using test = await TestBalancer.start();
    const error = (await new Asked(test).ask(start).catch((thrown: unknown) => thrown)) as ServiceError;
    expect(fromStatus(error).code).toBe('GROUP_PUSH_NOT_FOUND');
  });
});

describe('WatchGroupPush', () => {
  it('says that there is none', async () => {
    await using test = await TestBalancer.start();
    const error = await new Asked(test).watch('x').over;
    expect(fromStatus(error as ServiceError).code).toBe('GROUP_PUSH_NOT_FOUND');
  });

  it('goes on when the registry answers again, and ends when the balancer stops', async () => {
    const { test, worker, asked } = await start(3);
    worker.onPush = (push) => worker.report(push, { delivered: {} });
    const { groupPushId } = await asked.push();
    const watch = asked.watch(groupPushId);
    await vi.waitFor(() => expect(counted(watch.seen.at(-1) as admin.GroupPush)).toEqual({ OUTCOME_DELIVERED: 3 }), {
      timeout: 5_000,
    });
    test.registrySwitch.on = false;
    worker.report(worker.received[0] as never, { result: { succeeded: {} } });
    await test.registryCalls('groupPushes.get', 2);
    test.registrySwitch.on = true;
    const counts = { OUTCOME_DELIVERED: 2, OUTCOME_SUCCEEDED: 1 };
    await vi.waitFor(() => expect(counted(watch.seen.at(-1) as admin.GroupPush)).toEqual(counts), { timeout: 5_000 });
    await test.balancer.drain(AbortSignal.timeout(500));
    expect(fromStatus((await watch.over) as ServiceError).code).toBe('SHUTTING_DOWN');
    const left = await test.registry.groupPushes.get(groupPushId as never);
    expect(left?.counts).toEqual({ OUTCOME_UNKNOWN: 2, OUTCOME_SUCCEEDED: 1 });
    expect(left?.endedAtMs).toBeUndefined();
  });
});

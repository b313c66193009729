import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { type admin, type DeviceId, fromStatus, parseGroupPath } from '@pushfleet/protocol';
import type { NewFleetEvent } from '@pushfleet/registry';
import { describe, expect, it, vi } from 'vitest';
import { hashToken } from '../access/token-directory.ts';
import { TestBalancer, withToken } from '../balancer.fixture.ts';

/** One Watch call, and what it brought. */
class Watch {
  readonly events: admin.Event[] = [];
  readonly stream: ClientReadableStream<admin.WatchResponse>;
  readonly opened: Promise<string>;
  error: ServiceError | undefined;

  constructor(test: TestBalancer, request: admin.WatchRequestInit = {}, token?: string) {
    this.stream = test.events().watch(request, withToken(token));
    this.stream.on('data', ({ events }: admin.WatchResponse) => this.events.push(...events));
    this.stream.on('error', (error: ServiceError) => {
      this.error = error;
    });
    this.opened = new Promise((resolve) => {
      this.stream.on('metadata', (headers) => resolve(String(headers.get('pushfleet-resume-token')[0])));
    });
  }

  get devices(): string[] {
    return this.events.map(({ deviceId }) => deviceId);
  }

  async has(count: number, timeout = 10_000): Promise<void> {
    await vi.waitFor(() => expect(this.events.length).toBeGreaterThanOrEqual(count), { timeout });
  }

  /** The code of the error that ended it. */
  async code(): Promise<string> {
    return fromStatus(await vi.waitUntil(() => this.error, { timeout: 10_000 })).code;
  }
}

const event = (device: string, kind: NewFleetEvent['kind'] = 'device-connected'): NewFleetEvent => ({
  kind,
  atMs: 1,
  device: device as DeviceId,
});
const many = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => event(`d-${from + at}`));
const names = (from: number, to: number) => many(from, to).map(({ device }) => String(device));

describe('EventService.Watch', () => {
  it('tells what happens from now on, in order and as it was appended', async () => {
    await using test = await TestBalancer.start();
    await test.registry.events.append(many(0, 3));
    const watch = new Watch(test);
    await watch.opened;
    await test.registry.events.append(many(3, 5));
    await test.registry.events.append([
      { kind: 'node-dead', atMs: 7, node: 'dp-1' as never, reason: 'silent for 15 s' },
    ]);
    await watch.has(3);
    expect(watch.devices).toEqual([...names(3, 5), '']);
    expect(watch.events[2]).toMatchObject({ kind: 'EVENT_KIND_NODE_DEAD', atMs: 7, nodeId: 'dp-1' });
  });

  it('goes on after any event, without a gap and without a repetition, also for several at a time', async () => {
    await using test = await TestBalancer.start();
    const first = new Watch(test);
    await first.opened;
    await test.registry.events.append(many(0, 2_500));
    await first.has(2_500);
    const from = [0, 999, 1_000, 2_498];
    const resumed = from.map((at) => new Watch(test, { resumeToken: first.events[at]?.resumeToken ?? '' }));
    for (let at = 2_500; at < 2_600; at += 1) await test.registry.events.append(many(at, at + 1));
    for (const [index, watch] of [first, ...resumed].entries()) {
      const begin = index === 0 ? 0 : (from[index - 1] as number) + 1;
      await watch.has(2_600 - begin);
      expect(watch.devices).toEqual(names(begin, 2_600));
    }
  });

  it('goes on from the token in the headers where no event came before the cut', async () => {
    await using test = await TestBalancer.start();
    const cut = new Watch(test);
    const resumeToken = await cut.opened;
    cut.stream.cancel();
    await test.registry.events.append(many(0, 1));
    const watch = new Watch(test, { resumeToken });
    await watch.has(1);
    expect(watch.devices).toEqual(['d-0']);
  });

  it('leaves out what a watcher does not want', async () => {
    await using test = await TestBalancer.start();
    const one = new Watch(test, { deviceId: 'd-1' });
    const left = new Watch(test, { kinds: ['EVENT_KIND_DEVICE_DISCONNECTED'] });
    await Promise.all([one.opened, left.opened]);
    await test.registry.events.append([event('d-0'), event('d-1'), event('d-2', 'device-disconnected')]);
    await Promise.all([one.has(1), left.has(1)]);
    expect([one.devices, left.devices]).toEqual([['d-1'], ['d-2']]);
  });

  it('shows a token with a scope the events of devices in it, and refuses it another one by name', async () => {
    await using test = await TestBalancer.start();
    await test.putFleet('HQ/Lab', 'dp-1', 'd-in');
    await test.putFleet('HQ', 'dp-2', 'd-out');
    const record = { name: 'lab', role: 'viewer' as const, hash: hashToken('lab'), createdBy: 'root', createdAtMs: 1 };
    await test.registry.apiTokens.create({ ...record, scope: parseGroupPath('HQ/Lab') });
    await test.registryCalls('apiTokens.list', 2);
    const watch = new Watch(test, {}, 'lab');
    await watch.opened;
    await test.registry.events.append([event('d-out'), { kind: 'registry-lost', atMs: 1 }, event('d-in')]);
    await watch.has(1);
    expect(watch.devices).toEqual(['d-in']);
    const rest = new Watch(test, { resumeToken: watch.events[0]?.resumeToken ?? '' }, 'lab');
    await test.registry.events.append([event('d-out'), event('d-in')]);
    await rest.has(1);
    expect(rest.devices).toEqual(['d-in']);
    expect(await new Watch(test, { deviceId: 'd-out' }, 'lab').code()).toBe('PERMISSION_DENIED');
  });

  it('says of a link that ended why, as one of a closed set', async () => {
    await using test = await TestBalancer.start();
    const watch = new Watch(test);
    await watch.opened;
    const ended = (reason: string) => ({ ...event('d-1', 'device-disconnected'), reason });
    await test.registry.events.append([ended('sessionTakenOver'), ended('what an older worker said')]);
    await watch.has(2);
    expect(watch.events.map(({ closeReason }) => closeReason)).toEqual([
      'CLOSE_REASON_SESSION_TAKEN_OVER',
      'CLOSE_REASON_UNSPECIFIED',
    ]);
  });

  it('sends away a watcher that does not read; its last token is good', async () => {
    await using test = await TestBalancer.start();
    const [slow, fast] = [new Watch(test), new Watch(test)];
    await Promise.all([slow.opened, fast.opened]);
    slow.stream.pause();
    const reason = 'x'.repeat(200);
    const count = 50_000;
    for (let at = 0; at < count; at += 1_000) {
      await test.registry.events.append(many(at, at + 1_000).map((one) => ({ ...one, reason })));
      // On a busy machine, one that reads could not keep up with an appender that waits for nobody.
      await fast.has(at - 5_000, 30_000);
    }
    // The balancer hands each event to all watchers at once: it has none left for the slow one, either.
    await fast.has(count, 30_000);
    slow.stream.resume();
    expect(await slow.code()).toBe('OVERLOADED');
    const rest = new Watch(test, { resumeToken: slow.events.at(-1)?.resumeToken ?? '' });
    await rest.has(count - slow.events.length);
    expect([...slow.devices, ...rest.devices]).toEqual(names(0, count));
  }, 60_000);

  it.each([
    ['a token that nobody gave', { resumeToken: 'what?' }, 'INVALID_ARGUMENT', 'resume_token: must be'],
    ['no kind', { kinds: [0] }, 'INVALID_ARGUMENT', 'kinds[0]: must be'],
    ['no device id', { deviceId: 'a b' }, 'INVALID_ARGUMENT', 'device_id: must be'],
    ['events that are gone', { resumeToken: 'OTk5OTk5OTk5OTk' }, 'EVENTS_GONE', 'no longer kept'],
  ] as [string, admin.WatchRequestInit, string, string][])('refuses %s', async (_, request, code, message) => {
    await using test = await TestBalancer.start();
    const watch = new Watch(test, request);
    expect(await watch.code()).toBe(code);
    expect(watch.error?.details).toContain(message);
  });

  it('waits while the registry does not answer, and tells watchers of a balancer that stops', async () => {
    await using test = await TestBalancer.start();
    const watch = new Watch(test);
    await watch.opened;
    test.registrySwitch.on = false;
    await test.registry.events.append(many(0, 1));
    await test.registryCalls('events.read', 3);
    expect([watch.events, watch.error]).toEqual([[], undefined]);
    test.registrySwitch.on = true;
    await watch.has(1);
    await test.balancer.drain(AbortSignal.timeout(1_000));
    expect(await watch.code()).toBe('SHUTTING_DOWN');
  });
});

import { once } from 'node:events';
import net from 'node:net';
import { type BootId, parseHostPort } from '@pushfleet/protocol';
import type { ListedNode } from '@pushfleet/registry';
import { AttendedClock, Barrier, createClusterNetwork, fixed, silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { TestBalancer } from '../../balancer.fixture.ts';
import { openGate } from '../../certificates.fixture.ts';
import type { FakeWorker } from '../../worker.fixture.ts';
import { wakeupItem } from './channel-batch.ts';
import { WorkerChannel } from './worker-channel.ts';
import { WorkerChannels } from './worker-channels.ts';

/** A channel to a played worker, by a clock that a test turns; what has arrived is read whenever the test waits. */
async function open(keepAliveMs: number, wayTo: (address: string) => string = (address) => address) {
  const opened = await openAny(keepAliveMs, wayTo);
  await vi.waitFor(() => expect(opened.channel.redirect({ redirectId: 'm' })).toBe(true), 10_000);
  return opened;
}

async function openAny(
  keepAliveMs: number,
  wayTo: (address: string) => string = (address) => address,
  versions: FakeWorker['versions'] = {},
) {
  const test = await TestBalancer.start();
  const worker = await test.startWorker('dp-1');
  worker.keepAliveMs = keepAliveMs;
  worker.versions = versions;
  const clock = new ManualClock();
  const attended = new AttendedClock({ clock, afterReading: (run) => run() });
  const lost: number[] = [];
  const heard = vi.fn();
  const channel = new WorkerChannel({
    ...{ worker: worker.ref, address: wayTo(worker.record().workers[0]?.controlAddress ?? '') },
    ...{
      network: createClusterNetwork(fixed(test.certificates.cluster), openGate),
      clock,
      attended,
      logger: silentLogger,
    },
    barrier: new Barrier({ logger: silentLogger }),
    events: {
      onOpened: () => {},
      onReport: heard,
      onRedirectProgress: () => {},
      onTunnelArrival: () => {},
      onMemberRefusal: () => {},
      onLost: () => lost.push(clock.now()),
    },
  });
  const stack = new AsyncDisposableStack();
  for (const one of [test, worker, attended, channel]) stack.use(one);
  /** Returns once the channel has heard it: what is written in order is read in order. */
  const say = async () => {
    worker.sayAlive();
    const before = heard.mock.calls.length;
    worker.report({ commandId: 'c', deviceId: 'd' }, { delivered: {} });
    await vi.waitFor(() => expect(heard.mock.calls.length).toBeGreaterThan(before), 10_000);
  };
  return { clock, lost, say, channel, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('a channel to a worker', { timeout: 30_000 }, () => {
  it('is lost once a worker that promised signs of life gives none for five seconds', async () => {
    await using test = await open(1_000);
    test.clock.advance(4_750);
    expect(test.lost).toEqual([]);
    test.clock.advance(500);
    expect(test.lost).toHaveLength(1);
    expect(test.channel.accepts).toBe(false);
  });

  it.each([
    ['newer one', { oldestVersion: 7, newestVersion: 9 }, /versions 7 to 9 .* this one version 1: upgrade this one$/],
    ['much newer one', { oldestVersion: 2, newestVersion: 2 }, /dp-1\/w0 speaks version 2 of the control protocol/],
  ])('says who is to be upgraded where the worker is a %s, and sends nothing', async (_, versions, words) => {
    await using test = await openAny(0, undefined, versions);
    await vi.waitFor(() =>
      expect(test.channel.condition).toMatchObject({ kind: 'failing', reason: expect.stringMatching(words) }),
    );
    expect(test.channel.redirect({ redirectId: 'm' })).toBe(false);
  });

  it('opens to a newer worker that speaks its version, too', async () => {
    await using test = await openAny(0, undefined, { oldestVersion: 1, newestVersion: 9 });
    await vi.waitFor(() => expect(test.channel.redirect({ redirectId: 'm' })).toBe(true), 10_000);
  });

  it('has no more than 20,000 waiting, and room again once they are written', async () => {
    await using test = await open(0);
    const addTo = vi.fn(() => false);
    const item = { sizeBytes: 1, addTo };
    const taken = Array.from({ length: 20_001 }, () => test.channel.add(item));
    expect([taken.filter((isTaken) => isTaken).length, taken.at(-1)]).toEqual([20_000, false]);
    await vi.waitFor(() => expect(addTo).toHaveBeenCalledTimes(20_000));
    expect(test.channel.add(item)).toBe(true);
  });

  it('stays as long as there are signs of life', async () => {
    await using test = await open(1_000);
    for (let round = 0; round < 5; round += 1) {
      test.clock.advance(4_000);
      await test.say();
    }
    expect(test.lost).toEqual([]);
  });

  it.each([17_000, 41_000, 3_600_000])('stays when the balancer itself stands still for %i ms', async (stallMs) => {
    await using test = await open(1_000);
    test.clock.advance(3_000);
    test.clock.stall(stallMs);
    expect(test.lost).toEqual([]);
    await test.say();
    test.clock.advance(4_000);
    expect(test.lost).toEqual([]);
  });

  it.each([120_000, -3_600_000])('stays when the wall clock is set by %i ms', async (byMs) => {
    await using test = await open(1_000);
    test.clock.stepWall(byMs);
    test.clock.advance(4_000);
    expect(test.lost).toEqual([]);
  });

  it('is not judged by the silence of a worker that has promised nothing', async () => {
    await using test = await open(0);
    test.clock.advance(600_000);
    expect(test.lost).toEqual([]);
  });

  it('finds a new connection where the former one leads nowhere any more', async () => {
    await using network = await Network.create();
    await using test = await open(1_000, (address) => network.wayTo(address));
    network.forget();
    test.clock.advance(5_500);
    expect(test.lost).toHaveLength(1);
    await vi.waitFor(() => {
      test.clock.advance(250);
      expect(test.channel.accepts).toBe(true);
    }, 10_000);
    expect(network.connections).toBe(2);
    await test.say();
  });
});

/** A firewall between the two, that can forget what goes through it: packets vanish, and nobody is told. */
class Network implements AsyncDisposable {
  connections = 0;
  readonly #server = net.createServer((socket) => this.#join(socket));
  readonly #sockets = new Set<net.Socket>();
  #target = '';

  static async create(): Promise<Network> {
    const network = new Network();
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    return network;
  }

  wayTo(address: string): string {
    this.#target = address;
    return `127.0.0.1:${(this.#server.address() as net.AddressInfo).port}`;
  }

  forget(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #join(socket: net.Socket): void {
    this.connections += 1;
    const { address = '', port = 0 } = parseHostPort(this.#target) ?? {};
    const far = net.connect(port, address);
    for (const [from, to] of [
      [socket, far],
      [far, socket],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('data', (bytes) => to.write(bytes));
      from.on('close', () => to.destroy());
    }
  }
}

describe('the channels to all workers', { timeout: 30_000 }, () => {
  it('look for a worker that has just started, and are kept while it answers', async () => {
    await using test = await TestBalancer.start();
    await using worker = await test.startWorker('dp-1');
    const listed = [{ ...worker.record(), liveness: 'alive' } as ListedNode];
    const refreshDirectory = vi.fn(async () => channels.sync(listed));
    using channels: WorkerChannels = new WorkerChannels({
      ...{
        network: createClusterNetwork(fixed(test.certificates.cluster), openGate),
        clock: systemClock,
        attended: systemClock,
        logger: silentLogger,
      },
      barrier: new Barrier({ logger: silentLogger }),
      events: {
        onOpened: () => {},
        onReport: () => {},
        onRedirectProgress: () => {},
        onTunnelArrival: () => {},
        onMemberRefusal: () => {},
        onLost: () => {},
      },
      refreshDirectory,
    });
    channels.send(worker.ref, wakeupItem({ deviceId: 'laptop' }));
    await vi.waitFor(() => expect(worker.wakeups).toMatchObject([{ deviceId: 'laptop' }]), 10_000);
    const dropped = vi.fn();
    const item = { sizeBytes: 1, addTo: () => true, onDropped: dropped };
    channels.send({ ...worker.ref, bootId: 'another life' as BootId }, item);
    await vi.waitFor(() => expect(dropped).toHaveBeenCalledOnce());
    expect(refreshDirectory).toHaveBeenCalledTimes(2);
    expect(await channels.find(worker.ref)).toBe(channels.get(worker.ref));
    expect(refreshDirectory).toHaveBeenCalledTimes(2);
    // Its supervisor stands still, it does not.
    const silent = listed.map((node): ListedNode => ({ ...node, liveness: 'dead' }));
    channels.sync(silent);
    expect(channels.answers(worker.ref.bootId)).toBe(true);
    await worker[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(channels.answers(worker.ref.bootId)).toBe(false));
    channels.sync(silent);
    expect(channels.get(worker.ref)).toBeUndefined();
  });

  it('drop what a worker cannot take', async () => {
    await using test = await open(0);
    const dropped: number[] = [];
    const items = [1, 2].map((nth) => ({ sizeBytes: 1, addTo: () => true, onDropped: () => dropped.push(nth) }));
    for (const item of items) test.channel.add(item);
    test.channel[Symbol.dispose]();
    expect(dropped).toEqual([1, 2]);
  });
});

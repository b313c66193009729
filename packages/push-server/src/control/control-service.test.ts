import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import {
  type CommandId,
  type common,
  type DeviceId,
  limits,
  type node,
  PushfleetError,
  parseBootId,
  parseDeviceId,
} from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { Credentials, OpenedSession } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { describe, expect, it, vi } from 'vitest';
import { createDeliveryHarness, device, worker } from '../durable/durable-delivery.fixture.ts';
import { EvacuationPacer } from '../redirect/evacuation-pacer.ts';
import { RedirectRequests } from '../redirect/redirect-requests.ts';
import type { Report } from '../session/session.ts';
import { BalancerChannels } from './balancer-channels.ts';
import { ControlService } from './control-service.ts';

const operation: common.Operation = { kind: 'forceSync', forceSync: { reason: 'now' } };
const by: Credentials = { link: 'mqtt', generation: 0 };
const times = { deliverWithinMs: 10_000, finishWithinMs: 30_000 };

describe('a channel to a worker', { timeout: 30_000 }, () => {
  it('carries one operation for many devices', async () => {
    await using channel = await openChannel();
    const ids = ['d1', 'd2', 'd3'];
    const links = await Promise.all(ids.map((id) => channel.world.connect({}, id)));
    const targets = ids.map((id, index) => channel.target(id, `c${index}`));
    const stale = { ...channel.target('d1', 'stale'), epoch: 1 };
    channel.write({ chunks: [{ operation, targets: [...targets, stale], ...times }] });
    await vi.waitUntil(() => links.every((link) => link.seen().length === 1));
    expect(links.map((link) => link.seen())).toEqual([['command c0'], ['command c1'], ['command c2']]);
    await vi.waitUntil(() => channel.reports.length === 1);
    expect(channel.reports).toMatchObject([
      { commandId: 'stale', deviceId: 'd1', notHere: { epoch: targets[0]?.epoch } },
    ]);
    links[1]?.confirmDirect('c1');
    await vi.waitUntil(() => channel.reports.length === 2);
    expect(channel.reports[1]).toMatchObject({ commandId: 'c1', deviceId: 'd2', report: 'delivered' });
  });

  it('tells of commands that wait in the registry', async () => {
    await using channel = await openChannel();
    const link = await channel.world.connect();
    await channel.world.putAside('one');
    channel.write({ wakeups: [{ deviceId: 'nobody' }, { deviceId: 'd1' }] });
    await vi.waitUntil(() => link.seen().length === 1);
    expect(link.seen()).toEqual(['command d-one']);
    expect(channel.world.commands.takes.all).toBe(1);
  });

  it('withdraws what waits, and what is on the wire', async () => {
    await using channel = await openChannel();
    const link = await channel.world.connect({ window: 1 });
    const pushes = ['c1', 'c2'].map((id) => ({ ...channel.target('d1', id), operation, ...times }));
    const cancels = ['c1', 'c2'].map((commandId) => ({ commandId, deviceId: 'd1', reason: 'why' }));
    channel.write({ pushes, cancels: [...cancels, { commandId: 'c1', deviceId: 'nobody', reason: '' }] });
    await vi.waitUntil(() => channel.reports.length === 1);
    expect(link.seen()).toEqual(['command c1', 'cancel c1']);
    expect(channel.reports).toMatchObject([{ commandId: 'c2', unsent: { cause: 'UNSENT_CAUSE_CANCELLED' } }]);
  });

  it('drops what waits and nobody waits for, and leaves alone what is on the wire', async () => {
    await using channel = await openChannel();
    const link = await channel.world.connect({ window: 1 });
    const pushes = ['c1', 'c2'].map((id) => ({ ...channel.target('d1', id), operation, ...times }));
    const discards = ['c1', 'c2'].map((commandId) => ({ commandId, deviceId: 'd1' }));
    channel.write({ pushes, discards: [...discards, { commandId: 'c1', deviceId: 'nobody' }] });
    await vi.waitUntil(() => channel.reports.length === 1);
    expect(link.seen()).toEqual(['command c1']);
    expect(channel.reports).toMatchObject([{ commandId: 'c2', unsent: { cause: 'UNSENT_CAUSE_CANCELLED' } }]);
  });

  it.each([undefined, {}])(
    'refuses a command of a kind that it does not know, %j, and takes the others',
    async (unknown) => {
      await using channel = await openChannel();
      const link = await channel.world.connect();
      const odd = unknown ? { operation: unknown } : {};
      const pushes = [
        { ...channel.target('d1', 'c1'), ...odd, ...times },
        { ...channel.target('d1', 'c2'), operation, ...times },
      ];
      channel.write({ pushes, chunks: [{ targets: [channel.target('d1', 'c3')], ...odd, ...times }] });
      await vi.waitUntil(() => channel.reports.length === 2);
      expect(channel.reports).toMatchObject([
        { commandId: 'c1', unsent: { cause: 'UNSENT_CAUSE_UNSUPPORTED' } },
        { commandId: 'c3', unsent: { cause: 'UNSENT_CAUSE_UNSUPPORTED' } },
      ]);
      expect(link.seen()).toEqual(['command c2']);
    },
  );

  it('hands durable commands over, to the session that it names and to no other', async () => {
    await using channel = await openChannel();
    const link = await channel.world.connect();
    await channel.world.put('one');
    const push = { ...channel.target('d1', 'd-one'), operation, ...times, redelivered: true };
    channel.write({ pushes: [{ ...push, epoch: push.epoch + 1 }] });
    await vi.waitUntil(() => channel.reports.length === 1);
    expect(channel.reports).toMatchObject([{ commandId: 'd-one', report: 'notHere' }]);
    channel.write({ pushes: [push] });
    await vi.waitUntil(() => link.seen().length === 1);
    expect(link.seen()).toEqual(['again d-one']);
    link.succeed('one');
    await vi.waitUntil(() => channel.reports.length === 2);
    expect(channel.reports[1]).toMatchObject({ commandId: 'd-one', result: { outcome: 'succeeded' } });
    expect(channel.world.commands.written).toEqual(['ended d-one']);
  });

  it('sends no durable command again whose result has come before the push of a balancer', async () => {
    await using channel = await openChannel();
    const link = await channel.world.connect();
    for (const name of ['one', 'two']) await channel.world.put(name);
    const push = (id: string) => ({ ...channel.target('d1', id), operation, ...times });
    channel.write({ pushes: [push('d-one')] });
    await vi.waitUntil(() => link.seen().length === 1);
    link.succeed('one');
    await vi.waitUntil(() => link.seen().includes('result-received d-one'));
    // The first was delayed, and the registry was asked for the command meanwhile.
    channel.write({ pushes: [push('d-one'), push('d-two')] });
    await vi.waitUntil(() => link.seen().includes('command d-two'));
    expect(link.seen()).toEqual(['command d-one', 'result-received d-one', 'command d-two']);
  });

  it('tells a balancer that comes later of results that nobody here waited for', async () => {
    await using channel = await openChannel();
    const succeeded = { output: Buffer.alloc(0), statistics: null, alreadyEnded: false };
    const result = { commandId: 'c1', outcome: 'succeeded', succeeded } as const;
    channel.report({ commandId: 'c1' as CommandId, deviceId: 'd1', report: 'result', result });
    const later = channel.reopen();
    await vi.waitUntil(() => later.length === 1);
    expect(later).toMatchObject([{ commandId: 'c1', deviceId: 'd1', result: { outcome: 'succeeded' } }]);
  });
});

describe('an eviction', { timeout: 30_000 }, () => {
  it('of a device whose newer session has closed meanwhile ends the link that was superseded', async () => {
    await using channel = await openChannel();
    const { links, registry } = channel.world;
    await channel.world.connect();
    const former = links.epochOf(device);
    const { epoch } = (await registry.sessions.open(
      device,
      { ...worker, bootId: parseBootId('another') },
      by,
    )) as OpenedSession;
    await registry.sessions.close(device, epoch);
    expect(await channel.evict({ deviceId: device, epoch: former, newerIsGone: false })).toBe(0);
    await vi.waitUntil(() => links.epochOf(device) === 0);
  });
});

describe('a link that was superseded ends though its eviction comes to nothing', { timeout: 30_000 }, () => {
  it('because the registry was away when it came, and whoever asked for it never asks again', async () => {
    await using channel = await openChannel();
    const { links, registry } = channel.world;
    await channel.world.connect();
    const former = links.epochOf(device);
    await registry.sessions.open(device, { ...worker, bootId: parseBootId('another') }, by);
    channel.sessions.isAway = true;
    await expect(channel.evict({ deviceId: device, epoch: former, newerIsGone: false })).rejects.toThrow('away');
    channel.sessions.isAway = false;
    await vi.waitUntil(() => links.epochOf(device) === 0);
  });

  it('after the time that a check gives the change', async () => {
    await using channel = await openChannel();
    const { links, registry, tick } = channel.world;
    await channel.world.connect();
    channel.write({ sessionChecks: [{ deviceId: device, afterMs: 2_000 }] });
    await registry.sessions.open(device, { ...worker, bootId: parseBootId('another') }, by);
    await vi.waitUntil(() => channel.seen.checks > 0);
    await tick();
    expect(links.epochOf(device)).not.toBe(0);
    await tick();
    await vi.waitUntil(() => links.epochOf(device) === 0);
  });
});

describe('a report that is too large for a channel', { timeout: 30_000 }, () => {
  it.each([limits.controlMessageBytes - 128, limits.controlMessageBytes + 1])(
    'of %i bytes ends its command, and neither the channel nor other commands',
    async (bytes) => {
      await using channel = await openChannel();
      const succeeded = { output: Buffer.alloc(bytes), statistics: null, alreadyEnded: false };
      for (const commandId of ['large', 'small'] as CommandId[]) {
        const said = commandId === 'large' ? succeeded : { ...succeeded, output: Buffer.from('ok') };
        const result = { commandId, outcome: 'succeeded', succeeded: said } as const;
        channel.report({ commandId, deviceId: 'd1', report: 'result', result });
      }
      await vi.waitUntil(() => channel.reports.length === 2);
      const [large, small] = channel.reports;
      expect(large?.result?.failed?.reason).toBe("the device's result was too large to be passed on");
      expect(small).toMatchObject({ commandId: 'small', result: { outcome: 'succeeded' } });
      // Nor is it said over and over to balancers that come later.
      const later = channel.reopen();
      await vi.waitUntil(() => later.length === 2);
    },
  );
});

/** A worker's side of the wire, and a balancer's end of one channel. */
async function openChannel() {
  const channels = new BalancerChannels(systemClock, silentLogger);
  const world = await createDeliveryHarness((report, channel) => channels.report(report, channel));
  const { clock, links, delivery } = world;
  const pacer = new EvacuationPacer(links, clock);
  const redirects = new RedirectRequests({
    ...{ pacer, clock, logger: silentLogger },
    liveDevices: () => links.liveDevices(),
    reserveOn: async () => 'stay',
  });
  const seen = { checks: 0 };
  const check = links.checkSession.bind(links);
  links.checkSession = (...checked) => {
    check(...checked);
    seen.checks += 1;
  };
  const sessions = {
    isAway: false,
    findMany: async (devices: readonly DeviceId[]) => {
      if (sessions.isAway) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
      return world.registry.sessions.findMany(devices);
    },
    history: (of: DeviceId) => world.registry.sessions.history(of),
  };
  const tunnels = { onBalancer: async () => {}, closeOf: () => {} };
  const service = new ControlService({
    traces: { begin: () => {} },
    sessions,
    gate: { refuse: () => {} },
    ...{ self: worker, links, redirects, durable: delivery, channels, tunnels, clock, logger: silentLogger },
  });
  const server = new Server({ 'grpc.max_receive_message_length': limits.controlMessageBytes });
  server.addService(NodeControlService.service, service.handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const client = new NodeControlService(`127.0.0.1:${port}`, credentials.createInsecure());
  const calls: ReturnType<typeof client.channel>[] = [];
  const open = () => {
    const call = client.channel();
    const reports: node.CommandReport[] = [];
    call.on('data', (message: node.ChannelResponse) => void reports.push(...message.reports));
    call.on('error', () => {});
    calls.push(call);
    return { call, reports };
  };
  const { call, reports } = open();
  return {
    ...{ world, reports, sessions, seen },
    report: (report: Report) => channels.report(report, 'every'),
    reopen: () => open().reports,
    write: (message: node.ChannelRequestInit) => void call.write(message),
    /** Resolves to the number of links that were closed at once. */
    evict: (eviction: node.Eviction) =>
      new Promise<number>((resolve, reject) => {
        client.evict({ evictions: [eviction] }, (error, answer) => (answer ? resolve(answer.closed) : reject(error)));
      }),
    target: (deviceId: string, commandId: string): node.PushTarget => {
      return { commandId, deviceId, epoch: links.epochOf(parseDeviceId(deviceId)) };
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of calls) each.cancel();
      client.close();
      server.forceShutdown();
      await world[Symbol.asyncDispose]();
    },
  };
}

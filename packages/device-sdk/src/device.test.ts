import { type common, PushfleetError } from '@pushfleet/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../test/cluster/free-ports.ts';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { assignTo, type TestBalancer } from './balancer.fixture.ts';
import { CommandFailed, CommandRejected } from './commands/command.ts';
import type { CommandStore } from './commands/log.ts';
import { createDevice, type Device } from './device.ts';
import { startGrpcBalancer } from './grpc/balancer.fixture.ts';
import { startGrpcPushServer } from './grpc/push-server.fixture.ts';
import { startHttpsBalancer } from './https/balancer.fixture.ts';
import { startMqttPushServer } from './mqtt/push-server.fixture.ts';
import type { DeviceOptions, LinkKind } from './options.ts';
import type { Said, TestLink, TestPushServer, TestServerOptions } from './push-server.fixture.ts';
import { DeviceStopped } from './status.ts';

const deviceId = 'laptop-1';
const secret = 'a secret of some length';
const forceSync: common.Operation = { kind: 'forceSync', forceSync: { reason: 'now' } };

const cleanup: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of cleanup.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});
function own<T extends AsyncDisposable>(resource: T): T {
  cleanup.push(resource);
  return resource;
}

async function startPushServer(link: LinkKind, options: TestServerOptions = {}): Promise<TestPushServer> {
  return own(await (link === 'grpc' ? startGrpcPushServer(options) : startMqttPushServer(options)));
}

async function startBalancer(link: LinkKind, answer: TestBalancer['answer']): Promise<TestBalancer> {
  return own(await (link === 'grpc' ? startGrpcBalancer(answer) : startHttpsBalancer(answer)));
}

function startDevice(link: LinkKind, balancer: TestBalancer, options: Partial<DeviceOptions> = {}): Device {
  const device = createDevice({
    deviceId,
    secret,
    balancers: [balancer.url],
    link,
    plaintextLink: true,
    backoff: { baseMs: 5, capMs: 20 },
    ...options,
  });
  device.handle('forceSync', async () => ({ output: 'done' }));
  device.start();
  return own(device);
}

/** Nobody listens at its address. */
async function goneServer() {
  const [port = 0] = await findFreePorts(1);
  return { nodeId: 'gone', address: '127.0.0.1', port };
}

async function nextSaid<Kind extends Said['kind']>(link: TestLink, kind: Kind): Promise<Extract<Said, { kind: Kind }>> {
  for (;;) {
    const said = await link.said.next();
    if (said.kind === kind) return said as Extract<Said, { kind: Kind }>;
  }
}

it('a gRPC device says only the result of what ends at once', async () => {
  const server = await startPushServer('grpc');
  startDevice('grpc', await startBalancer('grpc', assignTo(server.server)));
  const connection = await server.links.next();
  connection.send('c1', forceSync);
  expect(await connection.said.next()).toMatchObject({ kind: 'result', result: { commandId: 'c1' } });
});

describe.each(['grpc', 'mqtt', 'mqtt3'] as const)('a device over %s', (link) => {
  it('shows its ticket, confirms a command while it runs, and sends the result', async () => {
    const server = await startPushServer(link);
    const balancer = await startBalancer(link, assignTo(server.server));
    const device = startDevice(link, balancer);
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    device.handle('forceSync', async () => {
      await mayEnd;
      return { output: 'done' };
    });
    const connection = await server.links.next();
    await device.connected();
    expect(connection.ticket).toBe('ticket-1');
    expect(balancer.asked).toEqual([{ deviceId, secret, unreachableNodeIds: [] }]);
    connection.send('c1', forceSync);
    expect(await connection.said.next()).toEqual({ kind: 'delivered', id: 'c1' });
    end();
    const { result } = await nextSaid(connection, 'result');
    expect(result).toMatchObject({ commandId: 'c1', succeeded: { output: Buffer.from('done') } });
  });

  it.each([
    ['CommandRejected', new CommandRejected('not today'), { rejected: { reason: 'not today' } }],
    [
      'CommandFailed',
      new CommandFailed('disk full', 'df'),
      { failed: { reason: 'disk full', output: Buffer.from('df') } },
    ],
    ['anything else', new Error('oops'), { failed: { reason: 'oops' } }],
  ])('says what a handler that throws %s means', async (_name, error, expected) => {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)));
    device.handle('forceSync', async () => {
      throw error;
    });
    const connection = await server.links.next();
    connection.send('c1', forceSync);
    expect((await nextSaid(connection, 'result')).result).toMatchObject(expected);
  });

  it('hands custom payloads to the handler as they were sent', async () => {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)));
    device.handle('custom', async ({ payload }) => ({ output: payload }));
    const connection = await server.links.next();
    const payload = Buffer.from([0, 255, 1, 254]);
    connection.send('c1', { kind: 'custom', custom: { name: 'echo', payload } });
    expect((await nextSaid(connection, 'result')).result.succeeded?.output).toEqual(payload);
  });

  it('runs a command once though it comes twice, and repeats its result', async () => {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)));
    let runs = 0;
    device.handle('forceSync', async () => {
      runs += 1;
      return { output: `run ${runs}` };
    });
    const connection = await server.links.next();
    for (let turn = 0; turn < 2; turn += 1) {
      connection.send('c1', forceSync);
      const { result } = await nextSaid(connection, 'result');
      expect(result.succeeded?.output.toString()).toBe('run 1');
    }
  });

  it('reconnects after a lost link, and sends the result that was made while it was down', async () => {
    const server = await startPushServer(link);
    const balancer = await startBalancer(link, assignTo(server.server));
    const device = startDevice(link, balancer);
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    device.handle('forceSync', async () => {
      await mayEnd;
      return { output: 'after all' };
    });
    const first = await server.links.next();
    first.send('c1', forceSync);
    await nextSaid(first, 'delivered');
    first.cut();
    end();
    const second = await server.links.next();
    expect((await nextSaid(second, 'result')).result.succeeded?.output.toString()).toBe('after all');
    // MQTT 3.1.1 does not say why a link ends: a balancer is asked where the device belongs now.
    expect(second.ticket).toBe(link === 'mqtt3' ? 'ticket-2' : 'ticket-1');
  });

  it('goes to the backup where the primary cannot be reached', async () => {
    const gone = await goneServer();
    const backup = await startPushServer(link, { nodeId: 'backup' });
    const balancer = await startBalancer(link, assignTo(gone, backup.server));
    startDevice(link, balancer);
    expect((await backup.links.next()).ticket).toBe('ticket-1');
    expect(balancer.asked).toHaveLength(1);
  });

  it('tells the balancer which push servers it could not reach', async () => {
    const server = await startPushServer(link);
    const balancer = await startBalancer(link, assignTo(await goneServer()));
    startDevice(link, balancer);
    await expect.poll(() => balancer.asked.length).toBeGreaterThan(1);
    expect(balancer.asked[1]?.unreachableNodeIds).toEqual(['gone']);
    balancer.answer = assignTo(server.server);
    await server.links.next();
  });

  it('asks for another ticket where this one is refused', async () => {
    const server = await startPushServer(link);
    server.refusal = { reason: 'ticketExpired' };
    const balancer = await startBalancer(link, assignTo(server.server));
    startDevice(link, balancer);
    await expect.poll(() => balancer.asked.length).toBeGreaterThan(1);
    server.refusal = undefined;
    expect((await server.links.next()).ticket).not.toBe('ticket-1');
  });

  it('stops where its credential is wrong, and says so', async () => {
    const balancer = await startBalancer(link, () => new PushfleetError('BAD_CREDENTIAL', 'unknown device'));
    const device = startDevice(link, balancer);
    await expect(device.connected()).rejects.toBeInstanceOf(DeviceStopped);
    expect(device.currentStatus).toMatchObject({ kind: 'stopped', cause: { reason: 'BAD_CREDENTIAL' } });
  });

  it('finds a silent push server by keep-alive', async () => {
    const clock = new ManualClock();
    const server = await startPushServer(link, { keepAliveMs: 20_000 });
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)), {
      clock,
      keepAliveMs: 20_000,
    });
    const first = await server.links.next();
    await device.connected();
    for (const id of ['c1', 'c2']) {
      clock.advance(20_000);
      await nextSaid(first, 'ping');
      // Its result shows that the device has heard from the server after the ping.
      first.send(id, forceSync);
      await nextSaid(first, 'result');
    }
    expect(device.currentStatus.kind).toBe('connected');
    server.silent = true;
    clock.advance(40_000);
    await nextSaid(first, 'gone');
    await expect.poll(() => device.currentStatus.kind).toBe('waiting');
    server.silent = false;
    clock.advance(1_000);
    await server.links.next();
  });

  it('says goodbye when it is stopped, and leaves no timer', async () => {
    const clock = new ManualClock();
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)), { clock });
    const connection = await server.links.next();
    await device.connected();
    await device.stop();
    await nextSaid(connection, 'goodbye');
    expect(device.currentStatus).toMatchObject({ kind: 'stopped', cause: { reason: 'goodbye' } });
    expect(clock.pending).toBe(0);
    device.start();
    expect((await server.links.next()).ticket).toBe('ticket-1');
  });

  it('waits for its turn before it connects, and can be stopped meanwhile', async () => {
    const clock = new ManualClock();
    const server = await startPushServer(link);
    const assign = assignTo(server.server);
    const balancer = await startBalancer(link, () => ({ ...assign(), connectAfterMs: 60_000 }));
    const device = startDevice(link, balancer, { clock });
    const itsTurn = { kind: 'waiting', forMs: 60_000, cause: undefined };
    await expect.poll(() => device.currentStatus).toEqual(itsTurn);
    await device.stop();
    expect(clock.pending).toBe(0);
    device.start();
    expect(device.currentStatus).toEqual(itsTurn);
    clock.advance(59_999);
    expect(device.currentStatus.kind).toBe('waiting');
    clock.advance(1);
    expect((await server.links.next()).ticket).toBe('ticket-1');
  });

  it('can be stopped while it waits', async () => {
    const clock = new ManualClock();
    const balancer = await startBalancer(
      link,
      () => new PushfleetError('NO_CAPACITY', 'full', { retryAfterMs: 5_000 }),
    );
    const device = startDevice(link, balancer, { clock, random: () => 0 });
    await expect.poll(() => device.currentStatus).toMatchObject({ kind: 'waiting', forMs: 5_000 });
    await device.stop();
    expect(clock.pending).toBe(0);
  });
});

describe.each(['grpc', 'mqtt', 'mqtt3'] as const)('commands over %s', (link) => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  async function startRunning(options: Partial<DeviceOptions> = {}) {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)), options);
    device.handle('runTask', (_, { signal, progress }) => {
      progress({ percent: 40, message: 'on it' });
      return untilAborted(signal);
    });
    return { device, server, connection: await server.links.next() };
  }
  const runTask: common.Operation = { kind: 'runTask', runTask: { taskId: 'backup', parameters: { to: 'tape' } } };

  it('runs a task, says how far it has come, and gives it up when it is cancelled', async () => {
    const { connection } = await startRunning();
    connection.send('c1', runTask);
    expect((await nextSaid(connection, 'result')).result).toMatchObject({ running: { progress: null } });
    expect((await nextSaid(connection, 'result')).result.running?.progress).toEqual({ percent: 40, message: 'on it' });
    connection.cancel('c1', 'enough');
    expect((await nextSaid(connection, 'result')).result).toMatchObject({ cancelled: { reason: 'enough' } });
  });

  it('stops a task, and says when it had ended', async () => {
    const { connection } = await startRunning();
    connection.send('c1', runTask);
    for (let nth = 0; nth < 2; nth += 1) await nextSaid(connection, 'result');
    connection.send('c2', { kind: 'stopTask', stopTask: { taskId: 'backup' } });
    expect((await nextSaid(connection, 'result')).result).toMatchObject({ commandId: 'c1', outcome: 'cancelled' });
    expect((await nextSaid(connection, 'result')).result).toMatchObject({ commandId: 'c2', outcome: 'succeeded' });
    connection.send('c3', { kind: 'stopTask', stopTask: { taskId: 'backup' } });
    expect((await nextSaid(connection, 'result')).result).toMatchObject({ succeeded: { alreadyEnded: true } });
  });

  it('reads statistics', async () => {
    const { device, connection } = await startRunning();
    device.handle('getStatistics', ({ applicationId }) => ({ [`${applicationId}.files`]: 17, load: 0.25 }));
    connection.send('c1', {
      kind: 'getStatistics',
      getStatistics: { applicationId: 'av', counters: [], intervalMs: 0 },
    });
    const { result } = await nextSaid(connection, 'result');
    expect(result.succeeded?.statistics?.counters).toEqual({ 'av.files': 17, load: 0.25 });
  });

  it('says over the next link that a task still runs, and how it ended', async () => {
    const { server, connection } = await startRunning();
    connection.send('c1', runTask);
    for (let nth = 0; nth < 2; nth += 1) await nextSaid(connection, 'result');
    connection.cut();
    const second = await server.links.next();
    expect((await nextSaid(second, 'result')).result.running?.progress).toEqual({ percent: 40, message: 'on it' });
    second.cancel('c1', 'enough');
    expect((await nextSaid(second, 'result')).result).toMatchObject({ commandId: 'c1', outcome: 'cancelled' });
  });

  it('runs no command that its store knows', async () => {
    const store: CommandStore = {
      load: async () => [{ id: 'c1', ending: 'begun' }],
      begin: async () => undefined,
      end: async () => undefined,
    };
    const { connection } = await startRunning({ store });
    connection.send('c1', forceSync);
    expect((await nextSaid(connection, 'result')).result).toMatchObject({
      failed: { reason: 'the device restarted while the command ran' },
    });
    connection.send('c2', forceSync);
    expect((await nextSaid(connection, 'result')).result.outcome).toBe('succeeded');
  });

  it('does not connect where its store cannot be read, until it can', async () => {
    const server = await startPushServer(link);
    let damaged = true;
    const store: CommandStore = {
      load: async () => {
        if (damaged) throw new Error('line 7 cannot be read');
        return [];
      },
      begin: async () => undefined,
      end: async () => undefined,
    };
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)), { store });
    await expect(device.connected()).rejects.toThrow('(storeUnreadable): line 7 cannot be read');
    damaged = false;
    device.start();
    await server.links.next();
  });
});

describe.each(['grpc', 'mqtt'] as const)('a device over %s, which can declare what it does', (link) => {
  it('declares its handlers, and later ones over the next link', async () => {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)));
    const first = await server.links.next();
    expect(first.operations).toEqual(['force_sync']);
    device.handle('runTask', () => undefined);
    device.withdraw('forceSync');
    first.cut();
    expect((await server.links.next()).operations).toEqual(['run_task', 'stop_task']);
  });
});

it('keeps the result of a durable command over gRPC until the server has it for good', async () => {
  const server = await startPushServer('grpc');
  startDevice('grpc', await startBalancer('grpc', assignTo(server.server)));
  const first = await server.links.next();
  first.send('c1', forceSync, true);
  first.send('c2', forceSync, true);
  for (let nth = 0; nth < 2; nth += 1) await nextSaid(first, 'result');
  first.receive('c1');
  // Its result shows that what came before was read.
  first.send('c3', { kind: 'stopTask', stopTask: { taskId: 'none' } }, true);
  await nextSaid(first, 'result');
  first.receive('c3');
  first.cut();
  const second = await server.links.next();
  expect((await nextSaid(second, 'result')).result.commandId).toBe('c2');
});

describe.each(['grpc', 'mqtt'] as const)('a device over %s, which says why a link ends', (link) => {
  it('follows a redirect to a push server that its ticket names, without asking again', async () => {
    const first = await startPushServer(link, { nodeId: 'dp1' });
    const second = await startPushServer(link, { nodeId: 'dp2' });
    const balancer = await startBalancer(link, assignTo(first.server, second.server));
    startDevice(link, balancer);
    (await first.links.next()).close('useAnotherServer', second.server);
    expect((await second.links.next()).ticket).toBe('ticket-1');
    expect(balancer.asked).toHaveLength(1);
  });

  it('follows a redirect that it gets in place of a welcome', async () => {
    const full = await startPushServer(link, { nodeId: 'dp1' });
    const second = await startPushServer(link, { nodeId: 'dp2' });
    full.refusal = { reason: 'noCapacity', redirect: second.server };
    const balancer = await startBalancer(link, assignTo(full.server, second.server));
    startDevice(link, balancer);
    await second.links.next();
    expect(balancer.asked).toHaveLength(1);
  });

  it('asks a balancer where a redirect leads to a push server that its ticket does not name', async () => {
    const first = await startPushServer(link, { nodeId: 'dp1' });
    const second = await startPushServer(link, { nodeId: 'dp2' });
    const balancer = await startBalancer(link, assignTo(first.server));
    startDevice(link, balancer);
    const connection = await first.links.next();
    balancer.answer = assignTo(second.server);
    connection.close('useAnotherServer', second.server);
    await second.links.next();
    expect(balancer.asked[1]?.unreachableNodeIds).toEqual(['dp1']);
  });

  it('stops when a newer link of the same device took over', async () => {
    const server = await startPushServer(link);
    const device = startDevice(link, await startBalancer(link, assignTo(server.server)));
    const connection = await server.links.next();
    await device.connected();
    connection.close('sessionTakenOver');
    await expect
      .poll(() => device.currentStatus)
      .toMatchObject({ kind: 'stopped', cause: { reason: 'sessionTakenOver' } });
    await expect(device.connected()).rejects.toThrow('sessionTakenOver');
  });
});

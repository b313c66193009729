import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import type { Tunnel, TunnelTarget } from '@pushfleet/admin-sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { receive, send, sendUntilStalled } from './cluster/byte-streams.ts';
import { closed } from './cluster/closed.ts';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { findFreePorts } from './cluster/free-ports.ts';
import { PlayedDevice } from './cluster/played-device.ts';
import { residentBytes } from './cluster/processes.ts';
import { TcpTarget } from './cluster/tcp-target.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { binary, runTool } from './cluster/tools.ts';

const links = ['grpc', 'mqtt', 'mqtt3'] as const;
const anywhere = { tunnels: { allow: ['127.0.0.1:*'], maxOpen: 64 } };
const megabytes = 1_000_000;

/** For the tests that leave it as it was. */
let shared: TestCluster;
let connected = 0;

beforeAll(async () => {
  shared = await TestCluster.create();
});
afterAll(() => shared[Symbol.asyncDispose]());

/** Connects a device that permits tunnels. */
async function connect(cluster: TestCluster, link: (typeof links)[number], wanted?: string): Promise<string> {
  connected += 1;
  const id = wanted ?? `device-${link}-${connected}`;
  await cluster.devices.register(id);
  const { device } = cluster.devices.create(id, { link, ...anywhere });
  device.start();
  await device.connected(AbortSignal.timeout(40_000));
  return id;
}

/** How it ends is of interest only to those tests that say so. */
async function openTunnel(cluster: TestCluster, target: TunnelTarget): Promise<Tunnel> {
  const tunnel = await cluster.admin.tunnels.open(target);
  return tunnel.on('error', () => undefined);
}

function failureOf(tunnel: Tunnel): Promise<unknown> {
  return once(tunnel.resume(), 'error').then(([error]) => error);
}

async function pidsOf(cluster: TestCluster): Promise<number[]> {
  const workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  return [...cluster.balancers.map(({ pid }) => pid), ...workers];
}

describe('tunnels', () => {
  it('carry 20 MB each way unchanged, to devices of every link, and many at once', async () => {
    await using target = await TcpTarget.echo();
    for (const link of links) {
      const deviceId = await connect(shared, link);
      const tunnel = await openTunnel(shared, { deviceId, target: target.address });
      expect(tunnel.nodeId).toBe('dp-0');
      const [sent, received] = await Promise.all([send(tunnel, 20 * megabytes), receive(tunnel)]);
      expect(received).toEqual({ bytes: 20 * megabytes, hash: sent });
    }
    const deviceId = await connect(shared, 'mqtt');
    const many = await Promise.all(
      Array.from({ length: 50 }, () => openTunnel(shared, { deviceId, target: target.address })),
    );
    const results = await Promise.all(many.map((one) => Promise.all([send(one, megabytes), receive(one)])));
    for (const [sent, { hash }] of results) expect(hash).toBe(sent);
    expect(new Set(many.map(({ tunnelId }) => tunnelId)).size).toBe(50);
  });

  it('end one direction without the other, whoever ends first', async () => {
    const deviceId = await connect(shared, 'grpc');
    // Speaks only when it has heard the end.
    await using patient = await TcpTarget.listen((socket) =>
      socket.resume().once('end', () => setImmediate(() => socket.end('after your end'))),
    );
    const first = await openTunnel(shared, { deviceId, target: patient.address });
    first.end('a question');
    expect((await first.toArray()).join('')).toBe('after your end');
    // Ends at once, and listens.
    const heard = Promise.withResolvers<string>();
    await using curt = await TcpTarget.listen((socket) => {
      socket.end('no');
      void socket.toArray().then((chunks) => heard.resolve(chunks.join('')));
    });
    const second = await openTunnel(shared, { deviceId, target: curt.address });
    const ended = once(second.resume(), 'end');
    await ended;
    second.end('said all the same');
    expect(await heard.promise).toBe('said all the same');
  });

  it.each(['to the device', 'from the device'] as const)(
    'stop the writer while nobody reads %s, with little memory anywhere',
    async (direction) => {
      await using cluster = await TestCluster.create();
      const deviceId = await connect(cluster, 'grpc');
      let taken = 0;
      await using target = await TcpTarget.listen((socket) => {
        socket.pause();
        if (direction === 'from the device') void sendUntilStalled(socket, 200 * megabytes).then((n) => (taken = n));
      });
      const pids = await pidsOf(cluster);
      const before = pids.map(residentBytes);
      const tunnel = await openTunnel(cluster, { deviceId, target: target.address });
      if (direction === 'to the device') taken = await sendUntilStalled(tunnel, 200 * megabytes);
      else await eventually('the writer has stopped', () => taken > 0, 30_000);
      expect(taken).toBeLessThan(40 * megabytes);
      const grown = pids.map(residentBytes).map((bytes, index) => bytes - (before[index] as number));
      for (const bytes of grown) expect(bytes).toBeLessThan(40 * megabytes);

      // It goes on when somebody reads.
      const [socket] = target.sockets;
      if (!socket) throw new Error('the target has no connection');
      if (direction === 'to the device') {
        tunnel.end();
        expect((await receive(socket)).bytes).toBe(taken);
        socket.end();
      } else {
        socket.end();
        expect((await receive(tunnel)).bytes).toBe(taken);
      }
    },
  );

  it('are not opened to devices that are unknown, away or unwilling, nor to targets that are closed', async () => {
    await using log = await EventLog.start(shared.admin);
    const deviceId = await connect(shared, 'mqtt');
    await shared.devices.connect(1, 'unwilling');
    await shared.devices.register('away');
    const [closedPort] = await findFreePorts(1);
    const open = (id: string, target: string) => openTunnel(shared, { deviceId: id, target });
    await expect(open('nobody', '127.0.0.1:22')).rejects.toMatchObject({ code: 'DEVICE_NOT_FOUND' });
    await expect(open('away', '127.0.0.1:22')).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
      message: 'device "away" is not connected',
    });
    await expect(open(deviceId, '10.1.2.3:22')).rejects.toMatchObject({
      code: 'TUNNEL_REFUSED',
      message: 'the device does not permit tunnels to 10.1.2.3:22',
    });
    await expect(open('unwilling-0', '127.0.0.1:22')).rejects.toMatchObject({ code: 'TUNNEL_REFUSED' });
    const unreachable = await open(deviceId, `127.0.0.1:${closedPort}`).catch((error) => error);
    expect(unreachable).toMatchObject({ code: 'TARGET_UNREACHABLE' });
    expect(unreachable.message).toMatch(/cannot connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED/);
    await expect(open(deviceId, 'no port')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'target.target' });
    await expect(openTunnel(shared, { deviceId, target: '127.0.0.1:22', idleLimitMs: 1 })).rejects.toMatchObject({
      field: 'target.idle_limit',
    });
    const refused = await eventually('refusals are written down', () => {
      const events = log.of('EVENT_KIND_TUNNEL_REFUSED');
      return events.length === 5 && events;
    });
    expect(refused.find(({ reason }) => reason.includes('does not permit'))).toMatchObject({
      deviceId,
      tunnel: { target: '10.1.2.3:22', bytesToDevice: 0 },
    });
  });

  it('end when they are idle or have lasted long enough, and are written down with their bytes', async () => {
    await using cluster = await TestCluster.create();
    await using target = await TcpTarget.echo();
    await using log = await EventLog.start(cluster.admin);
    const deviceId = await connect(cluster, 'grpc');
    // Longer than a busy machine keeps anybody from writing.
    const idleLimitMs = 5_000;
    const idle = await openTunnel(cluster, { deviceId, target: target.address, idleLimitMs });
    idle.write(Buffer.alloc(1_234));
    const idleError = failureOf(idle);
    const busy = await openTunnel(cluster, {
      ...{ deviceId, target: target.address, idleLimitMs, timeLimitMs: 2 * idleLimitMs },
    });
    const busyError = failureOf(busy);
    const talk = setInterval(() => busy.write('x'), 100);
    busy.once('close', () => clearInterval(talk));
    expect(await idleError).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'idle' });
    expect(await busyError).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'time limit' });
    const done = await openTunnel(cluster, { deviceId, target: target.address });
    await Promise.all([send(done, 5_000), receive(done)]);

    const closed = await eventually('all three ends are written down', () => {
      const events = log.of('EVENT_KIND_TUNNEL_CLOSED');
      return events.length === 3 && events;
    });
    const about = (tunnel: Tunnel) => closed.find((event) => event.tunnel?.tunnelId === tunnel.tunnelId);
    expect(about(idle)).toMatchObject({
      ...{ deviceId, nodeId: 'dp-0', reason: 'idle' },
      tunnel: { target: target.address, bytesToDevice: 1_234, bytesFromDevice: 1_234 },
    });
    expect(about(busy)?.reason).toBe('time limit');
    expect(about(done)).toMatchObject({
      reason: 'both sides have ended',
      tunnel: { bytesToDevice: 5_000, bytesFromDevice: 5_000 },
    });
    expect(log.of('EVENT_KIND_TUNNEL_OPENED').map(({ tunnel }) => tunnel?.tunnelId)).toEqual(
      [idle, busy, done].map(({ tunnelId }) => tunnelId),
    );
    await eventually('no connection is left at the target', () => target.sockets.size === 0);
  });

  it('end with a reason when their push server is drained, and are opened on another one', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2 });
    await using target = await TcpTarget.echo();
    const deviceId = await connect(cluster, 'grpc');
    const tunnel = await openTunnel(cluster, { deviceId, target: target.address });
    const error = failureOf(tunnel);
    await cluster.admin.maintenance.drain({ nodeId: tunnel.nodeId });
    expect(await error).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'the push server is draining' });
    const next = await eventually('a tunnel goes elsewhere', async () => {
      const opened = await openTunnel(cluster, { deviceId, target: target.address }).catch(() => undefined);
      return opened;
    });
    expect(next.nodeId).not.toBe(tunnel.nodeId);
    const [sent, received] = await Promise.all([send(next, megabytes), receive(next)]);
    expect(received.hash).toBe(sent);
  });

  it('end with a reason when the balancer or the device stops, or the worker dies', async () => {
    await using cluster = await TestCluster.create();
    await using target = await TcpTarget.echo();
    const deviceId = await connect(cluster, 'grpc');
    const other = await connect(cluster, 'mqtt');
    const open = (id: string) => openTunnel(cluster, { deviceId: id, target: target.address });
    const ofStopped = failureOf(await open(other));
    await cluster.devices.all.find(({ id }) => id === other)?.device.stop();
    expect(await ofStopped).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'the device was stopped' });

    const ofKilled = failureOf(await open(deviceId));
    for (const { pid } of (await cluster.nodes()).flatMap(({ workers }) => workers)) process.kill(pid, 'SIGKILL');
    expect(await ofKilled).toMatchObject({ code: 'TUNNEL_CLOSED', message: expect.stringMatching(/was lost/) });
    await eventually('the target is let go', () => target.sockets.size === 0);

    await cluster.nodesReady(1);
    const last = await eventually('the device is back', () => open(deviceId).catch(() => undefined), 20_000);
    const ofBalancer = failureOf(last);
    await cluster.balancers[0]?.stop();
    expect(await ofBalancer).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'the balancer is stopping' });
    await cluster.startBalancer(0).said('balancer ready');
  });

  it('take no token but the one that the balancer has made, and that one once', async () => {
    await shared.devices.register('played');
    const { primary, ticket } = await askTicket(shared.assignUrls[0] ?? '', shared.ca, 'played', testSecret);
    using played = new PlayedDevice(primary, shared.ca);
    expect(await played.come('rubbish')).toMatchObject({ code: 'BAD_TOKEN' });
    expect(await played.come(ticket)).toMatchObject({ code: 'BAD_TOKEN' });
    expect(await played.come('x'.repeat(10_000))).toMatchObject({ code: 'BAD_TOKEN' });
    // Larger than a greeting: it is not read.
    expect(await played.come('x'.repeat(100_000))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });

    const welcomed = Promise.withResolvers<void>();
    const ordered = played.openTunnelOrder(ticket, welcomed.resolve);
    await welcomed.promise;
    const opening = openTunnel(shared, { deviceId: 'played', target: '127.0.0.1:22' });
    const token = (await ordered).openTunnel?.token ?? '';
    const heard: string[] = [];
    void played.come(token, ({ frame }) => heard.push(String(frame?.data)));
    const tunnel = await opening;
    // On the worker that knows it, it has been used; on another one, nobody comes for it.
    const again = await played.come(token, ({ frame }) => heard.push(`stolen ${frame?.data}`));
    expect(['the token has been used', 'no balancer took the tunnel up']).toContain(again.message);
    tunnel.write('for one only');
    await eventually('it arrives where the token was used first', () => heard.length > 0);
    expect(heard).toEqual(['for one only']);
  });

  it('are bounded in number, on the balancer and on the device', async () => {
    await using cluster = await TestCluster.create({ environment: { PUSHFLEET_TUNNELS: '2' } });
    await using target = await TcpTarget.echo();
    await cluster.devices.register('small');
    const { device } = cluster.devices.create('small', { tunnels: { allow: ['*:*'], maxOpen: 1 } });
    device.start();
    await device.connected();
    const other = await connect(cluster, 'mqtt3');
    const open = (deviceId: string) => openTunnel(cluster, { deviceId, target: target.address });
    const first = await open('small');
    await expect(open('small')).rejects.toMatchObject({
      code: 'TUNNEL_REFUSED',
      message: 'the device has 1 tunnels open',
    });
    await open(other);
    await expect(open(other)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterMs: 1_000 });
    first.destroy();
    await eventually('there is room again', () => open('small').catch(() => undefined));
  });
});

describe('pushfleet tunnel', () => {
  it('makes each connection to the local port a tunnel, and says how each ended', async () => {
    await using target = await TcpTarget.echo();
    const deviceId = await connect(shared, 'mqtt');
    const tool = startTool(shared, [deviceId, '--local', '0', '--target', target.address]);
    const port = await listensAt(tool);
    const results = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const socket = connectTo({ port, host: '127.0.0.1', allowHalfOpen: true });
        return Promise.all([send(socket, 2 * megabytes), receive(socket)]);
      }),
    );
    for (const [sent, { hash, bytes }] of results) expect([hash, bytes]).toEqual([sent, 2 * megabytes]);
    await eventually('it has told of all ends', () => {
      const ends = tool.output.match(/ended: 2000000 bytes to the device, 2000000 from it$/gm);
      return ends?.length === 10;
    });
    // Ctrl-C ends it well, with a connection open.
    const last = connectTo({ port, host: '127.0.0.1' });
    last.write('x');
    await once(last, 'data');
    const end = closed(last);
    await tool.stop('SIGINT');
    await end;
  });

  it('says what is wrong: the device is away, it declines, the target is closed, the port is taken', async () => {
    const [closedPort] = await findFreePorts(1);
    const deviceId = await connect(shared, 'grpc');
    await shared.devices.register('away');
    const cases = [
      ['away', '127.0.0.1:22', /refused: device "away" is not connected/],
      [deviceId, '10.0.0.1:22', /refused: the device does not permit tunnels to 10\.0\.0\.1:22/],
      [deviceId, `127.0.0.1:${closedPort}`, /refused: cannot connect to 127\.0\.0\.1:\d+: .*ECONNREFUSED/],
      ['nobody', '127.0.0.1:22', /refused: there is no device "nobody"/],
    ] as const;
    for (const [device, target, words] of cases) {
      const tool = startTool(shared, [device, '--local', '0', '--target', target]);
      const socket = connectTo({ port: await listensAt(tool), host: '127.0.0.1' });
      const [error] = await once(socket, 'error');
      expect(error).toMatchObject({ code: 'ECONNRESET' });
      await eventually('it says so', () => words.test(tool.output));
      await tool.stop();
    }
    await using taken = await TcpTarget.echo();
    const args = [binary, 'tunnel', deviceId, '--local', String(taken.port), '--target', '127.0.0.1:22'];
    const { status, errors } = await runTool(process.execPath, args, environmentOf(shared));
    expect([status, errors]).toEqual([
      1,
      `pushfleet: --local 127.0.0.1:${taken.port}: the port is taken; choose another one\n`,
    ]);
  });
});

function environmentOf(cluster: TestCluster): Record<string, string> {
  return {
    PUSHFLEET_STATE_DIR: cluster.stateDir,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
  };
}

function startTool(cluster: TestCluster, args: readonly string[]): ClusterProcess {
  return new ClusterProcess('tunnel', ['tunnel', ...args], environmentOf(cluster));
}

async function listensAt(tool: ClusterProcess): Promise<number> {
  await tool.said('leads to');
  return Number(/^127\.0\.0\.1:(\d+) leads to/m.exec(tool.output)?.[1]);
}

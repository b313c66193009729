import type { EventEmitter } from 'node:events';
import { readdir } from 'node:fs/promises';
import net from 'node:net';
import { credentials } from '@grpc/grpc-js';
import { HealthService } from '@pushfleet/protocol/admin';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { residentBytes } from './cluster/processes.ts';
import { dataFrames, FrameType, grpcMessage, RawHttp2, Setting } from './cluster/raw-http2.ts';
import { TestCluster } from './cluster/test-cluster.ts';

const watch = '/grpc.health.v1.Health/Watch';
const reflection = '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo';
const megabyte = 1_048_576;

describe('a flood from somebody without any credentials', () => {
  let cluster: TestCluster;
  const tls = { rejectUnauthorized: false };
  const disposables: Disposable[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.create({ environment: { PUSHFLEET_MAX_WORKERS: '1' } });
    await cluster.devices.connect(2);
  });

  afterAll(async () => {
    for (const each of disposables.splice(0)) each[Symbol.dispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const adminPort = () => cluster.balancerPorts[0]?.admin as number;
  const devicePort = () => cluster.devicePorts[0] as number;

  async function connect(port: number, settings: readonly (readonly [number, number])[] = []): Promise<RawHttp2> {
    const client = await RawHttp2.connect(port, { tls, settings });
    disposables.push(client);
    return client;
  }

  /** While it goes on, and after it, devices are reached; and what the processes hold grows by less than `limit`. */
  async function expectCalm(flood: () => Promise<unknown>, limit = 150 * megabyte): Promise<void> {
    const pids = [...cluster.balancers.map(({ pid }) => pid), ...(await workerPids())];
    const before = pids.map(residentBytes);
    await Promise.all([flood(), expectServing()]);
    await expectServing();
    const after = pids.map(residentBytes);
    for (const [index, bytes] of after.entries()) expect(bytes - (before[index] ?? 0)).toBeLessThan(limit);
    expect([...cluster.balancers, ...cluster.pushServers].every(({ isRunning }) => isRunning)).toBe(true);
    expect(await workerPids()).toEqual(pids.slice(cluster.balancers.length));
    expect(cluster.balancers[0]?.output).not.toContain('"place":"process"');
    for (const each of disposables.splice(0)) each[Symbol.dispose]();
  }

  async function workerPids(): Promise<number[]> {
    return (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  }

  async function expectServing(): Promise<void> {
    for (let round = 0; round < 5; round += 1) {
      for (const { id } of cluster.devices.all) {
        const { status } = await cluster.admin.commands.push({ deviceId: id, operation: { forceSync: {} } });
        expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
      }
    }
  }

  it('of watches on invented services, with names of a megabyte', async () => {
    const name = 'x'.repeat(1_200_000);
    const secure = credentials.createSsl(cluster.ca);
    const clients = Array.from({ length: 10 }, () => {
      const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.ssl_target_name_override': 'localhost' };
      return new HealthService(`127.0.0.1:${adminPort()}`, secure, options) as unknown as HealthClient;
    });
    await expectCalm(async () => {
      const watches = clients.flatMap((client) =>
        Array.from({ length: 30 }, (_, nth) => client.watch({ service: `${nth}${name}` }).on('error', () => {})),
      );
      await Promise.all(
        watches.map((call) => new Promise((resolve) => call.once('data', resolve).once('error', resolve))),
      );
    });
    for (const client of clients) client.close();
  });

  it('of reflection that is never read', async () => {
    const ask = Buffer.concat([
      Buffer.from([0x0a, 0x90, 0x4e]),
      Buffer.alloc(10_000, 0x61),
      Buffer.from([0x3a, 1, 0x2a]),
    ]);
    await expectCalm(async () => {
      const client = await connect(adminPort(), [[Setting.initialWindowSize, 0]]);
      client.call(1, reflection);
      await pour(client, grpcMessage(ask), 32 * megabyte);
    });
  });

  it.each([
    ['admin', adminPort],
    ['device', devicePort],
  ])('of 20,000 open calls without a request on the %s port', async (_, port) => {
    await expectCalm(async () => {
      const path = port === adminPort ? watch : DeviceLinkService.service.Connect.path;
      const client = await connect(port());
      for (let nth = 0; nth < 20_000 && client.isOpen; nth += 1) {
        if (!client.call(2 * nth + 1, path)) await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually('it is cut off', () => !client.isOpen);
    });
  });

  it('of pings before a hello, which are never read', async () => {
    const { path, requestSerialize } = DeviceLinkService.service.Connect;
    const ping = grpcMessage(requestSerialize({ ping: {} } as never));
    await expectCalm(async () => {
      const client = await connect(devicePort(), [[Setting.initialWindowSize, 0]]);
      client.call(1, path);
      await pour(client, Buffer.concat(Array.from({ length: 1_000 }, () => ping)), 3 * megabyte);
    }, 80 * megabyte);
  });

  it.each([
    ['admin', adminPort],
    ['device', devicePort],
  ])('of connections on the %s port that say nothing, not even hello', async (_, port) => {
    const sockets: net.Socket[] = [];
    const [pid] = port === adminPort ? cluster.balancers.map((one) => one.pid) : await workerPids();
    await expectCalm(async () => {
      const settled = Array.from({ length: 4_700 }, () => {
        const socket = net
          .connect(port(), '127.0.0.1')
          .on('error', () => {})
          .resume();
        sockets.push(socket);
        return new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
      });
      await Promise.all(settled);
      // Half of the connections that wait may come from one address.
      // Long before their deadline to greet.
      await eventually('the others are closed', () => sockets.filter((one) => one.closed).length >= 400, 8_000);
      expect(await openFiles(pid)).toBeLessThan(4_300);
    });
    for (const socket of sockets) socket.destroy();
  });
});

/** Sends the same message again and again, as the server lets it, until so many bytes have gone or the call is over. */
async function pour(client: RawHttp2, message: Buffer, bytes: number): Promise<void> {
  const isOver = () =>
    !client.isOpen || client.frames.some(({ type }) => type === FrameType.rstStream || type === FrameType.goaway);
  const isRefused = () => client.frames.some(({ type, flags }) => type === FrameType.headers && (flags & 1) === 1);
  const credit = (stream: number) =>
    client.frames
      .filter((frame) => frame.type === FrameType.windowUpdate && frame.stream === stream)
      .reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 65_535);
  for (let sent = 0; sent < bytes; sent += message.length) {
    const mayGo = () => Math.min(credit(0), credit(1)) >= sent + message.length;
    while (!mayGo() && !isOver() && !isRefused()) await new Promise((resolve) => setImmediate(resolve));
    if (isOver() || isRefused()) return;
    client.write(...dataFrames(1, message));
  }
}

interface HealthClient {
  watch(request: { service: string }): EventEmitter;
  close(): void;
}

async function openFiles(pid = 0): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { DeviceLink, HealthService } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { dataFrames, FrameType, grpcMessage, RawHttp2, rawFrame, Setting } from './cluster/raw-http2.ts';
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
    const before = await Promise.all(pids.map(residentBytes));
    await Promise.all([flood(), expectServing()]);
    await expectServing();
    const after = await Promise.all(pids.map(residentBytes));
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
        const { status } = await cluster.admin.push({ deviceId: id, operation: { forceSync: {} } });
        expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
      }
    }
  }

  it('of watches on invented services, with names of a megabyte', async () => {
    const { requestSerialize } = HealthService.service.Watch as { requestSerialize(message: object): Buffer };
    const name = dataFrames(1, grpcMessage(requestSerialize({ service: 'x'.repeat(1_200_000) })));
    await expectCalm(async () => {
      for (let count = 0; count < 20; count += 1) {
        const client = await connect(adminPort());
        for (let nth = 0; nth < 30; nth += 1) client.call(2 * nth + 1, watch);
        client.write(...name.slice(0, 4));
      }
    });
  });

  it('of reflection that is never read', async () => {
    await expectCalm(async () => {
      const client = await connect(adminPort(), [[Setting.initialWindowSize, 0]]);
      client.call(1, reflection);
      for (let count = 0; count < 200 && client.isOpen; count += 1) client.message(1, Buffer.alloc(10_000, 0x0a));
      await eventually('it is answered', () => client.frames.some(({ type }) => type === FrameType.headers));
    });
  });

  it.each([
    ['admin', adminPort],
    ['device', devicePort],
  ])('of 20,000 open calls without a request on the %s port', async (_, port) => {
    await expectCalm(async () => {
      const path = port === adminPort ? watch : DeviceLink.service.Connect.path;
      const client = await connect(port());
      for (let nth = 0; nth < 20_000 && client.isOpen; nth += 1) {
        if (!client.call(2 * nth + 1, path)) await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually('it is cut off', () => !client.isOpen);
    });
  });

  it('of pings before a hello, which are never read', async () => {
    const { path, requestSerialize } = DeviceLink.service.Connect;
    const ping = grpcMessage(requestSerialize({ ping: {} } as never));
    const pings = Buffer.concat(Array.from({ length: 2_000 }, () => ping));
    await expectCalm(async () => {
      for (let count = 0; count < 20; count += 1) {
        const client = await connect(devicePort(), [[Setting.initialWindowSize, 0]]);
        client.call(1, path);
        for (let nth = 0; nth < 3; nth += 1) client.write(rawFrame(FrameType.data, 0, 1, pings.subarray(0, 14_000)));
        await eventually('the call is ended', () => client.frames.some(({ type }) => type === FrameType.headers));
      }
    });
  });

  it.each([
    ['admin', adminPort],
    ['device', devicePort],
  ])('of connections on the %s port that say nothing, not even hello', async (_, port) => {
    const sockets: net.Socket[] = [];
    await expectCalm(async () => {
      for (let count = 0; count < 1_500; count += 1) {
        sockets.push(
          net
            .connect(port(), '127.0.0.1')
            .on('error', () => {})
            .resume(),
        );
        if (count % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await eventually('those beyond the bound are closed', () => sockets.filter((one) => one.closed).length >= 400);
    });
    for (const socket of sockets) socket.destroy();
  });
});

async function residentBytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

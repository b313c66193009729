import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { GrpcHost } from './grpc-host.ts';

const keepAliveMs = 100;

/** A host that judges by a clock which a test turns; its pings go out in real time. */
async function listen() {
  const attended = new ManualClock();
  const host = new GrpcHost({ maxMessageBytes: 1_024, idleMs: 600_000, keepAliveMs, attended });
  const accepted: Socket[] = [];
  const server = net.createServer((socket) => {
    accepted.push(socket);
    host.accept(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const dispose = async () => {
    for (const socket of accepted) socket.destroy();
    await host[Symbol.asyncDispose]();
    server.close();
  };
  return { attended, accepted, port, [Symbol.asyncDispose]: dispose };
}

describe('a gRPC host', () => {
  it('cuts off a connection on which nothing comes for two intervals', async () => {
    await using host = await listen();
    const client = net.connect(host.port, '127.0.0.1').on('error', () => {});
    await vi.waitFor(() => expect(host.accepted).toHaveLength(1), 10_000);
    host.attended.advance(2 * keepAliveMs - 1);
    expect(host.accepted[0]?.destroyed).toBe(false);
    host.attended.advance(1);
    expect(host.accepted[0]?.destroyed).toBe(true);
    client.destroy();
    expect(host.attended.pending).toBe(0);
  });

  it('keeps one whose client answers pings', async () => {
    await using host = await listen();
    const client = http2.connect(`http://127.0.0.1:${host.port}`).on('error', () => {});
    await vi.waitFor(() => expect(host.accepted).toHaveLength(1), 10_000);
    const [socket] = host.accepted as [Socket];
    for (let round = 0; round < 5; round += 1) {
      const before = socket.bytesRead;
      await vi.waitFor(() => expect(socket.bytesRead).toBeGreaterThan(before), 10_000);
      host.attended.advance(keepAliveMs);
    }
    expect(socket.destroyed).toBe(false);
    client.destroy();
  });
});

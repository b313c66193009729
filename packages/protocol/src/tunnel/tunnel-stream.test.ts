import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { callerEnd, serverEnd, type TunnelTimers, tunnelClosed } from './call.ts';
import { joinCalls } from './joined-calls.fixture.ts';
import { splice, TunnelStream } from './tunnel-stream.ts';

const timers: TunnelTimers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

async function joined() {
  const calls = await joinCalls();
  const caller = new TunnelStream(callerEnd(calls.client, timers), 'the server');
  const server = new TunnelStream(serverEnd(calls.server, timers), 'the caller');
  // An error that nobody waits for is no failure of the test.
  for (const stream of [caller, server]) stream.on('error', () => undefined);
  return { caller, server, calls, [Symbol.asyncDispose]: () => calls[Symbol.asyncDispose]() };
}

async function readAll(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function failureOf(stream: Duplex): Promise<Error> {
  return once(stream, 'error').then(([error]) => error as Error);
}

/** Turns of the event loop, which both ends and all that is between them share, in which nothing moves where nobody reads. */
const stalledTurns = 1_000;

/** Writes until the stream takes no more; answers how many bytes it took. */
async function writeUntilStalled(stream: Duplex, atMost: number): Promise<number> {
  const chunk = randomBytes(65_536);
  let written = 0;
  while (written < atMost) {
    written += chunk.length;
    if (stream.write(chunk)) continue;
    let drained = false;
    stream.once('drain', () => {
      drained = true;
    });
    for (let turns = 0; !drained && turns < stalledTurns; turns += 1) await turn();
    if (!drained) return written;
  }
  return written;
}

describe('TunnelStream', () => {
  it('carries both directions unchanged, each ended by itself', async () => {
    await using ends = await joined();
    const [up, down] = [randomBytes(3_000_000), randomBytes(2_000_001)];
    ends.caller.end(up);
    expect((await readAll(ends.server)).equals(up)).toBe(true);
    expect(ends.server.writable).toBe(true);
    const status = once(ends.calls.client, 'status');
    ends.server.end(down);
    expect((await readAll(ends.caller)).equals(down)).toBe(true);
    expect(await status).toMatchObject([{ code: 0 }]);
    expect([ends.caller.bytesWritten, ends.server.bytesRead]).toEqual([up.length, up.length]);
    expect([ends.server.bytesWritten, ends.caller.bytesRead]).toEqual([down.length, down.length]);
  });

  it('takes a call that is half-closed for an end', async () => {
    await using ends = await joined();
    ends.calls.client.end();
    expect(await readAll(ends.server)).toHaveLength(0);
  });

  it.each(['caller', 'server'] as const)('tells the other side why the %s closes it', async (who) => {
    await using ends = await joined();
    const other = who === 'caller' ? ends.server : ends.caller;
    const failure = failureOf(other.resume());
    ends[who].destroy(tunnelClosed('idle'));
    expect(await failure).toMatchObject({ code: 'TUNNEL_CLOSED', message: 'idle' });
  });

  it.each(['caller', 'server'] as const)('fails at the %s when the connection is cut', async (who) => {
    await using ends = await joined();
    const failures = [failureOf(ends.caller.resume()), failureOf(ends.server.resume())] as const;
    ends.calls.cut();
    const error = await failures[who === 'caller' ? 0 : 1];
    expect(error).toMatchObject({ code: 'TUNNEL_CLOSED' });
    expect(error.message).toMatch(/was lost/);
  });

  it.each([
    ['caller', 'server'],
    ['server', 'caller'],
  ] as const)('stops the %s while the %s does not read, and goes on when it does', async (writer, reader) => {
    await using ends = await joined();
    const written = await writeUntilStalled(ends[writer], 200_000_000);
    expect(written).toBeLessThan(8_000_000);
    ends[writer].end();
    expect(await readAll(ends[reader])).toHaveLength(written);
  });

  it('closes what breaks the protocol', async () => {
    await using ends = await joined();
    const failure = failureOf(ends.server.resume());
    ends.calls.client.write({ frame: { data: Buffer.alloc(65_537) } });
    expect((await failure).message).toMatch(/does not keep to the protocol: a frame of 65537 bytes/);
  });

  it('is over at both ends when the server closes it, though the caller does not read', async () => {
    await using ends = await joined();
    await writeUntilStalled(ends.server, 200_000_000);
    const failure = once(ends.caller, 'error');
    ends.server.destroy(tunnelClosed('idle'));
    expect((await failure)[0]).toMatchObject({ code: 'TUNNEL_CLOSED' });
  });

  it('frees the call where the reader has stalled, once it is closed', async () => {
    await using ends = await joined();
    await writeUntilStalled(ends.caller, 200_000_000);
    const cancelled = once(ends.calls.server, 'cancelled');
    ends.caller.destroy(tunnelClosed('time limit'));
    await cancelled;
  });
});

describe('splice', () => {
  it('joins a tunnel with a socket, and closes it with the reason of its end', async () => {
    await using ends = await joined();
    const listener = net.createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const socket = net.connect({ port: (listener.address() as AddressInfo).port, allowHalfOpen: true });
    const over = splice(ends.server, socket);
    const sent = randomBytes(500_000);
    ends.caller.end(sent);
    expect((await readAll(ends.caller)).equals(sent)).toBe(true);
    expect(await over).toBeUndefined();
    listener.close();
  });

  it('destroys each with the other', async () => {
    await using ends = await joined();
    const sides = net.createServer().listen(0, '127.0.0.1');
    await once(sides, 'listening');
    const socket = net.connect({ port: (sides.address() as AddressInfo).port, allowHalfOpen: true });
    const [peer] = (await once(sides, 'connection')) as [net.Socket];
    const over = splice(ends.server, socket);
    const failure = failureOf(ends.caller.resume());
    await turn();
    peer.resetAndDestroy();
    expect((await failure).message).toMatch(/connection failed: .*ECONNRESET/);
    expect(await over).toMatchObject({ code: 'ECONNRESET' });
    sides.close();
  });
});

import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { AttendedClock } from '@pushfleet/runtime';
import { Redis } from 'ioredis';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AnswerDeadlines } from './answer-deadlines.ts';

/** A server that takes connections and says nothing; and a client of it. */
async function startSilentServer() {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => void sockets.push(socket.on('error', () => {}).resume()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new Redis({
    port,
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
    retryStrategy: () => 1,
  });
  client.on('error', () => {});
  await once(client, 'ready');
  const dispose = async () => {
    client.disconnect();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { client, sockets, [Symbol.asyncDispose]: dispose };
}

it('ends a call that is not answered within two seconds, and no other', async () => {
  await using server = await startSilentServer();
  const clock = new ManualClock();
  using deadlines = new AnswerDeadlines(server.client, clock);
  const late = deadlines.limit(new Promise(() => {}));
  clock.advance(1_000);
  const answered = Promise.withResolvers<string>();
  const inTime = deadlines.limit(answered.promise);
  const failed = deadlines.limit(Promise.reject(new Error('ERR')));
  await expect(failed).rejects.toThrow('ERR');
  clock.advance(1_000);
  await expect(late).rejects.toThrow('Command timed out');
  answered.resolve('PONG');
  expect(await inTime).toBe('PONG');
});

it('does not hold its own pauses against Redis: an answer that lies in the socket is read first', async () => {
  await using server = await startSilentServer();
  const clock = new ManualClock();
  let read = () => {};
  const afterReading = (run: () => void) => {
    const before = read;
    read = () => {
      before();
      run();
    };
  };
  using attended = new AttendedClock({ clock, afterReading });
  using deadlines = new AnswerDeadlines(server.client, attended);
  const answer = Promise.withResolvers<string>();
  const limited = deadlines.limit(answer.promise);
  clock.stall(20_000);
  answer.resolve('PONG');
  await answer.promise;
  read();
  expect(await limited).toBe('PONG');
});

it('makes a new connection where one owes answers and is silent for four seconds', async () => {
  await using server = await startSilentServer();
  const clock = new ManualClock();
  using _ = new AnswerDeadlines(server.client, clock);
  clock.advance(60_000);
  expect(server.sockets).toHaveLength(1);
  server.client.get('key').catch(() => {});
  await vi.waitFor(() => expect(server.sockets[0]?.bytesRead).toBeGreaterThan(0));
  clock.advance(3_900);
  expect(server.sockets).toHaveLength(1);
  clock.advance(600);
  await vi.waitFor(() => expect(server.sockets).toHaveLength(2));
});

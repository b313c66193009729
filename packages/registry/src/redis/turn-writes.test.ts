import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startTestRedis, type TestRedis } from '../../../../test/redis/redis-server.ts';
import { createClient } from './clients.ts';
import { writeOncePerTurn } from './turn-writes.ts';

let redis: TestRedis;

beforeAll(async () => {
  redis = await startTestRedis();
}, 60_000);
afterAll(() => redis[Symbol.asyncDispose]());

/** A connected client, and what it has written since: the number of commands in each piece. */
async function connect() {
  const { client } = createClient({ url: redis.url });
  writeOncePerTurn(client);
  await client.connect();
  const { stream } = client as unknown as { stream: Socket };
  const pieces: number[] = [];
  const one = vi.spyOn(stream, '_write').mockName('_write');
  const writeOne = one.getMockImplementation() ?? Reflect.get(Object.getPrototypeOf(stream), '_write');
  one.mockImplementation((...args) => {
    pieces.push(1);
    return Reflect.apply(writeOne, stream, args);
  });
  const writeMany = Reflect.get(stream, '_writev') as NonNullable<Socket['_writev']>;
  stream._writev = (chunks, done) => {
    pieces.push(chunks.length);
    return Reflect.apply(writeMany, stream, [chunks, done]);
  };
  return { client, pieces, [Symbol.dispose]: () => client.disconnect() };
}

it('writes the commands and pipelines of one turn in one piece, and their answers come as ever', async () => {
  using test = await connect();
  const { client } = test;
  const pipeline = client.pipeline().echo('3').echo('4');
  const answers = await Promise.all([client.echo('1'), client.echo('2'), pipeline.exec(), client.echo('5')]);
  expect(answers).toEqual([
    '1',
    '2',
    [
      [null, '3'],
      [null, '4'],
    ],
    '5',
  ]);
  expect(test.pieces).toEqual([4]);
});

it('writes what follows an answer in a piece of its own', async () => {
  using test = await connect();
  await test.client.echo('1');
  await test.client.echo('2');
  expect(test.pieces).toEqual([1, 1]);
});

it('still writes what was sent right before it is told to quit', async () => {
  using test = await connect();
  const [said, goodbye] = await Promise.all([test.client.echo('last'), test.client.quit()]);
  expect([said, goodbye]).toEqual(['last', 'OK']);
});

import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { AttendedClock, Barrier, Listener, silentLogger, systemClock } from '@pushfleet/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closed } from '../../../../test/cluster/closed.ts';
import { HttpHost } from './http-host.ts';

const bodyBytes = 1_000;
/** Long enough for a busy machine to answer in the tenth of it that is left once a request is too late. */
const greetingDeadlineMs = 1_500;
const large = 'y'.repeat(100_000);

describe('an HTTP host', () => {
  let host: HttpHost;
  let listener: Listener;
  let barrier: Barrier;
  let attended: AttendedClock;
  const sockets: Socket[] = [];
  let echoes = 0;

  beforeEach(async () => {
    echoes = 0;
    barrier = new Barrier({ logger: silentLogger });
    attended = new AttendedClock({ clock: systemClock });
    host = new HttpHost({
      ...{ bodyBytes, greetingDeadlineMs, summary: 'POST /echo', barrier, attended },
      routes: (app) => {
        app.post('/echo', (request) => {
          echoes += 1;
          return { body: request.body ?? null };
        });
        app.get('/large', () => ({ large }));
        app.get('/slow', async () => {
          await setTimeout(2 * greetingDeadlineMs);
          return { slow: true };
        });
        app.get('/failing', () => {
          throw new TypeError('the secret is hunter2');
        });
      },
    });
    await host.start();
    const connectionLimits = { connections: 50, unauthenticated: 50, unauthenticatedPerAddress: 50 };
    const routes = { http1: (socket: Socket) => host.accept(socket) };
    listener = new Listener({ host: '127.0.0.1', port: 0, greetingDeadlineMs, routes, connectionLimits });
    await listener.listen();
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await listener[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    attended[Symbol.dispose]();
  });

  async function connect(options: net.SocketConstructorOpts = {}): Promise<Socket> {
    const at = { port: listener.port, host: '127.0.0.1' };
    const socket = net.connect({ ...at, ...options }).on('error', () => {});
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  }

  /** All that comes until the connection is closed. */
  async function say(...parts: readonly (string | Buffer)[]): Promise<string> {
    const socket = await connect();
    for (const part of parts) socket.write(part, 'latin1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await closed(socket);
    return Buffer.concat(chunks).toString('latin1');
  }

  async function expectServing(): Promise<void> {
    const answer = await say(post(`${json}content-length: 2\r\n`, '{}'));
    expect(answer).toMatch(/^HTTP\/1.1 200/);
  }

  const post = (headers: string, body = '') =>
    `POST /echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers}\r\n${body}`;
  const json = 'content-type: application/json\r\n';

  it.each<[string, string, number, object]>([
    ['rubbish', 'what is this?\r\n\r\n', 400, { field: 'request' }],
    ['bytes', '\x00\xff\x16\x03\x01', 400, { field: 'request' }],
    ['a method that is none', 'YELL / HTTP/1.1\r\nhost: a\r\n\r\n', 400, { field: 'request' }],
    ['another version', 'GET / HTTP/9.9\r\nhost: a\r\n\r\n', 400, { field: 'request' }],
    ['headers of 20 KB', post(`x-a: ${'y'.repeat(20_000)}\r\n`), 431, { field: 'headers' }],
    ['a path of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, 431, { field: 'headers' }],
    [
      'a path in bad percent-encoding',
      'GET /%zz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
      400,
      { field: 'path' },
    ],
    ['a path that is nowhere', `GET /${'x'.repeat(5_000)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, 404, {}],
    ['a length that is none', post('content-length: many\r\n'), 400, { field: 'request' }],
    ['two lengths', post('content-length: 1\r\ncontent-length: 2\r\n', '{}'), 400, { field: 'request' }],
    [
      'a length and chunks',
      post('content-length: 2\r\ntransfer-encoding: chunked\r\n', '{}'),
      400,
      { field: 'request' },
    ],
    ['a chunk of no length', post(`${json}transfer-encoding: chunked\r\n`, 'x\r\n'), 400, { field: 'request' }],
    [
      'chunk extensions without end',
      post(`${json}transfer-encoding: chunked\r\n`, `1;${'e'.repeat(30_000)}`),
      413,
      { field: 'body' },
    ],
    ['a body beyond its bound', post(`${json}content-length: 1001\r\n`, 'x'.repeat(1_001)), 413, { field: 'body' }],
    ['a claim of a body beyond any bound', post(`${json}content-length: 99999999999\r\n`), 413, { field: 'body' }],
    [
      'chunks beyond its bound',
      post(`${json}transfer-encoding: chunked\r\n`, `7d0\r\n${'x'.repeat(2_000)}\r\n0\r\n\r\n`),
      413,
      { field: 'body' },
    ],
    ['a body that is no JSON', post(`${json}content-length: 1\r\n`, '{'), 400, { field: 'body' }],
    [
      'another content type',
      post('content-type: text/html\r\ncontent-length: 2\r\n', '{}'),
      415,
      { field: 'content-type' },
    ],
    ['a body in bad UTF-8', post(`${json}content-length: 4\r\n`, '"\xff\xfe"'), 200, {}],
  ])('answers %s', async (_, request, code, error) => {
    const answer = await say(request);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
    const said = JSON.parse(body);
    if (code !== 200) {
      expect(said.error).toMatchObject({ code: expect.any(String), message: expect.any(String), ...error });
      expect(said.error.message.length).toBeLessThan(300);
    }
    await expectServing();
  });

  it.each([
    ['whose head was answered', post('content-type: text/html\r\ntransfer-encoding: chunked\r\n', 'x\r\n')],
    ['behind another one', `${post('', '').replace('connection: close', 'x: y')}what is this?\r\n\r\n`],
  ])('never answers twice to what cannot be read, %s', async (_, request) => {
    const answer = await say(request);
    expect(answer.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
    await expectServing();
  });

  it.each<[string, string]>([
    ['half of its headers', 'POST /echo HTTP/1.1\r\nhost:'],
    ['half of its body', `POST /echo HTTP/1.1\r\nhost: a\r\n${json}content-length: 10\r\n\r\n{`],
  ])('cuts off a client that sends %s and no more, and says so', async (_, request) => {
    const answer = await say(request);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error).toMatchObject({ field: 'request' });
  });

  it('lets a client that is still talking read why it is refused', async () => {
    const socket = await connect({ allowHalfOpen: true });
    const errors: Error[] = [];
    let answer = '';
    socket.on('error', (error) => errors.push(error));
    socket.on('data', (chunk: Buffer) => {
      answer += chunk;
    });
    socket.write(post(`${json}content-length: 5000000\r\n`, large));
    await vi.waitFor(() => expect(answer).toMatch(/^HTTP\/1.1 413 .*\}$/s));
    for (let count = 0; count < 10; count += 1) await new Promise((resolve) => socket.write(large, resolve));
    socket.end();
    await closed(socket);
    expect(errors).toEqual([]);
    await vi.waitFor(() => expect(listener.connections).toBe(0));
  });

  it('cuts off a client that sends a byte now and then', async () => {
    const socket = await connect();
    socket.resume();
    const drip = setInterval(() => socket.write('x-a: b\r\n'), 50);
    socket.write('POST /echo HTTP/1.1\r\n');
    await closed(socket);
    clearInterval(drip);
  });

  it('lets a client wait for an answer that takes its time', async () => {
    const answer = await say('GET /slow HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain('{"slow":true}');
  });

  it('lets a connection that is not used go after a while, and serves one that is used all the time', async () => {
    const [used, unused] = [await connect(), await connect()];
    let answers = '';
    used.on('data', (chunk: Buffer) => {
      answers += chunk;
    });
    const ask = setInterval(() => used.write('GET /none HTTP/1.1\r\nhost: a\r\n\r\n'), 100);
    await closed(unused.resume());
    clearInterval(ask);
    expect(used.destroyed).toBe(false);
    expect(answers).not.toContain('408');
    expect(answers.match(/HTTP\/1.1 404/g)?.length).toBeGreaterThan(2);
  });

  it('blames nobody for a time in which it did not listen', async () => {
    // One has sent half of a request, one waits between two: the rest of both comes soon after this process goes on.
    const [half, kept] = [await connect(), await connect()];
    const said = new Map([half, kept].map((socket) => [socket, '']));
    for (const socket of [half, kept])
      socket.on('data', (chunk: Buffer) => said.set(socket, `${said.get(socket)}${chunk}`));
    half.write('GET /none HTTP/1.1\r\n');
    kept.write('GET /none HTTP/1.1\r\nhost: a\r\n\r\n');
    await vi.waitFor(() => expect(said.get(kept)).toContain('404'));
    for (const socket of [half, kept]) expect(socket.destroyed).toBe(false);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3 * greetingDeadlineMs);
    // Several looks later the clients, whose host may have stood still too, say the rest.
    await setTimeout(greetingDeadlineMs / 5);
    half.write('host: a\r\n\r\n');
    kept.write('GET /none HTTP/1.1\r\nhost: a\r\n\r\n');
    await vi.waitFor(() => expect(said.get(half)).toContain('HTTP/1.1 404'));
    await vi.waitFor(() => expect(said.get(kept)?.match(/HTTP\/1.1 404/g)).toHaveLength(2));
  });

  it('cuts off a client that asks and asks and does not read', async () => {
    const socket = await connect();
    socket.pause();
    const ask = 'GET /large HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(100);
    for (let count = 0; count < 20; count += 1) socket.write(ask);
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    await vi.waitFor(() => expect(listener.connections).toBe(0), 10_000);
  });

  it('works on a hundred requests of a connection, however many a client pipelines, and closes it', async () => {
    const ask = `POST /echo HTTP/1.1\r\nhost: a\r\n${json}content-length: 2\r\n\r\n{}`;
    // How many of the answers come before the connection breaks, with what it has not read, is not for us to say.
    await say(ask.repeat(2_000));
    expect(echoes).toBe(100);
    await expectServing();
  });

  it('stops what a handler throws at the barrier, and tells nobody why', async () => {
    const answer = await say('GET /failing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 500 /);
    expect(answer).not.toContain('hunter2');
    expect([...barrier.faults]).toEqual([['http request', 1]]);
    await expectServing();
  });
});

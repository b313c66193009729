import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MetricsServer, renderSeldom } from './metrics-server.ts';

describe('a metrics server', () => {
  let server: MetricsServer;
  let url: string;
  let render: () => Promise<string>;
  const clients: net.Socket[] = [];

  beforeEach(async () => {
    render = async () => 'one 1\n';
    server = new MetricsServer({ host: '127.0.0.1', port: 0, render: () => render() });
    await server.start();
    url = `http://127.0.0.1:${server.port}/metrics`;
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await server[Symbol.asyncDispose]();
  });

  async function connect(): Promise<net.Socket> {
    const client = net.connect(server.port, '127.0.0.1').on('error', () => {});
    clients.push(client);
    await once(client, 'connect');
    return client;
  }

  it.each([
    ['GET', '', 200, 'one 1\n'],
    ['GET', '?of=anything', 200, 'one 1\n'],
    ['HEAD', '', 200, ''],
    ['POST', '', 405, ''],
    ['DELETE', '', 405, ''],
    ['GET', '/more', 404, 'there is GET /metrics\n'],
  ])('answers %s /metrics%s with %i', async (method, rest, status, text) => {
    const response = await fetch(`${url}${rest}`, { method });
    expect([response.status, await response.text()]).toEqual([status, text]);
    if (status === 200) expect(response.headers.get('content-length')).toBe('6');
  });

  it('answers that it cannot, where nothing can be read, and answers the next one', async () => {
    render = () => Promise.reject(new Error('no'));
    expect((await fetch(url)).status).toBe(500);
    render = async () => 'two 2\n';
    await vi.waitFor(async () => expect(await (await fetch(url)).text()).toBe('two 2\n'));
  });

  it('lets nobody keep others out by staying: the oldest connection goes', async () => {
    const first = await connect();
    const closed = once(first, 'close');
    for (let index = 0; index < 16; index += 1) await connect();
    await closed;
    expect((await fetch(url)).status).toBe(200);
  });
});

describe('what is rendered seldom', () => {
  it('is rendered once for all who ask within 100 ms', async () => {
    let [nowUs, count] = [0, 0];
    const render = renderSeldom(
      async () => `${++count}`,
      () => nowUs,
    );
    expect(await Promise.all([render(), render()])).toEqual(['1', '1']);
    nowUs = 99_999;
    expect(await render()).toBe('1');
    nowUs = 100_000;
    expect(await render()).toBe('2');
  });
});

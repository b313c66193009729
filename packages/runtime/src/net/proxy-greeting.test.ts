import { once } from 'node:events';
import net, { BlockList, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { closed } from '../../../../test/cluster/closed.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { fixed } from '../live.ts';
import { Listener, type ListenerOptions } from './listener.ts';
import { proxyHeader } from './proxy-header.fixture.ts';

const authority = await MadeAuthority.create('test CA');
const { cert, key } = await authority.issue({ names: ['localhost'] });
const pair = { cert, key };

describe('a port behind a proxy that says for whom it speaks', () => {
  const opened: (Listener | Socket)[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) {
      if (one instanceof Listener) await one[Symbol.asyncDispose]();
      else one.destroy();
    }
  });

  async function open(more: Partial<ListenerOptions> = {}) {
    const proxies = new BlockList();
    proxies.addAddress('127.0.0.9');
    const clients: string[] = [];
    const route = (socket: Socket) => {
      clients.push(`${socket.remoteAddress} ${socket.remotePort}`);
      socket.pipe(socket);
    };
    const listener = new Listener({
      ...{ host: '127.0.0.1', port: 0, greetingDeadlineMs: 10_000, proxies, routes: { mqtt: route } },
      connectionLimits: { connections: 100, unauthenticated: 100, unauthenticatedPerAddress: 2 },
      ...more,
    });
    opened.push(listener);
    await listener.listen();
    return { listener, clients };
  }

  async function connect({ port }: Listener, localAddress: string): Promise<Socket> {
    const socket = net.connect({ host: '127.0.0.1', port, localAddress });
    opened.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  it('has the address of the client, over TLS too, however the bytes are cut', async () => {
    const { listener, clients } = await open({ tls: fixed(pair) });
    const socket = await connect(listener, '127.0.0.9');
    const header = proxyHeader();
    socket.write(header.subarray(0, 20));
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    socket.write(header.subarray(20));
    const secure = tls.connect({ socket, servername: 'localhost', ca: authority.pem });
    await once(secure, 'secureConnect');
    secure.write('hello');
    expect(String((await once(secure, 'data'))[0])).toBe('hello');
    expect(clients).toEqual(['198.51.100.7 4711']);
    expect(listener.stats()).toMatchObject({ completed: 1, inFlight: 1 });
  });

  it('takes the header and what follows it in one piece', async () => {
    const { listener, clients } = await open();
    const socket = await connect(listener, '127.0.0.9');
    socket.write(Buffer.concat([proxyHeader(), Buffer.from('\x10hello')]));
    expect(String((await once(socket, 'data'))[0])).toBe('\x10hello');
    expect(clients).toEqual(['198.51.100.7 4711']);
  });

  it('holds each client to its own limit, and forgets it when it has gone', async () => {
    const { listener } = await open();
    const come = async (address: string) => {
      const socket = await connect(listener, '127.0.0.9');
      socket.write(Buffer.concat([proxyHeader({ address, port: 1 }), Buffer.from('\x10')]));
      return socket;
    };
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) for (const _ of [1, 2]) await come(address);
    await vi.waitFor(() => expect(listener.stats().completed).toBe(6));
    const third = await come('192.0.2.1');
    await closed(third);
    expect(listener.stats().refused.perAddress).toBe(1);
  });

  it('takes nobody from the proxy without a header, and nobody else with one', async () => {
    const attended = new ManualClock();
    const { listener, clients } = await open({ attended });
    const plain = await connect(listener, '127.0.0.9');
    plain.write('\x10hello');
    await closed(plain);
    await vi.waitFor(() => expect(listener.connections).toBe(0));
    const silent = await connect(listener, '127.0.0.9');
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    attended.advance(11_000);
    await closed(silent);
    expect(listener.stats().refused.silent).toBe(2);
    const direct = await connect(listener, '127.0.0.1');
    direct.write('\x10hello');
    await once(direct, 'data');
    expect(clients).toEqual([`127.0.0.1 ${direct.localPort}`]);
  });

  it('refuses a header from elsewhere, as anything that is no hello', async () => {
    const { listener, clients } = await open({ tls: fixed(pair) });
    const liar = await connect(listener, '127.0.0.1');
    liar.write(proxyHeader());
    await closed(liar);
    expect(clients).toEqual([]);
  });
});

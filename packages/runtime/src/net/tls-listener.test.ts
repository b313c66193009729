import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import tls, { type ConnectionOptions, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { closed } from '../../../../test/cluster/closed.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { fixed, LiveValue } from '../live.ts';
import { Listener, type ListenerOptions, type TicketKeySource } from './listener.ts';

describe('a listener with TLS', () => {
  let authority: MadeAuthority;
  let pair: TlsOptions;
  const listeners: Listener[] = [];
  const clients: Socket[] = [];
  /** Gives the listener that was opened last other keys. */
  let changeKeys: (keys: readonly Buffer[]) => void;

  beforeAll(async () => {
    authority = await MadeAuthority.create('test CA');
    const { cert, key } = await authority.issue({ names: ['localhost'] });
    pair = { cert, key };
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await Promise.all(listeners.splice(0).map((listener) => listener[Symbol.asyncDispose]()));
  });

  /** Says back what it hears. */
  async function open(keys: readonly Buffer[] = [], more: Partial<ListenerOptions> = {}): Promise<Listener> {
    const onKeys: TicketKeySource['onKeys'] = (use) => {
      changeKeys = use;
      use(keys);
      return { [Symbol.dispose]: () => {} };
    };
    const listener = new Listener({
      ...{ host: '127.0.0.1', port: 0, greetingDeadlineMs: 10_000, tls: fixed(pair) },
      routes: { mqtt: (socket) => void socket.pipe(socket) },
      connectionLimits: { connections: 100, unauthenticated: 100, unauthenticatedPerAddress: 100 },
      ticketKeys: { onKeys },
      ...more,
    });
    listeners.push(listener);
    await listener.listen();
    return listener;
  }

  async function connect({ port }: Listener, more: ConnectionOptions = {}): Promise<TLSSocket> {
    const options = { host: '127.0.0.1', port, servername: 'localhost', ca: authority.pem, ...more };
    const client = tls.connect(options).on('error', () => {});
    clients.push(client);
    await once(client, 'secureConnect');
    return client;
  }

  async function echo(client: TLSSocket, text: string): Promise<void> {
    // One read may bring several records, each with an event of its own.
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer) => void chunks.push(chunk);
    client.on('data', onData).write(text);
    await vi.waitUntil(() => Buffer.concat(chunks).length >= text.length, { interval: 1 });
    client.off('data', onData);
    expect(Buffer.concat(chunks).toString()).toBe(text);
  }

  async function sessionOf(listener: Listener, more: ConnectionOptions): Promise<Buffer> {
    const client = await connect(listener, more);
    const sessions: Buffer[] = [];
    client.on('session', (session) => sessions.push(session));
    await echo(client, 'hello');
    return sessions.at(-1) ?? (client.getSession() as Buffer);
  }

  const key = () => randomBytes(48);

  describe.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', (maxVersion) => {
    it('resumes sessions of another process that has its keys, of the current and of the one before', async () => {
      const [old, current, next] = [key(), key(), key()];
      const first = await open([current, old]);
      const session = await sessionOf(first, { maxVersion });
      for (const keys of [[current], [current, old], [next, current]]) {
        const other = await open(keys);
        const client = await connect(other, { maxVersion, session });
        await echo(client, 'here again');
        expect(client.isSessionReused()).toBe(true);
        expect(other.stats()).toMatchObject({ completed: 1, resumed: 1 });
      }
    });

    it('does the whole handshake with clients whose key is no longer known, or was never', async () => {
      const session = await sessionOf(await open([key()]), { maxVersion });
      for (const keys of [[key(), key()], []]) {
        const other = await open(keys);
        const client = await connect(other, { maxVersion, session });
        await echo(client, 'hello');
        expect(client.isSessionReused()).toBe(false);
        expect(other.stats()).toMatchObject({ completed: 1, resumed: 0 });
      }
    });

    it('goes on with the keys that it gets while it runs', async () => {
      const [one, two] = [key(), key()];
      const listener = await open([one]);
      const session = await sessionOf(listener, { maxVersion });
      changeKeys([two, one]);
      expect((await connect(listener, { maxVersion, session })).isSessionReused()).toBe(true);
      const newer = await sessionOf(listener, { maxVersion });
      changeKeys([key(), two]);
      expect((await connect(listener, { maxVersion, session })).isSessionReused()).toBe(false);
      expect((await connect(listener, { maxVersion, session: newer })).isSessionReused()).toBe(true);
    });
  });

  it('shows a certificate that was replaced to those who come next, and keeps connections, keys and sessions', async () => {
    const [one, two] = [key(), key()];
    const live = new LiveValue<TlsOptions>(pair);
    const listener = await open([two, one], { tls: live });
    const older = await sessionOf(await open([one]), {});
    const [before, session] = [await connect(listener), await sessionOf(listener, {})];
    const serials = [before.getPeerX509Certificate()?.serialNumber];
    for (let turn = 0; turn < 10; turn += 1) {
      live.replace(await authority.issue({ names: ['localhost'] }));
      const after = await connect(listener);
      serials.push(after.getPeerX509Certificate()?.serialNumber);
      await echo(after, 'hello');
      await echo(before, 'still here');
    }
    expect(new Set(serials).size).toBe(11);
    for (const known of [session, older])
      expect((await connect(listener, { session: known })).isSessionReused()).toBe(true);
  });

  it('agrees on the suite of TLS 1.3 that costs least, and on the others with clients that lack it', async () => {
    const listener = await open();
    const others = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
    for (const [offered, agreed] of [
      [[...others, 'TLS_AES_128_GCM_SHA256'].join(':'), 'TLS_AES_128_GCM_SHA256'],
      ...others.map((name) => [name, name]),
    ]) {
      const client = await connect(listener, { ciphers: offered });
      expect(client.getCipher().name).toBe(agreed);
    }
  });

  it('resumes nothing of another port that means something else', async () => {
    const shared = key();
    const session = await sessionOf(await open([shared], { tls: fixed({ ...pair, sessionIdContext: 'other' }) }), {});
    expect((await connect(await open([shared]), { session })).isSessionReused()).toBe(false);
  });

  it.each([1, 7, 500, 1_000, 1_023, 1_024, 5_000])('takes a hello in pieces of %i bytes', async (pieceBytes) => {
    const listener = await open([key()]);
    // Offered groups and ALPN names make it long.
    const relay = net.createServer((near) => {
      const far = net.connect(listener.port, '127.0.0.1').on('error', () => {});
      near.on('error', () => {});
      clients.push(near, far);
      far.setNoDelay(true).pipe(near);
      // One chunk after the other: the pieces of two that come at once would mix.
      let written = Promise.resolve();
      const write = async (bytes: Buffer) => {
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          far.write(bytes.subarray(at, at + pieceBytes));
          await setImmediate();
        }
      };
      near.on('data', (bytes: Buffer) => {
        written = written.then(() => write(bytes));
      });
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const { port } = relay.address() as net.AddressInfo;
    const ALPNProtocols = ['mqtt', ...Array.from({ length: 60 }, (_, nth) => `something-else-that-is-long-${nth}`)];
    const client = await connect({ port } as Listener, { ALPNProtocols });
    expect(client.alpnProtocol).toBe('mqtt');
    await echo(client, 'x'.repeat(40_000));
    relay.close();
  });

  it.each([
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a record that is no hello', Buffer.from([0x16, 3, 1, 0, 4, 9, 9, 9, 9])],
    ['a hello that is cut short', Buffer.from([0x16, 3, 1, 0, 4, 1, 0, 0, 0])],
    ['a record that is longer than there are', Buffer.from([0x16, 3, 1, 0xff, 0xff, 1, 0, 0, 0])],
  ])('closes a connection that begins with %s', async (_, bytes) => {
    const listener = await open();
    const client = net.connect(listener.port, '127.0.0.1').on('error', () => {});
    clients.push(client);
    client.resume().write(bytes);
    await closed(client);
    await vi.waitFor(() => expect(listener.stats()).toMatchObject({ completed: 0, refused: { handshakeFailed: 1 } }));
  });

  it.each([
    ['nothing', '', 'silent'],
    ['half a hello', '\x16\x03\x01\x01\x00', 'silent'],
  ] as const)('cuts off a client that says %s, when its time is over', async (_, said, why) => {
    const clock = new ManualClock();
    const listener = await open([], { attended: clock });
    const client = net.connect(listener.port, '127.0.0.1').on('error', () => {});
    clients.push(client);
    client.resume().write(said, 'latin1');
    await vi.waitFor(() => expect(listener.connections).toBe(1));
    clock.advance(9_999);
    expect(client.destroyed).toBe(false);
    clock.advance(1);
    await closed(client);
    expect(listener.stats().refused[why]).toBe(1);
  });

  it('cuts off a client that does not go on with its handshake', async () => {
    const clock = new ManualClock();
    const listener = await open([], { attended: clock });
    const helloOnly = net.createServer((near) => {
      const far = net.connect(listener.port, '127.0.0.1').on('error', () => {});
      clients.push(near, far);
      near.on('error', () => {}).once('data', (bytes) => far.write(bytes));
      far.resume().on('close', () => near.destroy());
    });
    helloOnly.listen(0, '127.0.0.1');
    await once(helloOnly, 'listening');
    const client = tls.connect({ host: '127.0.0.1', port: (helloOnly.address() as net.AddressInfo).port });
    client.on('error', () => {});
    clients.push(client);
    await vi.waitFor(() => expect(listener.stats().inFlight).toBe(1));
    clock.advance(10_000);
    await vi.waitFor(() => expect(client.destroyed).toBe(true));
    await vi.waitFor(() => expect(listener.connections).toBe(0));
    expect(listener.stats().refused).toMatchObject({ handshakeTooLong: 1, handshakeFailed: 0 });
    helloOnly.close();
  });
});

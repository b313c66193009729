import { once } from 'node:events';
import http2 from 'node:http2';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls, { type TlsOptions } from 'node:tls';
import { Worker as Thread } from 'node:worker_threads';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { NodeId } from '@pushfleet/protocol';
import { CommandService } from '@pushfleet/protocol/admin';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { AttendedClock, systemClock } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { closed } from '../../../../test/cluster/closed.ts';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type AddressProbeOptions, type ProbedAddress, probeAddress } from './address-probe.ts';

const root = await MadeAuthority.create('Root');
const stranger = await MadeAuthority.create('Stranger');
const intermediate = await root.createIntermediate('Intermediate');
const names = ['127.0.0.1', '::1', 'localhost'];
const good = await root.issue({ names });
const options: AddressProbeOptions = {
  authorities: [root.certificate],
  attended: systemClock,
  wallMs: () => Date.now(),
  deadlineMs: 5_000,
};

/** A server on a free port, with the sockets it has. */
class Listening implements AsyncDisposable {
  readonly #server: net.Server;
  readonly #sockets = new Set<Socket>();
  readonly #grpc: GrpcServer[] = [];

  static async at(server: net.Server, host = '127.0.0.1'): Promise<Listening> {
    server.listen({ host, port: 0 });
    await once(server, 'listening');
    return new Listening(server);
  }

  /** A push server, as far as it is asked who it is. */
  static async pushServer(id: string, secured?: TlsOptions, host?: string): Promise<Listening> {
    const grpc = grpcServer((service) => {
      service.addService(DeviceLinkService.service, {
        Identify: (_: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<object>) => reply(null, { nodeId: id }),
      });
    });
    const listening = await Listening.at(serverOf(grpc, secured), host);
    listening.#grpc.push(grpc);
    return listening;
  }

  private constructor(server: net.Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#grpc) server[Symbol.dispose]();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

interface GrpcServer extends Disposable {
  accept(socket: Socket): void;
}

function grpcServer(serve: (server: Server) => void): GrpcServer {
  const server = new Server();
  serve(server);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    accept: (socket) => injector.injectConnection(socket),
    [Symbol.dispose]: () => server.forceShutdown(),
  };
}

function serverOf(grpc: GrpcServer, secured: TlsOptions | undefined): net.Server {
  return secured
    ? tls.createServer({ ALPNProtocols: ['h2'], ...secured }, (socket) => grpc.accept(socket))
    : net.createServer((socket) => grpc.accept(socket));
}

function probe(port: number, change: Partial<ProbedAddress & AddressProbeOptions> = {}) {
  const target = { nodeId: 'dp-1' as NodeId, address: '127.0.0.1', port, deviceTls: true, ...change };
  return probeAddress(target, { ...options, ...change });
}

const shows = ({ chain, key }: { chain: string; key: string }): TlsOptions => ({ cert: chain, key });

describe('gets through', () => {
  it.each(['127.0.0.1', 'localhost'])('to a push server with a good certificate at %s', async (address) => {
    await using server = await Listening.pushServer('dp-1', shows(good));
    expect(await probe(server.port, { address })).toBeUndefined();
  });

  it('to one at an IPv6 address', async () => {
    await using server = await Listening.pushServer('dp-1', shows(good), '::1');
    expect(await probe(server.port, { address: '::1' })).toBeUndefined();
  });

  it('to one that shows its intermediates', async () => {
    await using server = await Listening.pushServer('dp-1', shows(await intermediate.issue({ names })));
    expect(await probe(server.port)).toBeUndefined();
  });

  it('to one of any CA, where nobody knows what devices trust', async () => {
    await using server = await Listening.pushServer('dp-1', shows(await stranger.issue({ names })));
    expect(await probe(server.port, { authorities: undefined })).toBeUndefined();
  });

  it('to one without TLS, if that is how it is set, and behind a proxy that ends TLS without ALPN', async () => {
    await using plain = await Listening.pushServer('dp-1');
    expect(await probe(plain.port, { deviceTls: false })).toBeUndefined();
    await using proxy = await Listening.at(
      tls.createServer(shows(good), (socket) => {
        const inner = net.connect(plain.port, '127.0.0.1').on('error', () => {});
        socket
          .on('error', () => inner.destroy())
          .pipe(inner)
          .pipe(socket);
      }),
    );
    expect(await probe(proxy.port, { deviceTls: false })).toBeUndefined();
  });

  it('to one of a version that does not know the question', async () => {
    const host = grpcServer(() => {});
    await using server = await Listening.at(serverOf(host, shows(good)));
    expect(await probe(server.port, { deviceTls: undefined })).toBeUndefined();
    host[Symbol.dispose]();
  });
});

describe('finds what is wrong with the certificate:', () => {
  it.each([
    ['certificate-expired', { names, beginsInDays: -9, endsInDays: -1 }],
    ['certificate-not-yet-valid', { names, beginsInDays: 1, endsInDays: 9 }],
    ['certificate-name-mismatch', { names: ['10.0.0.7', 'push.example'] }],
    ['certificate-untrusted', { names, use: 'client' as const }],
  ])('%s', async (kind, wish) => {
    const leaf = await root.issue(wish);
    await using server = await Listening.pushServer('dp-1', shows(leaf));
    expect(await probe(server.port)).toMatchObject({ kind, detail: expect.stringContaining('its certificate') });
  });

  it('an intermediate that it does not show', async () => {
    const { cert, key } = await intermediate.issue({ names });
    await using server = await Listening.pushServer('dp-1', { cert, key });
    expect(await probe(server.port)).toMatchObject({
      kind: 'certificate-incomplete',
      detail: expect.stringContaining('"CN=Intermediate"'),
    });
  });

  it('a CA that devices do not trust', async () => {
    const { cert, key } = await stranger.issue({ names });
    await using server = await Listening.pushServer('dp-1', { cert: `${cert}${stranger.pem}`, key });
    expect(await probe(server.port)).toMatchObject({ kind: 'certificate-untrusted' });
  });

  it('what only OpenSSL sees: more intermediates than a CA allows', async () => {
    const narrow = await root.createIntermediate('Narrow', { pathLength: 0 });
    const { chain, key } = await (await narrow.createIntermediate('Too deep')).issue({ names });
    await using server = await Listening.pushServer('dp-1', { cert: chain, key });
    expect(await probe(server.port)).toMatchObject({
      kind: 'certificate-untrusted',
      detail: expect.stringContaining('PATH_LENGTH_EXCEEDED'),
    });
  });
});

describe('finds that something else answers:', () => {
  it('another push server, even with a bad certificate', async () => {
    const stale = await root.issue({ names, endsInDays: -0.5 });
    for (const leaf of [good, stale]) {
      await using server = await Listening.pushServer('dp-2', shows(leaf));
      expect(await probe(server.port)).toMatchObject({
        kind: 'wrong-server',
        detail: expect.stringContaining('push server "dp-2"'),
      });
    }
  });

  it('another gRPC server', async () => {
    const host = grpcServer((server) => server.addService(CommandService.service, {}));
    await using server = await Listening.at(serverOf(host, shows(good)));
    expect(await probe(server.port)).toMatchObject({
      kind: 'wrong-server',
      detail: expect.stringContaining('is no push server'),
    });
    host[Symbol.dispose]();
  });

  it('a web server', async () => {
    const web = http2.createSecureServer({ ...shows(good), allowHTTP1: true }, (_, response) => {
      response.end('<html>'.repeat(100_000));
    });
    await using server = await Listening.at(web as unknown as net.Server);
    expect(await probe(server.port)).toMatchObject({
      kind: 'wrong-server',
      detail: expect.stringContaining('HTTP/2, but no gRPC'),
    });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes at once', (socket) => socket.destroy()],
    ['sends nonsense', (socket) => socket.write(Buffer.alloc(70_000, 0x41))],
    ['sends HTTP/2 nonsense', (socket) => socket.write(Buffer.alloc(9, 0xff))],
    ['sends an MQTT refusal', (socket) => socket.end(Buffer.from([0x20, 2, 0, 5]))],
    ['answers HTTP/1.1', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('whatever speaks TLS and %s', async (_, answer) => {
    const server = tls.createServer({ ...shows(good), ALPNProtocols: ['h2'] }, (socket) => {
      socket.on('error', () => {});
      answer(socket);
    });
    await using listening = await Listening.at(server);
    expect(await probe(listening.port)).toMatchObject({ kind: 'wrong-server' });
  });

  it('an answer that is no id', async () => {
    for (const id of ['x'.repeat(5_000), '\u001b[31mred\u202e']) {
      await using server = await Listening.pushServer(id, shows(good));
      const fault = await probe(server.port);
      expect(fault).toMatchObject({ kind: 'wrong-server' });
      expect(fault?.detail).toMatch(/^[\x20-\x7e]{1,400}$/);
    }
  });
});

describe('finds that nobody answers:', () => {
  it('a port on which nobody listens', async () => {
    const [port = 0] = await findFreePorts(1);
    expect(await probe(port)).toMatchObject({
      kind: 'address-unreachable',
      detail: expect.stringMatching(/^no connection to 127\.0\.0\.1:\d+: nobody listens there \(ECONNREFUSED\)/),
    });
    expect(await probe(port, { address: '::1' })).toMatchObject({
      kind: 'address-unreachable',
      detail: expect.stringMatching(/^no connection to \[::1\]:\d+: /),
    });
  });

  it('a name that nobody knows', async () => {
    expect(await probe(13_295, { address: 'push-server-1.invalid' })).toMatchObject({ kind: 'address-unreachable' });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['closes', (socket) => socket.destroy()],
    ['speaks no TLS', (socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')],
    ['speaks plain HTTP', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ])('a program that %s', async (_, answer) => {
    await using server = await Listening.at(net.createServer(answer));
    expect(await probe(server.port)).toMatchObject({
      kind: 'address-unreachable',
      detail: expect.stringContaining('no TLS to 127.0.0.1'),
    });
  });

  it('a push server without TLS, where it should have it', async () => {
    await using server = await Listening.pushServer('dp-1');
    expect(await probe(server.port)).toMatchObject({ kind: 'address-unreachable' });
  });

  it('a host that takes no connections, as behind a firewall that drops packets', async () => {
    // It listens, and stands still: once its queue is full, the system drops what comes.
    const listen = `
      const { parentPort } = require('node:worker_threads');
      const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
        parentPort.postMessage(server.address().port);
        setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
      });`;
    const thread = new Thread(listen, { eval: true });
    const [port] = await once(thread, 'message');
    const fillers = Array.from({ length: 4 }, () => net.connect(port, '127.0.0.1').on('error', () => {}));
    await Promise.all(fillers.slice(0, 2).map((socket) => once(socket, 'connect')));
    expect(await probe(port, { deadlineMs: 500 })).toMatchObject({
      kind: 'address-unreachable',
      detail: expect.stringMatching(/^no connection to 127\.0\.0\.1:\d+: no answer within/),
    });
    for (const socket of fillers) socket.destroy();
    await thread.terminate();
  });

  it.each<[string, Partial<TlsOptions> | undefined]>([
    ['in the handshake', undefined],
    ['once TLS stands', shows(good)],
  ])('whatever says nothing %s; the deadline ends it, and closes the connection', async (_, secured) => {
    const clock = new ManualClock();
    const server = secured ? tls.createServer(secured) : net.createServer();
    await using listening = await Listening.at(server);
    const waiting = probe(listening.port, { attended: clock });
    const [socket] = (await once(server, secured ? 'secureConnection' : 'connection')) as [Socket];
    const end = closed(socket);
    // The first bytes of the probe: it has come so far, too.
    await once(socket, 'data');
    clock.advance(5_000);
    expect(await waiting).toMatchObject({ kind: secured ? 'wrong-server' : 'address-unreachable' });
    await end;
  });

  it('no pause of this process, after which what came meanwhile is read first', async () => {
    const clock = new ManualClock();
    using attended = new AttendedClock({ clock, afterReading: (run) => run() });
    const listener = net.createServer();
    await using server = await Listening.at(listener);
    let answer = 'none';
    const waiting = probe(server.port, { attended }).then((fault) => {
      answer = fault?.kind ?? 'good';
    });
    const [socket] = (await once(listener, 'connection')) as [Socket];
    clock.stall(60_000);
    // The probe goes on.
    await once(socket, 'data');
    expect(answer).toBe('none');
    clock.advance(5_000);
    await waiting;
    expect(answer).toBe('address-unreachable');
  });
});

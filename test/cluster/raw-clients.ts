import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { generate, type Packet, parser } from 'mqtt-packet';

/** How a client that follows no rules meets a port. */
export interface Approach {
  name: string;
  connect(port: number): Promise<Socket>;
}

/** With and without TLS, with and without a promise (ALPN) of what it will speak. */
export const approaches: Approach[] = [
  { name: 'plain TCP', connect: (port) => opened(net.connect(port, '127.0.0.1'), 'connect') },
  ...[[], ['h2'], ['mqtt'], ['http/1.1']].map((alpn) => ({
    name: `TLS, ALPN ${alpn[0] ?? 'none'}`,
    connect: (port: number) =>
      opened(tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: alpn }), 'secureConnect'),
  })),
];

/** A handshake that is refused is as good an answer as a close. */
async function opened(socket: Socket, event: string): Promise<Socket> {
  socket.on('error', () => socket.destroy());
  socket.resume();
  await new Promise((resolve) => socket.once(event, resolve).once('close', resolve));
  return socket;
}

/** An MQTT client that says exactly what it is told to. */
export class RawMqtt implements Disposable {
  readonly packets: Packet[] = [];
  readonly socket: Socket;
  readonly #version: 4 | 5;

  private constructor(socket: Socket, version: 4 | 5) {
    this.socket = socket;
    this.#version = version;
    const parse = parser({ protocolVersion: version });
    parse.on('packet', (packet: Packet) => this.packets.push(packet));
    socket.on('data', (chunk: Buffer) => parse.parse(chunk));
  }

  static async connect(port: number, ca: Buffer, version: 4 | 5): Promise<RawMqtt> {
    const socket = tls.connect({ port, host: '127.0.0.1', ca });
    return new RawMqtt(await opened(socket, 'secureConnect'), version);
  }

  send(packet: Packet): void {
    this.socket.write(generate(packet, { protocolVersion: this.#version }));
  }

  /** CONNECT with a ticket as password. */
  greet(ticket: string, more: { username?: string; clientId?: string; keepalive?: number } = {}): void {
    const { username, clientId = 'raw', keepalive = 30 } = more;
    this.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: this.#version,
      clean: true,
      clientId,
      keepalive,
      password: Buffer.from(ticket),
      username: username ?? 'device-0',
    });
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

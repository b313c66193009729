import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A TCP server on this machine to which tunnels lead. */
export class TcpTarget implements AsyncDisposable {
  readonly address: string;
  readonly port: number;
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  static async listen(onConnection: (socket: Socket) => void): Promise<TcpTarget> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpTarget(server, onConnection);
  }

  /** Says back what it hears, and ends when it has heard the end. */
  static echo(): Promise<TcpTarget> {
    return TcpTarget.listen((socket) => socket.pipe(socket));
  }

  private constructor(server: Server, onConnection: (socket: Socket) => void) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.address = `127.0.0.1:${this.port}`;
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
      onConnection(socket);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

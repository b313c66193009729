import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a port of this machine that can be cut as a network is: nobody is told, and nothing gets through any more. */
export class CuttableWire implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async to(port: number): Promise<CuttableWire> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CuttableWire(server, port);
  }

  private constructor(server: Server, to: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (here) => {
      const there = connect(to, '127.0.0.1');
      for (const [socket, other] of [
        [here, there],
        [there, here],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => other.destroy()).once('close', () => other.destroy());
        socket.pipe(other);
      }
    });
  }

  cut(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** Tasks that the first byte of a connection asks for. */
export const tunnelTask = { take: 't', give: 'g' } as const;

const chunk = Buffer.alloc(65_536, 1);

/**
 * The server to which the tunnels of a load lead, on this machine: it takes all that comes and answers with one byte at the end,
 * or gives so many bytes.
 */
export class TunnelFarEnd implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(): Promise<TunnelFarEnd> {
    const end = new TunnelFarEnd();
    end.#server.listen(0, '127.0.0.1');
    await once(end.#server, 'listening');
    return end;
  }

  private constructor() {
    this.#server = net.createServer({ allowHalfOpen: true }, (socket) => this.#onConnection(socket));
  }

  get target(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #onConnection(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.once('data', (head: Buffer) => {
      if (String.fromCharCode(head[0] ?? 0) === tunnelTask.take) take(socket);
      else give(socket, Number(head.subarray(1).toString())).catch(() => socket.destroy());
    });
  }
}

function take(socket: Socket): void {
  socket.on('end', () => socket.end('.'));
  socket.resume();
}

async function give(socket: Socket, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (!socket.write(chunk.subarray(0, Math.min(left, chunk.length)))) await once(socket, 'drain');
  }
  socket.end();
  socket.resume();
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Tunnels, TunnelTarget } from '@pushfleet/admin-sdk';
import { formatHostPort, parseHostPort, splice } from '@pushfleet/protocol';
import { InvalidArgumentError } from 'commander';
import { CommandFailure, describeFailure } from '../output/failure.ts';

interface TunnelListenerOptions {
  tunnels: Pick<Tunnels, 'open'>;
  target: TunnelTarget;
  /** A connection has ended; `problem`: not by itself. */
  onEnded(peer: string, bytes: { toDevice: number; fromDevice: number }, problem?: string): void;
  /** A connection was refused: no tunnel could be opened for it. */
  onRefused(peer: string, problem: string): void;
}

/** A local port, every connection to which is a tunnel. */
export class TunnelListener implements AsyncDisposable {
  readonly #options: TunnelListenerOptions;
  readonly #server: Server;
  readonly #closed = new AbortController();
  readonly #connections = new Set<Promise<void>>();

  constructor(options: TunnelListenerOptions) {
    this.#options = options;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
      const work: Promise<void> = this.#serve(socket).finally(() => this.#connections.delete(work));
      this.#connections.add(work);
    });
  }

  /** Address and port of the listener, once it listens. */
  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return formatHostPort(address, port);
  }

  /** @throws CommandFailure that names --local. */
  async listen({ host, port }: LocalAddress): Promise<void> {
    try {
      this.#server.listen({ host, port });
      await once(this.#server, 'listening');
    } catch (cause) {
      const problem = listenProblem(cause as NodeJS.ErrnoException);
      throw new CommandFailure(`--local ${formatHostPort(host, port)}: ${problem}`, { cause });
    }
  }

  /** Cuts all connections off. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    if (this.#server.listening) this.#server.close();
    await Promise.all(this.#connections);
  }

  async #serve(socket: Socket): Promise<void> {
    const { tunnels, target, onEnded, onRefused } = this.#options;
    const { signal } = this.#closed;
    const peer = formatHostPort(socket.remoteAddress ?? '?', socket.remotePort ?? 0);
    socket.on('error', () => undefined);
    try {
      const tunnel = await tunnels.open(target, { signal });
      const cut = () => socket.destroy();
      signal.addEventListener('abort', cut, { once: true });
      const cause = await splice(tunnel, socket);
      signal.removeEventListener('abort', cut);
      const bytes = { toDevice: tunnel.bytesWritten, fromDevice: tunnel.bytesRead };
      onEnded(peer, bytes, signal.aborted ? undefined : cause?.message);
    } catch (error) {
      socket.resetAndDestroy();
      if (!signal.aborted) onRefused(peer, describeFailure(error));
    }
  }
}

function listenProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return 'the port is taken; choose another one';
  if (code === 'EACCES') return 'this user may not listen there; ports from 1024 on need no permission';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return 'this machine has no such address';
  return message;
}

export interface LocalAddress {
  host: string;
  port: number;
}

/** `2222`, `127.0.0.1:2222`, `[::1]:2222`; without a host, this machine alone. 0: any free port. */
export function parseLocalAddress(text: string): LocalAddress {
  const [, hostPart = '127.0.0.1', portPart] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  // Port 0 is no address of anything, but one may listen on it.
  const parsed = parseHostPort(`${hostPart}:${portPart === '0' ? '1' : portPart}`);
  if (!parsed) throw new InvalidArgumentError('It must be a port or host:port, e.g. 2222 or 0.0.0.0:2222.');
  return { host: parsed.address, port: Number(portPart) };
}

import type { Host, SimulatedProcess } from '../world/process.ts';
import { OrderedPath } from './ordered-path.ts';
import type { Paths } from './paths.ts';

/** One side of a connection, as its process handles it. Both are called in turns of the process. */
export interface Peer {
  /** @param costMs Time that handling it takes of the processor, where that is not paid yet. */
  onFrame(frame: unknown, costMs: number): void;
  /** Nothing more comes, and nothing more can be sent. */
  onClosed(reason: string): void;
}

/** Takes connections to an address and port. Several may share one, and get connections in turn. */
export interface Acceptor {
  process: SimulatedProcess;
  /** Called in a turn of the process. */
  accept(connection: Connection): Peer;
}

/** Bytes that one side may have sent and the other side not read. Beyond this the sender is told to wait. */
const windowBytes = 262_144;

interface Direction {
  path: OrderedPath | undefined;
  unreadBytes: number;
  waiting: (() => void)[];
}

/** A connection between two processes: frames in order, until either side closes it, it breaks, or one of the processes ends. */
export class Connection {
  isOpen = true;
  onEstablished: () => void = () => {};
  readonly #paths: Paths;
  readonly #onOver: () => void;
  readonly client: SimulatedProcess;
  /** The port that the client's system has given it. */
  readonly clientPort: number;
  readonly #clientPeer: Peer;
  server: SimulatedProcess | undefined;
  #serverPeer: Peer | undefined;
  #isEstablished = false;
  /** Nothing gets through any more, and neither side is told. */
  #isHalfOpen = false;
  /** The side whose earlier frames still arrive. */
  #closedBy: 'client' | 'server' | undefined;
  /** Frames of the client that wait until the server has answered. */
  #unsent: (() => void)[] = [];
  readonly #toServer: Direction = { path: undefined, unreadBytes: 0, waiting: [] };
  readonly #toClient: Direction = { path: undefined, unreadBytes: 0, waiting: [] };

  constructor(
    paths: Paths,
    { client, port }: { client: SimulatedProcess; port: number },
    peer: Peer,
    onOver: () => void,
  ) {
    this.#paths = paths;
    this.#onOver = onOver;
    this.client = client;
    this.clientPort = port;
    this.#clientPeer = peer;
    client.onEnd(() => this.#onProcessEnd('client'));
  }

  get isEstablished(): boolean {
    return this.#isEstablished;
  }

  /** It has arrived at a listening socket. */
  reach(acceptor: Acceptor): void {
    const { process } = acceptor;
    this.server = process;
    process.onEnd(() => this.#onProcessEnd('server'));
    // The system answers, whatever the process does; then come the handshake's messages.
    process.receive(() => {
      if (this.isOpen) this.#serverPeer = acceptor.accept(this);
    });
    this.#carry('client', () => {
      this.#isEstablished = true;
      this.onEstablished();
      for (const send of this.#unsent.splice(0)) send();
    });
  }

  refuse(reason: string): void {
    if (!this.isOpen || this.#isEstablished) return;
    this.#end();
    this.client.receive(() => this.#clientPeer.onClosed(reason));
  }

  /**
   * Sends a frame to the other side. @param onTaken Called when there is room for more.
   * @param costMs Time that the other side takes to handle it.
   */
  send(from: 'client' | 'server', frame: unknown, bytes: number, onTaken: () => void, costMs: number): void {
    // Whoever has not heard of the end writes on, into a buffer that nobody empties.
    if (!this.isOpen) return onTaken();
    const direction = from === 'client' ? this.#toServer : this.#toClient;
    direction.unreadBytes += bytes;
    if (direction.unreadBytes <= windowBytes) onTaken();
    else direction.waiting.push(onTaken);
    const send = () => this.#carry(from === 'client' ? 'server' : 'client', () => this.#deliver(from, frame, costMs));
    if (from === 'client' && !this.#isEstablished) this.#unsent.push(send);
    else send();
  }

  /** The side has read so many bytes. */
  read(by: 'client' | 'server', bytes: number): void {
    const direction = by === 'client' ? this.#toClient : this.#toServer;
    direction.unreadBytes = Math.max(0, direction.unreadBytes - bytes);
    if (direction.waiting.length === 0 || direction.unreadBytes > windowBytes / 2) return;
    const sender = by === 'client' ? this.server : this.client;
    const released = direction.waiting.splice(0);
    this.#carry(by === 'client' ? 'server' : 'client', () => {
      sender?.receive(() => {
        for (const onTaken of released) onTaken();
      });
    });
  }

  /** One side closes it; the other one hears of it. */
  close(by: 'client' | 'server', reason = 'closed by the other side'): void {
    if (!this.isOpen) return;
    const other = by === 'client' ? 'server' : 'client';
    this.#carry(other, () => this.#tell(other, reason));
    this.#closedBy = by;
    this.#end();
  }

  /** Both sides are told at once. */
  break(reason: string): void {
    if (!this.isOpen) return;
    this.#end();
    this.#tell('client', reason);
    this.#tell('server', reason);
  }

  /** Some box on the way forgets it: neither side is told. */
  forget(): void {
    this.#isHalfOpen = true;
  }

  #deliver(from: 'client' | 'server', frame: unknown, costMs: number): void {
    if (!this.isOpen && this.#closedBy !== from) return;
    if (from === 'server') return this.client.receive(() => this.#clientPeer.onFrame(frame, 0), costMs);
    this.server?.receive(() => this.#serverPeer?.onFrame(frame, costMs));
  }

  /** In order, whatever the latency of each. */
  #carry(to: 'client' | 'server', arrive: () => void): void {
    if (this.#isHalfOpen || !this.server) return;
    const direction = to === 'server' ? this.#toServer : this.#toClient;
    const [here, there]: [Host, Host] =
      to === 'server' ? [this.client.host, this.server.host] : [this.server.host, this.client.host];
    direction.path ??= new OrderedPath(this.#paths, here, there);
    direction.path.send(() => {
      if (!this.#isHalfOpen) arrive();
    });
  }

  #tell(side: 'client' | 'server', reason: string): void {
    if (side === 'client') return this.client.receive(() => this.#clientPeer.onClosed(reason));
    this.server?.receive(() => this.#serverPeer?.onClosed(reason));
  }

  #onProcessEnd(side: 'client' | 'server'): void {
    if (this.isOpen) this.close(side, 'connection reset');
  }

  #end(): void {
    this.isOpen = false;
    this.#onOver();
  }
}

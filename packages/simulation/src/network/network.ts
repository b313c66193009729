import type { Host, SimulatedProcess } from '../world/process.ts';
import type { World } from '../world/world.ts';
import { type Acceptor, Connection, type Peer } from './connection.ts';
import { Paths } from './paths.ts';

/** A client gives up a connection that is not answered after this long. */
const connectWithinMs = 20_000;

/** Hosts, and the connections between their processes. */
export class Network {
  readonly world: World;
  readonly paths: Paths;
  readonly connections = new Set<Connection>();
  readonly #acceptors = new Map<string, Acceptor[]>();
  readonly #turns = new Map<string, number>();
  readonly #hosts = new Map<string, Host>();
  #lastPort = 30_000;
  #lastClientPort = 0;

  constructor(world: World) {
    this.world = world;
    this.paths = new Paths(world);
  }

  addHost(host: Host): Host {
    this.#hosts.set(host.address, host);
    return host;
  }

  freePort(): number {
    this.#lastPort += 1;
    return this.#lastPort;
  }

  listen(address: string, port: number, acceptor: Acceptor): Disposable {
    const key = `${address}:${port}`;
    const acceptors = this.#acceptors.get(key) ?? [];
    acceptors.push(acceptor);
    this.#acceptors.set(key, acceptors);
    const stop = () => {
      const index = acceptors.indexOf(acceptor);
      if (index >= 0) acceptors.splice(index, 1);
    };
    return { [Symbol.dispose]: stop };
  }

  isListening(address: string, port: number): boolean {
    return this.#liveAcceptors(address, port).length > 0;
  }

  /** Connects; frames that are sent before the other side has answered wait for that. */
  connect(process: SimulatedProcess, address: string, port: number, peer: Peer): Connection {
    const host = this.#hosts.get(address);
    this.#lastClientPort += 1;
    const end = { client: process, port: this.#lastClientPort };
    const connection: Connection = new Connection(this.paths, end, peer, () => this.connections.delete(connection));
    this.connections.add(connection);
    const arrive = () => {
      if (!connection.isOpen) return;
      const acceptor = host && this.#next(address, port);
      if (!acceptor) return connection.refuse('connection refused');
      connection.reach(acceptor);
    };
    if (host)
      this.paths.arrive(process.host, host, this.world.nowMs + this.paths.latencyMs(process.host, host), arrive);
    else this.world.after(connectWithinMs, () => connection.refuse('no such host'));
    const giveUp = this.world.after(connectWithinMs, () => connection.refuse('connect timed out'));
    connection.onEstablished = () => giveUp[Symbol.dispose]();
    return connection;
  }

  #liveAcceptors(address: string, port: number): Acceptor[] {
    return (this.#acceptors.get(`${address}:${port}`) ?? []).filter(({ process }) => !process.isEnded);
  }

  #next(address: string, port: number): Acceptor | undefined {
    const acceptors = this.#liveAcceptors(address, port);
    if (acceptors.length === 0) return undefined;
    const key = `${address}:${port}`;
    const turn = (this.#turns.get(key) ?? 0) + 1;
    this.#turns.set(key, turn);
    return acceptors[turn % acceptors.length];
  }
}

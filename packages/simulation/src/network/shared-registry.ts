import type { PushfleetError } from '@pushfleet/protocol';
import { type Registry, toRegistryError } from '@pushfleet/registry';
import { createEmbeddedRegistry, Database } from '@pushfleet/registry/embedded';
import type { Host } from '../world/process.ts';
import { SimulatedProcess } from '../world/process.ts';
import { firstWallMs, type World } from '../world/world.ts';
import type { Network } from './network.ts';
import { OrderedPath } from './ordered-path.ts';

/** The same time for which adapters wait for an answer. */
const answerWithinMs = 3_000;
/** Processor time for one question. */
const questionMs = 0.02;

export interface RegistryLimits {
  suspectAfterMs: number;
  deadAfterMs: number;
}

/**
 * The embedded adapter in memory, behind the virtual network: a process of its own that answers questions in order. It may be away,
 * slow, or refuse writes; an answer may be lost after the write.
 */
export class SharedRegistry {
  readonly process: SimulatedProcess;
  /** For the world itself: without network, time or faults. */
  readonly direct: Registry;
  /** Added to every answer. */
  slowMs = 0;
  isAway = false;
  refusesWrites = false;
  readonly #network: Network;
  readonly #registry: Registry;
  readonly #database: Database;
  readonly #paths = new WeakMap<SimulatedProcess, { there: OrderedPath; back: OrderedPath }>();
  #isDirect = false;

  constructor(world: World, network: Network, host: Host, limits: RegistryLimits) {
    this.#network = network;
    this.process = new SimulatedProcess(world, 'registry', host);
    const machineMs = () => Math.floor(world.nowMs) + machineBeganMs;
    const wallMs = () => Math.floor(firstWallMs + world.nowMs + host.wallAheadMs);
    this.#database = this.process.run(() => Database.inMemory({ wallMs, machineMs }));
    this.#refuseWrites(this.#database);
    this.#registry = createEmbeddedRegistry(this.#database, limits);
    this.direct = this.#registry;
  }

  /** Rows of a query, for what looks at the world from outside. */
  rows<Row extends object>(sql: string): Row[] {
    return this.#database.all<Row>(sql);
  }

  /** Asks as the world itself, whatever faults there are. */
  async ask<Answer>(question: (registry: Registry) => Promise<Answer>): Promise<Answer> {
    this.#isDirect = true;
    try {
      return await this.process.run(() => question(this.#registry));
    } finally {
      this.#isDirect = false;
    }
  }

  /** Comes back empty, but for some tables. */
  loseAllBut(kept: readonly string[]): void {
    const tables = this.rows<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    for (const { name } of tables) if (!kept.includes(name)) this.#database.run(`DELETE FROM ${name}`);
  }

  /** The registry as a process has it that asks over the network. */
  for(process: SimulatedProcess): Registry {
    const portOf = (port: object): object =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          return (...args: unknown[]) => this.#ask(process, () => Reflect.apply(member, target, args));
        },
      });
    const ports = Object.entries(this.#registry).map(([name, port]) => [
      name,
      typeof port === 'object' ? portOf(port) : (...args: unknown[]) => this.#ask(process, () => port(...args)),
    ]);
    return { ...Object.fromEntries(ports), check: async () => [], [Symbol.asyncDispose]: async () => {} } as Registry;
  }

  #pathsOf(asker: SimulatedProcess): { there: OrderedPath; back: OrderedPath } {
    const known = this.#paths.get(asker);
    if (known) return known;
    const there = new OrderedPath(this.#network.paths, asker.host, this.process.host);
    const back = new OrderedPath(this.#network.paths, this.process.host, asker.host);
    this.#paths.set(asker, { there, back });
    return { there, back };
  }

  #ask(asker: SimulatedProcess, question: () => unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const deadline = asker.attended.after(answerWithinMs, () => reject(unavailable('does not answer')));
      const { there, back } = this.#pathsOf(asker);
      const receive = (settle: () => void) =>
        asker.receive(() => {
          deadline[Symbol.dispose]();
          settle();
        });
      const answer = (settle: () => void) => back.send(() => receive(settle), this.slowMs / 2);
      const handle = () => {
        Promise.resolve()
          .then(question)
          .then(
            (value) => answer(() => resolve(value)),
            (error) => answer(() => reject(error)),
          );
      };
      there.send(() => {
        if (this.isAway) answer(() => reject(unavailable('is away')));
        else this.process.receive(handle, questionMs);
      }, this.slowMs / 2);
    });
  }

  #refuseWrites(database: Database): void {
    const write = database.write.bind(database);
    database.write = (body) => {
      if (this.refusesWrites && !this.#isDirect)
        return Promise.reject(
          toRegistryError('the registry', { kind: 'refuses-writes', why: 'the disk is full' }, undefined),
        );
      return write(body);
    };
  }
}

/** The machine was started before the world began. */
const machineBeganMs = 1_000_000;

function unavailable(why: string): PushfleetError {
  return toRegistryError('the registry', { kind: 'away', why }, undefined);
}

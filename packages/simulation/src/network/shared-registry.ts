import type { PushfleetError } from '@pushfleet/protocol';
import { type HeartbeatAnswer, type Registry, toRegistryError } from '@pushfleet/registry';
import { present, type Software } from '../versions/software.ts';
import type { SimulatedProcess } from '../world/process.ts';
import type { Network } from './network.ts';
import { OrderedPath } from './ordered-path.ts';
import type { Copy, RegistryStore } from './registry-store.ts';

/** The same time for which adapters wait for an answer. */
const answerWithinMs = 3_000;
/** Processor time for one question. */
const questionMs = 0.02;

/** Hears of a method, what it was asked, and what it answers. */
export type AnswerWatcher = (method: string, args: readonly unknown[], answer: unknown) => void;

/**
 * The registry behind the virtual network: a process of its own that answers questions in order. It may be away, slow, or refuse writes;
 * an answer may be lost after the write.
 */
export class SharedRegistry {
  readonly process: SimulatedProcess;
  readonly store: RegistryStore;
  /** Added to every answer. */
  slowMs = 0;
  isAway = false;
  readonly #network: Network;
  readonly #registry: Registry;
  readonly #paths = new WeakMap<SimulatedProcess, { there: OrderedPath; back: OrderedPath }>();
  readonly #watchers: AnswerWatcher[] = [];
  #refusesWrites = false;
  #failovers = 0;

  constructor(network: Network, process: SimulatedProcess, store: RegistryStore) {
    this.#network = network;
    this.process = process;
    this.store = store;
    this.#registry = store.open(present);
  }

  /** Lets `watch` hear of each answer, before it leaves. */
  watchAnswers(watch: AnswerWatcher): void {
    this.#watchers.push(watch);
  }

  /** Asks as the world itself, whatever faults there are. */
  async ask<Answer>(question: (registry: Registry) => Promise<Answer>): Promise<Answer> {
    if (this.#refusesWrites) await this.store.refuseWrites(false);
    try {
      return await this.#run(() => question(this.#registry));
    } finally {
      if (this.#refusesWrites) await this.store.refuseWrites(true);
    }
  }

  async refuseWrites(isRefusing: boolean): Promise<void> {
    this.#refusesWrites = isRefusing;
    await this.store.refuseWrites(isRefusing);
  }

  /** Loses the writes since the copy; whoever is connected finds another server. */
  async failOverTo(copy: Copy): Promise<void> {
    await this.store.goBackTo(copy);
    this.#failovers += 1;
  }

  /** The registry as a process has it that asks over the network, by the adapter of its own version. */
  for(process: SimulatedProcess, software: Software = present): Registry {
    const own = software === present ? this.#registry : this.store.open(software);
    const ask = (question: () => unknown) =>
      this.#ask(process, question).catch((error) => {
        throw software === present ? error : asErrorOf(software, error);
      });
    const portOf = (name: string, port: object): object =>
      new Proxy(port, {
        get: (target, key) => {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          const method = `${name}.${String(key)}`;
          return (...args: unknown[]) =>
            ask(async () => {
              const answer: unknown = await Reflect.apply(member, target, args);
              for (const watch of this.#watchers) watch(method, args, answer);
              return answer;
            });
        },
      });
    const ports = Object.entries(own).map(([name, port]) => [
      name,
      typeof port === 'object' ? portOf(name, port) : (...args: unknown[]) => ask(() => port(...args)),
    ]);
    const registry = Object.fromEntries(ports) as Registry;
    return {
      ...registry,
      nodes: this.#watched(registry.nodes, 'heartbeat'),
      balancers: this.#watched(registry.balancers, 'announce'),
      check: async () => [],
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** A server that was changed may lack the last writes, as the adapter for Redis has it. */
  #watched<Port extends object>(port: Port, name: 'heartbeat' | 'announce'): Port {
    let known = this.#failovers;
    const asked = Reflect.get(port, name) as (...args: unknown[]) => Promise<HeartbeatAnswer | string | undefined>;
    const ask = async (...args: unknown[]): Promise<unknown> => {
      const answer = await asked(...args);
      const mayLack = this.#failovers > known;
      known = this.#failovers;
      if (!mayLack || answer === undefined) return answer;
      // That of an earlier version is the verdict alone.
      if (typeof answer === 'string') return answer === 'ok' ? 'restored' : answer;
      const isHidden = answer.verdict === 'ok' || answer.verdict === 'struck-off';
      return isHidden ? { ...answer, verdict: 'restarted' } : answer;
    };
    return new Proxy(port, { get: (target, key) => (key === name ? ask : Reflect.get(target, key)) });
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
        const answered = this.#run(question).then(
          (value) => answer(() => resolve(value)),
          (error) => answer(() => reject(error)),
        );
        if (this.store.isOutside) this.process.hold(answered);
      };
      there.send(() => {
        if (this.isAway) answer(() => reject(unavailable('is away')));
        else this.process.receive(handle, questionMs);
      }, this.slowMs / 2);
    });
  }

  /** A real server is asked outside of the world, with real timers. */
  async #run<Answer>(question: () => Answer | Promise<Answer>): Promise<Answer> {
    if (this.store.isOutside) return this.process.leave(async () => question());
    return this.process.run(async () => question());
  }
}

/** The same error as the class of another version. */
function asErrorOf({ PushfleetError: Known }: Software, error: unknown): unknown {
  return error instanceof present.PushfleetError ? new Known(error.code, error.message, { cause: error }) : error;
}

function unavailable(why: string): PushfleetError {
  return toRegistryError('the registry', { kind: 'away', why }, undefined);
}

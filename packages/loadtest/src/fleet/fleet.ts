import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { machineUs, systemClock } from '@pushfleet/runtime';
import { forkToolProcess } from '../measure/tool-process.ts';
import type { FleetLinks, FleetQuestion, FleetTask, FleetTick, FromFleet, ToFleet } from './messages.ts';

const entry = new URL(`./fleet-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * A heap that grows from a few megabytes is marked as a whole again and again while thousands of devices come, the more so as each TLS handshake
 * has 64 KiB beside it: a connection costs a fleet 0.5 ms instead of 0.6 where the first limit is far.
 */
const execArgv = ['--initial-heap-size=512'];

export interface FleetOptions {
  task: FleetTask;
  processes: number;
  /** When the run began, by `machineUs`. */
  startedUs: number;
  /** Each process says once a second what has happened. */
  onTick(tick: FleetTick): void;
  /** A process has ended by itself: its devices are gone. */
  onFailed(error: Error): void;
}

/** How long devices may take to say goodbye. */
const closeWithinMs = 10_000;

/** Many lean devices, in processes of their own: none holds more files than it may, and their work is not the tool's. */
export class Fleet implements AsyncDisposable {
  readonly #options: FleetOptions;
  readonly #processes: FleetProcess[];
  #isClosing = false;

  private constructor(options: FleetOptions) {
    this.#options = options;
    this.#processes = Array.from({ length: options.processes }, () => new FleetProcess());
  }

  /** Resolves once every process is ready. No device connects before `connect`. */
  static async create(options: FleetOptions): Promise<Fleet> {
    const fleet = new Fleet(options);
    try {
      await Promise.all(fleet.#processes.map((process, index) => fleet.#begin(process, index)));
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
    return fleet;
  }

  get pids(): number[] {
    return this.#processes.map(({ pid }) => pid);
  }

  /** Devices with these numbers come one after the other from now on, so many a second; Infinity: all at once. */
  connect(from: number, to: number, perSecond: number): void {
    // As far in the future as it takes to tell all processes.
    const startUs = machineUs() + 50_000;
    this.#sayToAll({ kind: 'connect', from, to, startUs, perSecond: Math.min(perSecond, 1e9) });
  }

  /**
   * From now on such a share of the devices that are up leaves in each second, and comes back. 0: none.
   * @param asks They forget their tickets, and ask a balancer where they belong before they come back.
   */
  churn(shareOfASecond: number, asks = false): void {
    this.#sayToAll({ kind: 'churn', shareOfASecond, asks });
  }

  /** Resolves once everything that has happened until now was given to `onTick`. */
  async flush(): Promise<void> {
    await this.#askAll('flush');
  }

  /** Numbers of the devices that are up, by the id of their push server. */
  async links(): Promise<Map<string, number[]>> {
    const byNode = new Map<string, number[]>();
    for (const links of await this.#askAll('links')) {
      for (const [nodeId, indexes] of Object.entries(links ?? {})) {
        const known = byNode.get(nodeId) ?? [];
        byNode.set(nodeId, known);
        for (const index of indexes) known.push(index);
      }
    }
    return byNode;
  }

  /** All devices say goodbye. Resolves once all links have ended, or after ten seconds. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#sayToAll({ kind: 'close' });
    const closed = Promise.all(this.#processes.map(({ closed }) => closed));
    await Promise.race([closed, systemClock.sleep(closeWithinMs)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#processes.map((process) => process.end()));
  }

  async #begin(process: FleetProcess, index: number): Promise<void> {
    const { task, processes, startedUs, onTick, onFailed } = this.#options;
    process.onTick = onTick;
    process.say({ kind: 'setup', task, process: index, processes, startedUs });
    void process.exited.then((how) => {
      if (!this.#isClosing) onFailed(new Error(`process ${index + 1} of the fleet ended: ${how}`));
    });
    await process.ready;
  }

  async #askAll(question: FleetQuestion): Promise<(FleetLinks | undefined)[]> {
    return await Promise.all(this.#processes.map((process) => process.ask(question)));
  }

  #sayToAll(message: ToFleet): void {
    for (const process of this.#processes) process.say(message);
  }
}

/** One process, as its parent sees it. */
class FleetProcess {
  onTick: (tick: FleetTick) => void = () => {};
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  /** How it ended, in words. */
  readonly exited: Promise<string>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (links: FleetLinks | undefined) => void>();
  #lastId = 0;

  constructor() {
    this.#child = forkToolProcess(entry, [], execArgv);
    this.exited = once(this.#child, 'exit').then(([code, signal]) => String(signal ?? `status ${code}`));
    const ready = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    this.ready = Promise.race([
      ready.promise,
      this.exited.then((how) => Promise.reject(new Error(`a process of the fleet ended: ${how}`))),
    ]);
    this.closed = Promise.race([closed.promise, this.exited.then(() => undefined)]);
    this.ready.catch(() => {});
    this.#child.on('error', () => {});
    this.#child.on('message', (message: FromFleet) => {
      if (message.kind === 'ready') ready.resolve();
      else if (message.kind === 'closed') closed.resolve();
      else if (message.kind === 'tick') this.onTick(message.tick);
      else this.#answered(message.id, message.links);
    });
    void this.exited.then(() => {
      for (const id of [...this.#waiting.keys()]) this.#answered(id, undefined);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  say(message: ToFleet): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  ask(question: FleetQuestion): Promise<FleetLinks | undefined> {
    if (!this.#child.connected) return Promise.resolve(undefined);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.say({ kind: 'ask', id, question });
    });
  }

  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.exited;
  }

  #answered(id: number, links: FleetLinks | undefined): void {
    this.#waiting.get(id)?.(links);
    this.#waiting.delete(id);
  }
}

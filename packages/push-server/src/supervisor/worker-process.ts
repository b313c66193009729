import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  type BootId,
  type GroupPath,
  type NodeId,
  parseBootId,
  parseWorkerId,
  type WorkerId,
} from '@pushfleet/protocol';
import type { HeartbeatDelta, WorkerRecord } from '@pushfleet/registry';
import type { AttendedTime, Clock, Environment } from '@pushfleet/runtime';
import { SessionDelta } from '../links/session-reporter.ts';
import { isFromWorker, type ToWorker, type WorkerTask } from '../worker/messages.ts';

const entry = new URL(`../worker/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * A worker holds tens of thousands of small things for days. Short-lived objects of V8 have little room, or what is dead
 * is counted for each link; docs/benchmarks.md has the figures.
 */
const execArgv = ['--max-semi-space-size=2'];
/** For glibc: larger blocks are given back to the system when they are freed, and so is what is free at the end of the heap. */
const leanMemory = { MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TOP_PAD_: '32768' } as const;

export interface WorkerProcessOptions {
  nodeId: NodeId;
  index: number;
  capacity: number;
  groups: GroupPath[];
  /** How many new devices it is taken to accept in a second until it has measured it. */
  acceptsPerSecond: number;
  environment: Environment;
  clock: Clock;
  attended: AttendedTime;
  /** Silence after which the worker counts as hung. */
  hungAfterMs: number;
  /** The worker has answered `open-listener`. */
  onListener(port: number, problem: string | undefined): void;
  /** The worker has said how its metrics stand. */
  onMetrics(reading: number[]): void;
  /** Called once, when the process is gone; `problem` is what it reported before. */
  onExit(worker: WorkerProcess, problem: string | undefined): void;
}

/** Silence after which a worker gets no new devices, and keeps those that it has. Workers send several messages a second. */
const silentAfterMs = 3_000;
/** A starting worker may be silent this many times longer: the system has to start a process, which has much to load. */
const startingFactor = 3;

/** One process of a worker, as its supervisor sees it. */
export class WorkerProcess {
  readonly workerId: WorkerId;
  readonly #options: WorkerProcessOptions;
  readonly #child: ChildProcess;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<unknown>;
  readonly #delta = new SessionDelta();
  #heardAtMs: number;
  #bootId: BootId = parseBootId(randomUUID());
  #capacity: number;
  #controlAddress: string | undefined;
  #certificate: string | undefined;
  #live = 0;
  #acceptsPerSecond: number;
  #overloaded = false;
  #redirected = 0;
  #problem: string | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.#capacity = options.capacity;
    this.#acceptsPerSecond = options.acceptsPerSecond;
    this.#heardAtMs = options.attended.now();
    this.workerId = parseWorkerId(`w${options.index}`);
    this.#child = fork(entry, { env: { ...leanMemory, ...options.environment } as NodeJS.ProcessEnv, execArgv });
    this.#exited = once(this.#child, 'exit');
    this.#ready = this.#awaitReady();
    this.#ready.catch(() => {});
    this.#child.once('exit', () => options.onExit(this, this.#problem));
    // A message to a process that has just died; its exit is on its way.
    this.#child.on('error', () => {});
    this.send({ kind: 'start', task: this.#task() });
  }

  get index(): number {
    return this.#options.index;
  }

  /** Resolves once the worker takes requests; rejects if it ends before. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get isReady(): boolean {
    return this.#controlAddress !== undefined;
  }

  /** The certificate chain that it shows to devices, PEM. `undefined`: it is not ready, or its links have no TLS. */
  get certificate(): string | undefined {
    return this.#certificate;
  }

  get live(): number {
    return this.#live;
  }

  /** How many new devices it can take in a second. */
  get acceptsPerSecond(): number {
    return this.isSilent ? 0 : this.#acceptsPerSecond;
  }

  /** It cannot take the devices that come. */
  get overloaded(): boolean {
    return this.isReady && this.#overloaded;
  }

  /** Number of devices redirected. */
  get redirected(): number {
    return this.#redirected;
  }

  /** It has been silent for so long that it gets no new devices. */
  get isSilent(): boolean {
    return this.isReady && this.#silentMs >= silentAfterMs;
  }

  /** Ends the process if it is hung. */
  killIfHung(): void {
    const { hungAfterMs } = this.#options;
    const silentMs = this.#silentMs;
    if (silentMs < (this.isReady ? hungAfterMs : startingFactor * hungAfterMs)) return;
    this.#problem = `worker ${this.workerId} has said nothing for ${Math.round(silentMs / 1_000)} s and was killed`;
    this.#child.kill('SIGKILL');
  }

  /** Its record for the registry; `undefined`: it is not ready. */
  record(): WorkerRecord | undefined {
    if (this.#controlAddress === undefined || this.#child.pid === undefined) return undefined;
    return {
      workerId: this.workerId,
      bootId: this.#bootId,
      pid: this.#child.pid,
      controlAddress: this.#controlAddress,
      live: this.#live,
      // Whether or not it ever comes back, nobody gets in as long as it is silent.
      capacity: this.isSilent ? Math.min(this.#capacity, this.#live) : this.#capacity,
    };
  }

  /** Removes and returns what happened to its sessions since the last call. */
  takeDelta(): HeartbeatDelta {
    return this.#delta.take();
  }

  send(message: ToWorker): void {
    if (message.kind === 'set-capacity') this.#capacity = message.capacity;
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  reassert(newBoot: boolean): void {
    if (newBoot) this.#bootId = parseBootId(randomUUID());
    this.send({ kind: 'reassert', bootId: this.#bootId });
  }

  /** Makes it redirect its devices and end. Kills it if it is still there after `withinMs`. */
  async drain(withinMs: number): Promise<void> {
    this.send({ kind: 'drain', withinMs });
    using _killer = this.#options.clock.after(withinMs, () => this.#child.kill('SIGKILL'));
    await this.#exited;
  }

  get #silentMs(): number {
    return this.#options.attended.now() - this.#heardAtMs;
  }

  #task(): WorkerTask {
    const { nodeId, capacity, groups, acceptsPerSecond } = this.#options;
    return { nodeId, workerId: this.workerId, bootId: this.#bootId, capacity, groups, acceptsPerSecond };
  }

  async #awaitReady(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#child.on('message', (message) => this.#onMessage(message, resolve));
      this.#child.once('exit', () => reject(new Error(this.#problem ?? `worker ${this.workerId} ended`)));
    });
  }

  #onMessage(message: unknown, ready: () => void): void {
    if (!isFromWorker(message)) return;
    this.#heardAtMs = this.#options.attended.now();
    switch (message.kind) {
      case 'keep-alive':
        return;
      case 'ready':
        this.#controlAddress = message.controlAddress;
        this.#certificate = message.certificate;
        return ready();
      case 'listener':
        return this.#options.onListener(message.port, message.problem);
      case 'load':
        this.#live = message.live;
        this.#acceptsPerSecond = message.acceptsPerSecond;
        this.#overloaded = message.overloaded;
        this.#redirected += message.redirected;
        this.#delta.add(message.delta);
        return;
      case 'metrics':
        return this.#options.onMetrics(message.reading);
      case 'failed':
        this.#problem = message.message;
        return;
      default:
        return message satisfies never;
    }
  }
}

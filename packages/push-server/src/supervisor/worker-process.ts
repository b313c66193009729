import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  type BootId,
  type GroupPath,
  type NodeId,
  parseBootId,
  parseWorkerId,
  type WorkerId,
} from '@pushfleet/protocol';
import type { HeartbeatDelta, WorkerRecord } from '@pushfleet/registry';
import type { AttendedTime, Clock, Environment, ListeningSocket, Live } from '@pushfleet/runtime';
import { SessionDelta } from '../links/session-reporter.ts';
import { isFromWorker, type ToWorker, type WorkerCredentials, type WorkerTask } from '../worker/messages.ts';
import { type ProcessState, readProcessState, SilenceWatch } from './silence-watch.ts';

const entry = new URL(`../worker/main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/**
 * A worker holds tens of thousands of small things for days. Short-lived objects of V8 have little room, or what is dead
 * is counted for each link; docs/benchmarks.md has the figures.
 */
const execArgv = ['--max-semi-space-size=2'];
/** For glibc: larger blocks are given back to the system when they are freed, and so is what is free at the end of the heap. */
const leanMemory = { MALLOC_MMAP_THRESHOLD_: '65536', MALLOC_TOP_PAD_: '32768' } as const;

/** A process of a worker, with the channel between it and its supervisor. */
export interface WorkerChild {
  readonly pid: number | undefined;
  readonly connected: boolean;
  /** @param socket Goes with the message. Errors are given to `onSent`, and to nobody else. */
  send(message: ToWorker, socket: ListeningSocket | undefined, options: undefined, onSent: () => void): unknown;
  kill(signal: 'SIGKILL'): unknown;
  on(event: 'message', listener: (message: unknown, socket: unknown) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
}

export interface LaunchedWorker {
  child: WorkerChild;
  /** The state of the process; `undefined`: the system does not say. */
  readState(): ProcessState | undefined;
}

/** Starts a process that runs a worker. */
export type LaunchWorker = () => LaunchedWorker;

/** Starts worker processes of this same machine, each with the environment given, and hands them the credentials, now and later. */
export function forkWorkers(environment: Environment, credentials: Live<WorkerCredentials>): LaunchWorker {
  return () => {
    const child = fork(entry, { env: { ...leanMemory, ...environment } as NodeJS.ProcessEnv, execArgv });
    const { pid = 0 } = child;
    const use = (message: ToWorker) => child.connected && child.send(message, () => {});
    const replaced = credentials.onChange((changed) => use({ kind: 'use-credentials', credentials: changed }));
    child.once('exit', () => replaced[Symbol.dispose]());
    use({ kind: 'use-credentials', credentials: credentials.current });
    return { child: child as unknown as WorkerChild, readState: () => readProcessState(pid) };
  };
}

export interface WorkerProcessOptions {
  nodeId: NodeId;
  index: number;
  capacity: number;
  groups: GroupPath[];
  /** How many new devices it is taken to accept in a second until it has measured it. */
  acceptsPerSecond: number;
  launch: LaunchWorker;
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

/** One process of a worker, as its supervisor sees it. */
export class WorkerProcess {
  readonly workerId: WorkerId;
  readonly #options: WorkerProcessOptions;
  readonly #child: WorkerChild;
  readonly #ready: Promise<void>;
  readonly #exited: Promise<void>;
  readonly #delta = new SessionDelta();
  readonly #silence: SilenceWatch;
  /** The ports on which it takes devices, with the sockets on which it listens once it has said so. */
  readonly #ports = new Map<number, ListeningSocket | undefined>();
  #bootId: BootId = parseBootId(randomUUID());
  #capacity: number;
  #controlAddress: string | undefined;
  #certificate: string | undefined;
  #live = 0;
  #acceptsPerSecond: number;
  #overloaded = false;
  #redirected = 0;
  #isSetAside = false;
  #isPaused = false;
  #problem: string | undefined;

  constructor(options: WorkerProcessOptions) {
    this.#options = options;
    this.#capacity = options.capacity;
    this.#acceptsPerSecond = options.acceptsPerSecond;
    this.workerId = parseWorkerId(`w${options.index}`);
    const { attended, hungAfterMs } = options;
    const { child, readState } = options.launch();
    this.#child = child;
    this.#silence = new SilenceWatch({ readState, hungAfterMs, attended });
    this.#exited = new Promise((resolve) => child.once('exit', resolve));
    this.#ready = this.#awaitReady();
    this.#ready.catch(() => {});
    this.#child.once('exit', () => this.#onExit());
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

  get capacity(): number {
    return this.#capacity;
  }

  /** It takes no new connections until a port is opened again: see `planListening`. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** How many new devices it can take in a second. */
  get acceptsPerSecond(): number {
    return this.#takesDevices && !this.#isPaused ? this.#acceptsPerSecond : 0;
  }

  /** It cannot take the devices that come. */
  get overloaded(): boolean {
    return this.isReady && this.#takesDevices && this.#overloaded;
  }

  /** Number of devices redirected. */
  get redirected(): number {
    return this.#redirected;
  }

  /** It has been silent for so long that it gets no new devices. */
  get isSilent(): boolean {
    return this.isReady && this.#silence.silentMs >= silentAfterMs;
  }

  /** Another worker has taken its place: it takes no devices, and keeps those that it has. */
  get isSetAside(): boolean {
    return this.#isSetAside;
  }

  /** Kills the process if it does not wake any more. True: it is silent for too long, and may wake. */
  judgeSilence(): boolean {
    const verdict = this.#silence.judge(this.isReady);
    if (verdict !== 'kill') return verdict === 'set-aside';
    const silentSeconds = Math.round(this.#silence.silentMs / 1_000);
    this.#problem = `worker ${this.workerId} has said nothing for ${silentSeconds} s and was killed`;
    this.#child.kill('SIGKILL');
    return false;
  }

  /** Leaves its place to another worker, which listens on the sockets that this returns, as long as this one cannot. */
  setAside(): [port: number, socket: ListeningSocket][] {
    this.#isSetAside = true;
    const sockets = this.takeSockets();
    // Read when it wakes. Until then the other one takes the devices that come to it.
    this.send({ kind: 'stop-listening' });
    return sockets;
  }

  /** The sockets on which it listens. From now on they are the caller's to close. */
  takeSockets(): [port: number, socket: ListeningSocket][] {
    const sockets = [...this.#ports].flatMap(([port, socket]) =>
      socket ? [[port, socket] as [number, typeof socket]] : [],
    );
    this.#ports.clear();
    return sockets;
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
      capacity: this.#takesDevices ? this.#capacity : Math.min(this.#capacity, this.#live),
      ...(this.isSilent ? { silent: true } : {}),
    };
  }

  /** Removes and returns what happened to its sessions since the last call. */
  takeDelta(): HeartbeatDelta {
    return this.#delta.take();
  }

  /** @param socket Goes with `open-listener`: the worker takes the devices that come to it. */
  send(message: ToWorker, socket?: ListeningSocket): void {
    if (message.kind === 'set-capacity') this.#capacity = message.capacity;
    if (message.kind === 'pause-listening') this.#isPaused = true;
    if (message.kind === 'open-listener') {
      this.#isPaused = false;
      this.#ports.set(message.port, socket);
    }
    if (message.kind === 'close-listener') this.#closeSocket(message.port);
    // What this process holds open goes on listening after the worker has stopped, and nobody accepts from it.
    if (stopsListening(message)) for (const port of [...this.#ports.keys()]) this.#closeSocket(port);
    if (this.#child.connected) this.#child.send(message, socket, undefined, () => {});
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

  get #takesDevices(): boolean {
    return !this.isSilent && !this.#isSetAside;
  }

  #closeSocket(port: number): void {
    this.#ports.get(port)?.close();
    this.#ports.delete(port);
  }

  #task(): WorkerTask {
    const { nodeId, capacity, groups, acceptsPerSecond } = this.#options;
    return { nodeId, workerId: this.workerId, bootId: this.#bootId, capacity, groups, acceptsPerSecond };
  }

  async #awaitReady(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#child.on('message', (message, socket) =>
        this.#onMessage(message, socket as ListeningSocket | undefined, resolve),
      );
      this.#child.once('exit', () => reject(new Error(this.#problem ?? `worker ${this.workerId} ended`)));
    });
  }

  #onMessage(message: unknown, socket: ListeningSocket | undefined, ready: () => void): void {
    if (!isFromWorker(message)) return;
    this.#silence.onHeard();
    switch (message.kind) {
      case 'keep-alive':
        return;
      case 'ready':
        this.#controlAddress = message.controlAddress;
        this.#certificate = message.certificate;
        return ready();
      case 'certificate':
        this.#certificate = message.certificate;
        return;
      case 'listener':
        if (socket) this.#keepSocket(message.port, socket);
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

  /** It may have been told to stop meanwhile, and has its own copy of one that it was given. */
  #keepSocket(port: number, socket: ListeningSocket): void {
    const isWanted = this.#ports.has(port) && this.#ports.get(port) === undefined;
    if (isWanted) this.#ports.set(port, socket);
    else socket.close();
  }

  #onExit(): void {
    this.#options.onExit(this, this.#problem);
    for (const [, socket] of this.takeSockets()) socket.close();
  }
}

function stopsListening({ kind }: ToWorker): boolean {
  return kind === 'evacuate' || kind === 'drain' || kind === 'stop-listening' || kind === 'pause-listening';
}

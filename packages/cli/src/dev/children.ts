import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttendedClock, type AttendedTime, type Environment, systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { say } from '../output/print.ts';

/** Who stops first. All of a stage stop together. */
const stopOrder = ['fleet', 'push-servers', 'balancer'] as const;
type Stage = (typeof stopOrder)[number];

/** Longer than a child needs; all stages together stay below ten seconds. */
const stopDeadlineMs: Record<Stage, number> = { fleet: 2_000, 'push-servers': 4_000, balancer: 3_000 };
const shownLogLines = 8;

/**
 * The processes of the cluster. One that ends without being told to is a failure of the whole; one that hangs is told of,
 * and left to whoever looks at it with a debugger.
 */
export class Children implements AsyncDisposable {
  readonly #environment: Environment;
  readonly #logDir: string;
  readonly #running: { child: Child; stage: Stage }[] = [];
  readonly #failed = new AbortController();
  readonly #attended = new AttendedClock({ clock: systemClock });
  #stopping = false;

  constructor(environment: Environment, logDir: string) {
    this.#environment = environment;
    this.#logDir = logDir;
  }

  /** Fires, with an error that says which and why, when a child ends by itself. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  start(stage: Stage, name: string, args: readonly string[], environment: Environment = {}): void {
    const child = new Child({
      name,
      args,
      environment: { ...this.#environment, ...environment },
      logDir: this.#logDir,
      attended: this.#attended,
      onSilent: (silent) =>
        say(`pushfleet: ${silent.name} (process ${silent.pid}) hangs; Ctrl-C ends it with all others`),
    });
    this.#running.push({ child, stage });
    void child.ended.then((how) => this.#onEnd(child, how));
  }

  /** `undefined`: there is none of this name. */
  pidOf(name: string): number | undefined {
    return this.#find(name)?.child.pid;
  }

  /** Ends a child and all processes of its own at once. That is no failure. */
  async kill(name: string): Promise<void> {
    const found = this.#find(name);
    if (found === undefined) return;
    this.#running.splice(this.#running.indexOf(found), 1);
    await found.child.kill();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    for (const stage of stopOrder) {
      const together = this.#running.filter((running) => running.stage === stage);
      await Promise.all(together.map(({ child }) => child.stop(stopDeadlineMs[stage])));
    }
    this.#attended[Symbol.dispose]();
  }

  #find(name: string) {
    return this.#running.find(({ child }) => child.name === name);
  }

  #onEnd(child: Child, how: string): void {
    if (this.#stopping || this.#find(child.name)?.child !== child) return;
    const lines = child.lastLines(shownLogLines).map((line) => `  ${line}`);
    const text = [`${child.name} is gone: ${how}`, `The end of ${child.logFile}:`, ...lines].join('\n');
    this.#failed.abort(new CommandFailure(text));
  }
}

interface ChildOptions {
  /** For messages and the name of the log file. */
  name: string;
  /** Arguments of `pushfleet`. */
  args: readonly string[];
  environment: Environment;
  logDir: string;
  attended: AttendedTime;
  /** It says every second that it is alive, and has not done so for a long time. Called once for each time. */
  onSilent(child: Child): void;
}

/** Longer than somebody who halts it in a debugger is likely to look on. */
const silentAfterMs = 30_000;
const lookEveryMs = 1_000;

const binary = join(import.meta.dirname, '../../bin/pushfleet.js');

/** A `pushfleet` process that lives no longer than this one. */
class Child {
  readonly name: string;
  readonly logFile: string;
  /** How it ended, in words. Never rejects. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;
  readonly #attended: AttendedTime;
  #heardAtMs: number;

  constructor({ name, args, environment, logDir, attended, onSilent }: ChildOptions) {
    this.name = name;
    this.logFile = join(logDir, `${name}.log`);
    const log = openSync(this.logFile, 'w', 0o600);
    this.#process = spawn(process.execPath, [binary, ...args], {
      env: environment,
      // By the channel the child learns of the end of this process, whatever ended it.
      stdio: ['ignore', log, log, 'ipc'],
      // In a process group of its own, so that a Ctrl-C in the terminal does not end everything at once.
      detached: true,
    });
    closeSync(log);
    this.#attended = attended;
    this.#heardAtMs = attended.now();
    this.#process.on('message', () => {
      this.#heardAtMs = attended.now();
    });
    this.ended = this.#watch(() => onSilent(this));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** SIGTERM, and SIGKILL to it and all of its own processes if it has not ended by the deadline. */
  async stop(deadlineMs: number): Promise<void> {
    this.#process.kill('SIGTERM');
    const isOver = await Promise.race([this.ended.then(() => true), systemClock.sleep(deadlineMs).then(() => false)]);
    if (!isOver) this.#killGroup();
    await this.ended;
  }

  /** SIGKILL to it and all of its own processes. */
  async kill(): Promise<void> {
    this.#killGroup();
    await this.ended;
  }

  lastLines(count: number): string[] {
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count);
  }

  async #watch(onSilent: () => void): Promise<string> {
    let isSilent = false;
    using _looking = this.#attended.every(lookEveryMs, () => {
      const wasSilent = isSilent;
      isSilent = this.#attended.now() - this.#heardAtMs >= silentAfterMs;
      if (isSilent && !wasSilent) onSilent();
    });
    try {
      const [status, signal] = (await once(this.#process, 'exit')) as [number | null, string | null];
      return signal ? `it was ended by ${signal}` : `it ended with status ${status}`;
    } catch (error) {
      return `it could not be started: ${(error as Error).message}`;
    }
  }

  #killGroup(): void {
    try {
      if (this.#process.pid) process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

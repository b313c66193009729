import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttendedTime, Environment } from '@pushfleet/runtime';

export interface ChildOptions {
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
export class Child {
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
    const isOver = await Promise.race([this.ended.then(() => true), sleep(deadlineMs, false, { ref: false })]);
    if (!isOver) this.#killGroup();
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { compileCache } from './compile-cache.ts';
import { eventually } from './eventually.ts';
import { binary } from './tools.ts';

export interface ProcessOptions {
  /** How many files it, and each of its own processes, may have open. Default: as many as this one. */
  files?: number;
  /** The binary. Default: that of this checkout. */
  program?: string;
}

/** One `pushfleet` process, started as its users start it. Ends with the test process at the latest. */
export class ClusterProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  #output = '';

  constructor(
    name: string,
    args: readonly string[],
    environment: Record<string, string>,
    { files, program = binary }: ProcessOptions = {},
  ) {
    this.name = name;
    const limit = files === undefined ? '' : `ulimit -n ${files}; `;
    this.#child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', process.execPath, program, ...args], {
      env: { PATH: process.env.PATH ?? '', ...compileCache(), ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#exited = once(this.#child, 'exit');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
      });
    }
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Waits until the log says so. */
  async said(text: string, withinMs?: number): Promise<void> {
    await eventually(
      `${this.name} says "${text}"`,
      () => {
        if (this.#output.includes(text)) return true;
        if (!this.isRunning) throw new Error(`${this.name} has ended:\n${this.#output}`);
        return false;
      },
      withinMs,
    );
  }

  /** Stops the process as an operator does; fails if it does not end well. */
  async stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill(signal);
    await this.#exited;
    if (this.#child.exitCode !== 0) {
      throw new Error(`${this.name} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.#output}`);
    }
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

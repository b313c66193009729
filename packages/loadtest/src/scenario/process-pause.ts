import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

const entry = new URL(`./pause-guard${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** The guard's only message: the process is stopped, or why it is not. */
export interface GuardAnswer {
  failure?: string;
}

/**
 * A process that is stopped (SIGSTOP) until this is disposed (SIGCONT). A guard in a process of its own sees to it that it goes on
 * whatever becomes of this one, and after `atMostMs` in any case.
 */
export class ProcessPause implements AsyncDisposable {
  readonly #pid: number;
  readonly #guard: ChildProcess;
  readonly #guardEnded: Promise<unknown>;

  /** Resolves once the process is stopped. @throws Error if it cannot be. */
  static async begin(pid: number, atMostMs: number): Promise<ProcessPause> {
    const pause = new ProcessPause(pid, atMostMs);
    const [{ failure }] = (await Promise.race([
      once(pause.#guard, 'message'),
      pause.#guardEnded.then(() => [{ failure: 'its guard has ended' }]),
    ])) as [GuardAnswer];
    if (failure === undefined) return pause;
    await pause[Symbol.asyncDispose]();
    throw new Error(`process ${pid} cannot be stopped: ${failure}`);
  }

  private constructor(pid: number, atMostMs: number) {
    this.#pid = pid;
    this.#guard = fork(entry, [String(pid), String(atMostMs)], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // In a group of its own: what ends or stops the tool's group does not reach it.
      detached: true,
    });
    this.#guardEnded = once(this.#guard, 'exit');
    this.#guard.on('error', () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    letGoOn(this.#pid);
    if (this.#guard.connected) this.#guard.disconnect();
    await this.#guardEnded;
  }
}

/** Lets a stopped process go on; nothing happens to one that runs, or that is gone. */
export function letGoOn(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It is gone.
  }
}

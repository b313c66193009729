import { RecentIds } from './log.ts';

/** Tasks that have ended and are still known, to say so to whoever stops them. */
const rememberedTasks = 1_000;

interface Task {
  abort(reason: Error): void;
}

interface Entry {
  task: Task;
  /** Created where somebody waits for the end. */
  ended: PromiseWithResolvers<void> | undefined;
}

/** The tasks that run, and the last 1,000 that have ended. A task runs once at a time. */
export class TaskTable {
  #running: Map<string, Entry> | undefined;
  #ended: RecentIds | undefined;

  /** `false`: the task runs already. */
  begin(taskId: string, task: Task): boolean {
    this.#running ??= new Map();
    if (this.#running.has(taskId)) return false;
    this.#running.set(taskId, { task, ended: undefined });
    this.#ended?.delete(taskId);
    return true;
  }

  end(taskId: string): void {
    const entry = this.#running?.get(taskId);
    this.#running?.delete(taskId);
    this.#ended ??= new RecentIds(rememberedTasks);
    this.#ended.add(taskId);
    entry?.ended?.resolve();
  }

  /** Resolves once the task has ended; rejects with the signal's reason if that aborts first. */
  async stop(
    taskId: string,
    reason: Error,
    signal: () => AbortSignal,
  ): Promise<'stopped' | 'alreadyEnded' | 'unknown'> {
    const entry = this.#running?.get(taskId);
    if (entry === undefined) return this.#ended?.has(taskId) ? 'alreadyEnded' : 'unknown';
    entry.ended ??= Promise.withResolvers();
    entry.task.abort(reason);
    await unlessAborted(entry.ended.promise, signal());
    return 'stopped';
  }
}

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

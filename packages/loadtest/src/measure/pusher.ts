import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { FromPusher, PushTask, ToPusher } from './push-messages.ts';
import { forkToolProcess } from './tool-process.ts';

const entry = new URL(`./push-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export type PusherTick = Extract<FromPusher, { kind: 'tick' }>;

/** Commands to devices, sent by a process of its own, which ends with this one. */
export class Pusher implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #answers = new Map<number, () => void>();
  readonly #onTick: (tick: PusherTick) => void;
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;
  #isEnding = false;

  /** Resolves once commands flow. @param onFailed The process has ended by itself: no commands flow any more. */
  static async start(
    task: PushTask,
    onTick: (tick: PusherTick) => void,
    onFailed: (error: Error) => void,
  ): Promise<Pusher> {
    const pusher = new Pusher(task, onTick, onFailed);
    await Promise.race([pusher.#ready.promise, pusher.#exited]);
    return pusher;
  }

  private constructor(task: PushTask, onTick: (tick: PusherTick) => void, onFailed: (error: Error) => void) {
    this.#onTick = onTick;
    this.#child = forkToolProcess(entry);
    this.#exited = once(this.#child, 'exit');
    this.#child.on('error', () => {});
    this.#child.on('message', (message: FromPusher) => this.#onMessage(message));
    void this.#exited.then(() => {
      for (const answer of this.#answers.values()) answer();
      if (!this.#isEnding) onFailed(new Error('the process that sends the commands has ended'));
    });
    this.#child.send({ kind: 'setup', task } satisfies ToPusher, () => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once every command that was due before `dueUs`, by `machineUs`, has its outcome, or the process has ended. */
  async answered(dueUs: number): Promise<void> {
    await this.#ask((id) => ({ kind: 'ask', id, question: 'answered', dueUs }));
  }

  /** Resolves once everything that was recorded until now was given to `onTick`. */
  async flush(): Promise<void> {
    await this.#ask((id) => ({ kind: 'ask', id, question: 'flush' }));
  }

  /** Begins no more commands; resolves once those in flight have ended and were given to `onTick`, and the process has ended. */
  async stop(): Promise<void> {
    await this.#ask((id) => ({ kind: 'ask', id, question: 'stop' }));
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    if (this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }

  async #ask(question: (id: number) => ToPusher): Promise<void> {
    if (!this.#child.connected) return;
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#answers.set(id, resolve);
    this.#child.send(question(id), () => {});
    await promise;
    this.#answers.delete(id);
  }

  #onMessage(message: FromPusher): void {
    switch (message.kind) {
      case 'ready':
        return this.#ready.resolve();
      case 'tick':
        return this.#onTick(message);
      case 'answer':
        return this.#answers.get(message.id)?.();
      default:
        return message satisfies never;
    }
  }
}

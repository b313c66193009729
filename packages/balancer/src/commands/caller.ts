import type { admin } from '@pushfleet/protocol';

/** Who waits for the answer of a Push. It is told once of each command. */
export interface Caller {
  /** It has hung up. */
  readonly gone: boolean;
  /** @param tag What the caller knows the command by. */
  onAnswer(tag: number, answer: admin.PushResponseInit): void;
  /** The command was not accepted, and nothing was sent. */
  onRefused(tag: number, error: unknown): void;
}

/** A caller with one command. */
export class SingleCaller implements Caller {
  readonly answer: Promise<admin.PushResponseInit>;
  gone = false;
  readonly #resolve: (answer: admin.PushResponseInit) => void;
  readonly #reject: (error: unknown) => void;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<admin.PushResponseInit>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onAnswer(_tag: number, answer: admin.PushResponseInit): void {
    this.#resolve(answer);
  }

  onRefused(_tag: number, error: unknown): void {
    this.#reject(error);
  }
}

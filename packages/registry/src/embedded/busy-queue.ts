import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { PushfleetError } from '@pushfleet/protocol';
import { type Clock, random } from '@pushfleet/runtime';
import { isBusy } from './fault.ts';

const firstPauseMs = 1;
const longestPauseMs = 25;
/** More do not wait: whoever comes then is refused at once. */
const mostWaiting = 10_000;

interface Waiting {
  attempt(): void;
  refuse(error: unknown): void;
  untilMs: number;
}

/**
 * Work on a file that another process may hold. It is done at once where that is possible; otherwise it waits, in the
 * order in which it came, without holding up the process, and is refused with SQLite's error when it has waited too long.
 */
export class BusyQueue {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #pause: (ms: number) => Promise<unknown>;
  readonly #waiting: Waiting[] = [];
  #isRetrying = false;

  /** @param pause Keeps the process alive: one that waits for its registry has nothing else to do as yet. */
  constructor(clock: Pick<Clock, 'now'>, pause: (ms: number) => Promise<unknown> = delay) {
    this.#clock = clock;
    this.#pause = pause;
  }

  async run<Result>(work: () => Result, patienceMs: number): Promise<Result> {
    if (this.#waiting.length === 0) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
      }
    }
    if (this.#waiting.length >= mostWaiting) {
      throw new PushfleetError('OVERLOADED', `${mostWaiting} writes wait for the embedded registry`);
    }
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const untilMs = this.#clock.now() + patienceMs;
    this.#waiting.push({ attempt: () => resolve(work()), refuse: reject, untilMs });
    if (!this.#isRetrying) void this.#retry();
    return promise;
  }

  async #retry(): Promise<void> {
    this.#isRetrying = true;
    let pauseMs = firstPauseMs;
    for (let [first] = this.#waiting; first; [first] = this.#waiting) {
      const error = attempt(first);
      if (isBusy(error)) {
        this.#refuseOverdue(error);
        // Never in step with other processes that wait for the same.
        await this.#pause(pauseMs * (0.5 + random() / 2));
        pauseMs = Math.min(longestPauseMs, 2 * pauseMs);
      } else {
        this.#waiting.shift();
        if (error) first.refuse(error);
        pauseMs = firstPauseMs;
        // Many may have gathered, and each of them takes its time.
        await nextTurn();
      }
    }
    this.#isRetrying = false;
  }

  /** Without an attempt of their own: each would hold up the process for nothing. */
  #refuseOverdue(error: unknown): void {
    const nowMs = this.#clock.now();
    for (let [first] = this.#waiting; first && first.untilMs <= nowMs; [first] = this.#waiting) {
      this.#waiting.shift();
      first.refuse(error);
    }
  }
}

function attempt(waiting: Waiting): unknown {
  try {
    waiting.attempt();
    return undefined;
  } catch (error) {
    return error;
  }
}

import { PushfleetError } from '@pushfleet/protocol';
import type { Clock } from '@pushfleet/runtime';

/** The asking device, as far as it is known. */
export interface Caller {
  /** The connection is closed or the call has ended: nobody would read the answer. */
  readonly hasGone: boolean;
  /** Absent: failed sign-ins are not counted. */
  readonly address?: string | undefined;
}

/** An assignment that is asked for. One of the two is called, once. */
export interface Turn {
  readonly caller: Caller;
  begin(): void;
  /** With OVERLOADED; with DEADLINE_EXCEEDED where the caller has gone. */
  refuse(error: PushfleetError): void;
}

interface Waiting extends Turn {
  sinceMs: number;
}

export const queueLimits = {
  /** Assignments under way: enough to keep a core and the registry busy. */
  inFlight: 64,
  waiting: 1_024,
  /** Most clients give up after 10 s in all. */
  patienceMs: 5_000,
  /** Whoever is refused comes back no sooner and no later than this. */
  soonestMs: 1_000,
  latestMs: 60_000,
} as const;

/** A rate below this is not believed when turns are given to those who are refused. */
const leastPerSecond = 50;
const smoothingMs = 2_000;

/**
 * Runs assignments, a bounded number at a time; the others wait, newest first. Those whose clients have gone are dropped before
 * they cost anything, those that have waited too long or are too many are refused, each with a turn of its own to come back.
 */
export class AssignmentQueue {
  readonly #clock: Pick<Clock, 'now'>;
  /** Oldest first. */
  readonly #waiting: Waiting[] = [];
  #inFlight = 0;
  #completedPerSecond = 0;
  #completedAtMs: number;
  #nextTurnMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#completedAtMs = clock.now();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws PushfleetError OVERLOADED; DEADLINE_EXCEEDED where the caller has gone. */
  async run<Result>(caller: Caller, work: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((begin, refuse) => this.enter({ caller, begin, refuse }));
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  /** Begins it at once, where few are under way, or lets it wait. Once it has begun, `leave` is to be called at its end. */
  enter({ caller, begin, refuse }: Turn): void {
    if (this.#inFlight < queueLimits.inFlight) {
      this.#inFlight += 1;
      return begin();
    }
    this.#waiting.push({ caller, sinceMs: this.#clock.now(), begin, refuse });
    this.#refuseOldest();
  }

  /** One that had begun has ended: others have their turns. */
  leave(): void {
    this.#inFlight -= 1;
    this.#count();
    this.#refuseOldest();
    for (let next = this.#waiting.pop(); next; next = this.#waiting.pop()) {
      if (next.caller.hasGone) {
        next.refuse(gone());
        continue;
      }
      this.#inFlight += 1;
      return next.begin();
    }
  }

  #refuseOldest(): void {
    const sinceMs = this.#clock.now() - queueLimits.patienceMs;
    for (let oldest = this.#waiting[0]; oldest; oldest = this.#waiting[0]) {
      if (this.#waiting.length <= queueLimits.waiting && oldest.sinceMs > sinceMs) return;
      this.#waiting.shift();
      oldest.refuse(oldest.caller.hasGone ? gone() : this.#refusal());
    }
  }

  /** Turns follow one another as fast as assignments are done. */
  #refusal(): PushfleetError {
    const nowMs = this.#clock.now();
    const { soonestMs, latestMs } = queueLimits;
    const turnMs = Math.min(Math.max(nowMs + soonestMs, this.#nextTurnMs), nowMs + latestMs);
    this.#nextTurnMs = turnMs + 1_000 / Math.max(leastPerSecond, this.#completedPerSecond);
    return new PushfleetError('OVERLOADED', 'more devices ask than this balancer can assign', {
      retryAfterMs: Math.ceil(turnMs - nowMs),
    });
  }

  #count(): void {
    const nowMs = this.#clock.now();
    const sinceMs = nowMs - this.#completedAtMs;
    this.#completedAtMs = nowMs;
    // Each completion counts for one, and is forgotten over two seconds.
    this.#completedPerSecond = this.#completedPerSecond * Math.exp(-sinceMs / smoothingMs) + 1_000 / smoothingMs;
  }
}

function gone(): PushfleetError {
  return new PushfleetError('DEADLINE_EXCEEDED', 'the client has gone before its assignment was begun');
}

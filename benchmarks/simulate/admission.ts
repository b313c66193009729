import { AcceptQueue, type Waiting } from '@pushfleet/runtime/accept-queue';
import { HandshakePace } from '@pushfleet/runtime/handshake-pace';
import type { Job } from './job-queue.ts';

export interface AdmissionPolicy {
  /** Connections that may wait for their handshake. For one more the oldest is closed, before it costs one. */
  bound: number;
  /** Who has waited for longer is closed without a handshake; its client has surely given up. */
  longestWaitMs: number;
  order: 'newest-first' | 'oldest-first';
}

interface Waiter extends Waiting {
  job: Job;
}

/** Connections that were accepted and wait for their handshake: the queue and the pace of the listener, on virtual time. */
export class Admission {
  readonly #policy: AdmissionPolicy;
  readonly #queue = new AcceptQueue<Waiter>();
  /** All that wait, in the order in which they came. */
  readonly #waiting = new Set<Waiter>();
  readonly #pace = new HandshakePace(0);

  constructor(policy: AdmissionPolicy) {
    this.#policy = policy;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Returns the one that is closed for it; `undefined`: nobody. */
  add(job: Job, nowMs: number): Job | undefined {
    const isFull = this.#waiting.size >= this.#policy.bound;
    if (isFull && this.#policy.order === 'oldest-first') return job;
    const [oldest] = isFull ? this.#waiting : [];
    if (oldest) this.#remove(oldest);
    const waiter = { job, isKnown: false, sinceMs: nowMs };
    this.#waiting.add(waiter);
    this.#queue.add(waiter);
    return oldest?.job;
  }

  /** Those that have waited for too long. */
  takeExpired(nowMs: number): Job[] {
    const expired = this.#queue.takeWaitingSince(nowMs - this.#policy.longestWaitMs);
    for (const waiter of expired) this.#waiting.delete(waiter);
    return expired.map(({ job }) => job);
  }

  /** The next one to begin its handshake; `undefined`: nobody, or nobody now. */
  take(nowMs: number, inFlight: number): Job | undefined {
    if (this.#waiting.size === 0 || !this.#pace.take(nowMs, inFlight)) return undefined;
    const next = this.#policy.order === 'newest-first' ? this.#queue.take() : this.#waiting.values().next().value;
    if (next) this.#remove(next);
    return next?.job;
  }

  /** To be called every 250 ms. */
  adjust(load: { utilization: number; lagMs: number }): void {
    this.#pace.adjust(load, this.#waiting.size > 0);
  }

  #remove(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    this.#queue.delete(waiter);
  }
}

import { limits } from '@pushfleet/protocol';
import { connectionLimitsFor, type LoopLoad, processSettings, unauthenticatedLimitsOf } from '@pushfleet/runtime';
import { HandshakePace } from '@pushfleet/runtime/handshake-pace';
import { type Candidate, HandshakeQueue } from '@pushfleet/runtime/handshake-queue';
import type { Job } from './job-queue.ts';

/** The connections of a process that were accepted and have not authenticated. */
export interface Admission {
  /** Number of those that wait for their handshake. */
  readonly waiting: number;
  /** Adds one that was just accepted. Returns those that are closed for it. */
  add(job: Job, nowMs: number): Job[];
  /** Those that have waited for too long. */
  takeExpired(nowMs: number): Job[];
  /** The next one to begin its handshake; `undefined`: nobody, or nobody now. */
  take(nowMs: number): { begun: Job | undefined; closed: Job[] } | undefined;
  /** It has authenticated, or is gone. */
  release(job: Job): void;
  /** To be called every 250 ms. */
  adjust(load: LoopLoad, nowMs: number, mostPerSecond?: number): void;
}

const production = connectionLimitsFor({
  fileLimit: 65_536,
  share: 1,
  unauthenticated: Number(processSettings.unauthenticated.fallback),
  unauthenticatedPerAddress: Number(processSettings.unauthenticatedPerAddress.fallback),
});
/** Devices are spread over these. */
const addresses = Array.from({ length: 100 }, (_, index) => `10.0.0.${index}`);
/** The interval at which a listener looks for those who have waited too long. */
const expireEveryMs = 250;

interface Waiter extends Candidate {
  job: Job;
}

/** The code that decides in production, on virtual time: what it is asked by a listener with sockets it is asked here. */
export class BuiltAdmission implements Admission {
  readonly #queue = new HandshakeQueue<Waiter>(unauthenticatedLimitsOf(production, limits.greetingDeadlineMs), 0);
  #expiredAtMs = 0;

  get waiting(): number {
    return this.#queue.waiting;
  }

  add(job: Job, nowMs: number): Job[] {
    const waiter = { job, key: keyOf(job), isKnown: false, sinceMs: nowMs };
    const address = addresses[job.device % addresses.length] as string;
    const refused = this.#queue.add(waiter, address, nowMs);
    // Its hello comes with it.
    this.#queue.greet(waiter, nowMs);
    return refused.map(({ item }) => item.job);
  }

  takeExpired(nowMs: number): Job[] {
    if (nowMs < this.#expiredAtMs + expireEveryMs) return [];
    this.#expiredAtMs = nowMs;
    return this.#queue.takeExpired(nowMs).map(({ item }) => item.job);
  }

  take(nowMs: number): { begun: Job | undefined; closed: Job[] } | undefined {
    const taken = this.#queue.take(nowMs, nowMs);
    return taken && { begun: taken.begun?.job, closed: taken.refused.map(({ item }) => item.job) };
  }

  release(job: Job): void {
    this.#queue.release(keyOf(job));
  }

  adjust(load: LoopLoad, nowMs: number, mostPerSecond?: number): void {
    this.#queue.adjust(load, nowMs, mostPerSecond);
  }
}

/** Admission as it is not built, to compare with: the first to come is the first to be served, and a full queue refuses the next one. */
export class OldestFirst implements Admission {
  readonly #waiting = new Set<Job>();
  readonly #pace = new HandshakePace(0);
  #inFlight = 0;

  get waiting(): number {
    return this.#waiting.size;
  }

  add(job: Job): Job[] {
    if (this.#waiting.size >= (production.waiting ?? 0)) return [job];
    this.#waiting.add(job);
    return [];
  }

  takeExpired(): Job[] {
    return [];
  }

  take(nowMs: number): { begun: Job | undefined; closed: Job[] } | undefined {
    const [oldest] = this.#waiting;
    if (!oldest || !this.#pace.take(nowMs, this.#inFlight)) return undefined;
    this.#waiting.delete(oldest);
    this.#inFlight += 1;
    return { begun: oldest, closed: [] };
  }

  release(): void {
    this.#inFlight -= 1;
  }

  adjust(load: LoopLoad, _nowMs: number, mostPerSecond?: number): void {
    this.#pace.adjust(load, this.#waiting.size > 0, mostPerSecond);
  }
}

/** So many attempts of one device are told apart: one process knows no more of them at once. */
const attemptsApart = 64;

/** A number, whatever the type says: keys are only compared, and millions of texts would be made and hashed. */
function keyOf({ device, attempt }: Job): string {
  return (device * attemptsApart + (attempt % attemptsApart)) as unknown as string;
}

import { EventQueue } from './event-queue.ts';
import { Random } from './random.ts';
import { Trace, type TraceEvent } from './trace.ts';

/** Something that must never happen, and did. */
export interface Finding {
  readonly atMs: number;
  readonly rule: string;
  readonly detail: string;
  readonly device?: string | undefined;
  readonly command?: string | undefined;
  readonly who?: string | undefined;
}

/** The wall clock at the beginning of every world: Unix milliseconds. */
export const firstWallMs = 1_800_000_000_000;

/**
 * One event queue, one clock, one seed. Takes the earliest event, sets the time to its own, runs it and lets all that it has set
 * going come to rest, then takes the next one.
 */
export class World {
  readonly seed: number;
  readonly random: Random;
  readonly trace = new Trace();
  readonly findings: Finding[] = [];
  readonly #queue = new EventQueue();
  #nowMs = 0;
  #eventCount = 0;

  constructor(seed: number) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that were run, turns of processes included. */
  get eventCount(): number {
    return this.#eventCount;
  }

  at(atMs: number, run: () => void | Promise<void>): Disposable {
    const event = this.#queue.add(Math.max(atMs, this.#nowMs), run);
    return {
      [Symbol.dispose]: () => {
        event.isCancelled = true;
      },
    };
  }

  after(delayMs: number, run: () => void | Promise<void>): Disposable {
    return this.at(this.#nowMs + delayMs, run);
  }

  /** Lets the time pass until `untilMs`, or until something was found. */
  async runUntil(untilMs: number): Promise<void> {
    while (this.findings.length === 0) {
      const event = this.#queue.take(untilMs);
      if (!event) break;
      this.#nowMs = Math.max(this.#nowMs, event.atMs);
      this.#eventCount += 1;
      await event.run();
    }
    if (this.findings.length === 0) this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  record(who: string, what: string, subject: Pick<TraceEvent, 'device' | 'command'> = {}): void {
    this.trace.add({ atMs: Math.round(this.#nowMs * 1_000) / 1_000, who, what, ...subject });
  }

  find(rule: string, detail: string, subject: Pick<Finding, 'device' | 'command' | 'who'> = {}): void {
    this.record('finding', `${rule}: ${detail}`, subject);
    this.findings.push({ atMs: this.#nowMs, rule, detail, ...subject });
  }
}

import type { Clock } from './clock.ts';

export const logCap = {
  /** Lines of one text that are logged in one window. */
  lines: 10,
  /** The same below the level `info`: whoever wants to see that looks for one among many. */
  debugLines: 1_000,
  windowMs: 60_000,
  /** Texts that are told apart; those beyond share one window. Almost all that is logged are constants. */
  texts: 1_000,
} as const;

interface Window {
  endsAt: number;
  taken: number;
  leftOut: number;
}

/**
 * Keeps a storm out of the log: of each text the first lines of a minute are logged, the others counted, and their number told when
 * the minute is over.
 */
export class LogCap {
  readonly #clock: Pick<Clock, 'now' | 'after'>;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Pick<Clock, 'now' | 'after'>) {
    this.#clock = clock;
  }

  /**
   * Whether one more line of the text is to be logged.
   * @param most Lines of it in one window.
   * @param tellLeftOut Called at the window's end, once, with the number of lines that were not.
   */
  takes(text: string, most: number, tellLeftOut: (leftOut: number) => void): boolean {
    const window = this.#windowOf(text);
    if (window.taken < most) {
      window.taken += 1;
      return true;
    }
    window.leftOut += 1;
    if (window.leftOut === 1) {
      this.#clock.after(window.endsAt - this.#clock.now(), () => tellLeftOut(window.leftOut));
    }
    return false;
  }

  #windowOf(text: string): Window {
    const now = this.#clock.now();
    this.#forgetEnded(now);
    const known = this.#windows.get(text);
    if (known) return known;
    return this.#windows.size < logCap.texts ? this.#open(text, now) : (this.#windows.get('') ?? this.#open('', now));
  }

  #open(text: string, now: number): Window {
    const window = { endsAt: now + logCap.windowMs, taken: 0, leftOut: 0 };
    this.#windows.set(text, window);
    return window;
  }

  /** They end in the order in which they were opened. */
  #forgetEnded(now: number): void {
    for (const [text, { endsAt }] of this.#windows) {
      if (endsAt > now) return;
      this.#windows.delete(text);
    }
  }
}

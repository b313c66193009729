import { utcMinute } from '../text/utc-minute.ts';

const dayMs = 86_400_000;

interface WatchedEnd {
  /** Days before the end on which it is reported, falling; those after it are negative. */
  reportedAtDays: readonly number[];
  /** The words for a time before the end, and after it. */
  words: readonly [before: string, after: string];
}

/** Certificates are told of 30 days before they end, then more often, and at their end. */
const certificates: WatchedEnd = { reportedAtDays: [30, 14, 7, 3, 2, 1, 0], words: ['ends on', 'ended on'] };
/** Lists that others issue anew every few hours or months are told of when one is late, and while it stays away. */
const lists: WatchedEnd = { reportedAtDays: [0, -1, -7, -30], words: ['was due on', 'was due on'] };
const watched = { certificates, lists } as const;

/** Says when it is time to tell that something ends, or is late. */
export class ExpiryWatch {
  readonly #of: WatchedEnd;
  #endsAtMs: number | undefined;
  /** The least of the days that has been reported. */
  #reported = Number.POSITIVE_INFINITY;

  constructor(of: keyof typeof watched) {
    this.#of = watched[of];
  }

  /** When it ends, in Unix time. `undefined`: never. */
  set endsAtMs(endsAtMs: number | undefined) {
    if (endsAtMs !== this.#endsAtMs) this.#reported = Number.POSITIVE_INFINITY;
    this.#endsAtMs = endsAtMs;
  }

  /** The words to report now; each once. */
  next(wallMs: number): string | undefined {
    if (this.#endsAtMs === undefined) return undefined;
    const { reportedAtDays, words } = this.#of;
    const leftMs = this.#endsAtMs - wallMs;
    const reached = reportedAtDays.findLast((days) => leftMs <= days * dayMs);
    if (reached === undefined || reached >= this.#reported) return undefined;
    this.#reported = reached;
    return `${words[leftMs > 0 ? 0 : 1]} ${utcMinute(this.#endsAtMs)}`;
  }
}

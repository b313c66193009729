const dayMs = 86_400_000;
/** Days before the end on which it is reported. */
const reportedAtDays = [30, 14, 7, 3, 2, 1, 0];

/** Says when it is time to tell that a certificate ends: 30 days before, then more often, and at its end. */
export class ExpiryWatch {
  #endsAtMs: number | undefined;
  /** The least of the days that has been reported. */
  #reported = Number.POSITIVE_INFINITY;

  /** When it ends, in Unix time. `undefined`: never. */
  set endsAtMs(endsAtMs: number | undefined) {
    if (endsAtMs !== this.#endsAtMs) this.#reported = Number.POSITIVE_INFINITY;
    this.#endsAtMs = endsAtMs;
  }

  /** The words to report now; each once. */
  next(wallMs: number): string | undefined {
    if (this.#endsAtMs === undefined) return undefined;
    const leftMs = this.#endsAtMs - wallMs;
    const reached = reportedAtDays.findLast((days) => leftMs <= days * dayMs);
    if (reached === undefined || reached >= this.#reported) return undefined;
    this.#reported = reached;
    const when = `${new Date(this.#endsAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    return leftMs > 0 ? `ends on ${when}` : `ended on ${when}`;
  }
}

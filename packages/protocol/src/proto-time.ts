/** google.protobuf.Duration: both parts have the same sign. */
export interface Duration {
  seconds: number;
  nanos: number;
}

/** The longest google.protobuf.Duration: 10,000 years. */
const longestMs = 315_576_000_000_000;

/** A number of milliseconds as google.protobuf.Duration. Never throws: what is no number is 0, what is too long is cut. */
export function toDuration(ms: number): Duration {
  const bounded = Number.isNaN(ms) ? 0 : Math.min(longestMs, Math.max(-longestMs, ms));
  const seconds = Math.trunc(bounded / 1_000);
  return { seconds, nanos: Math.trunc((bounded - seconds * 1_000) * 1e6) };
}

/** A google.protobuf.Duration in milliseconds, with their fractions. */
export function fromDuration({ seconds, nanos }: Duration): number {
  return seconds * 1_000 + nanos / 1e6;
}

import { type LatencyName, latencyNames } from './latency-names.ts';

/** Counters that are kept second by second. */
export const countNames = [
  'offered',
  'connected',
  'failed',
  'lost',
  'closed',
  'pushesSent',
  'pushesDone',
  'pushesFailed',
  'tunnelBytes',
] as const;
export type CountName = (typeof countNames)[number];

/** Counters that are kept over the whole run. */
export const totalNames = ['handshakesFull', 'handshakesResumed', 'falseNoPushServer'] as const;
export type TotalName = (typeof totalNames)[number];

export interface SecondRecord {
  /** Whole seconds since the run began. */
  second: number;
  counts: Partial<Record<CountName, number>>;
  /** Values recorded in this second, each an encoded `LatencyHistogram`. */
  latencies: Partial<Record<LatencyName, string[]>>;
}

export interface ErrorRecord {
  operation: string;
  reason: string;
  count: number;
  sample: string;
  firstAtMs: number;
}

/** Observations of one process during some seconds, or of several during a run: plain JSON, so that it can be sent to another process. */
export interface Recording {
  /** In order of time; a second in which nothing happened may be missing. */
  seconds: SecondRecord[];
  totals: Partial<Record<TotalName, number>>;
  /** Commands by last outcome. */
  outcomes: Record<string, number>;
  /** Links lost by close reason. */
  closes: Record<string, number>;
  errors: ErrorRecord[];
}

/** Different errors that are told apart; the rest is counted together. */
export const maxErrors = 200;
/** Stands for the errors beyond these. */
export const otherErrors = { operation: 'any', reason: 'other' };

export const emptyRecording = (): Recording => ({ seconds: [], totals: {}, outcomes: {}, closes: {}, errors: [] });

/** Adds up what several processes recorded, or the same one at several times; the order does not matter. */
export function mergeRecordings(recordings: readonly Recording[]): Recording {
  return {
    seconds: mergeSeconds(recordings.flatMap(({ seconds }) => seconds)),
    totals: addUp(recordings.map(({ totals }) => totals)),
    outcomes: addUp(recordings.map(({ outcomes }) => outcomes)),
    closes: addUp(recordings.map(({ closes }) => closes)),
    errors: mergeErrors(recordings.flatMap(({ errors }) => errors)),
  };
}

function mergeSeconds(records: readonly SecondRecord[]): SecondRecord[] {
  return [...Map.groupBy(records, ({ second }) => second)]
    .toSorted(([a], [b]) => a - b)
    .map(([second, parts]) => ({
      second,
      counts: addUp(parts.map(({ counts }) => counts)),
      latencies: gather(parts.map(({ latencies }) => latencies)),
    }));
}

function gather(parts: readonly SecondRecord['latencies'][]): SecondRecord['latencies'] {
  const gathered: SecondRecord['latencies'] = {};
  for (const name of Object.keys(latencyNames) as LatencyName[]) {
    const encoded = parts.flatMap((part) => part[name] ?? []);
    if (encoded.length > 0) gathered[name] = encoded.toSorted();
  }
  return gathered;
}

/** Adds counts up, by name. */
export function addUp<Name extends string>(
  parts: readonly Partial<Record<Name, number>>[],
): Record<string, number> & Partial<Record<Name, number>> {
  const sums = new Map<string, number>();
  for (const part of parts) {
    for (const [name, value] of Object.entries<number | undefined>(part))
      sums.set(name, (sums.get(name) ?? 0) + (value ?? 0));
  }
  // Names come from peers: `__proto__` is one as any other.
  return Object.fromEntries(sums) as Record<string, number> & Partial<Record<Name, number>>;
}

function mergeErrors(errors: readonly ErrorRecord[]): ErrorRecord[] {
  const merged = new Map<string, ErrorRecord>();
  for (const error of errors.toSorted(compareErrors)) {
    const key = JSON.stringify([error.operation, error.reason]);
    const known = merged.get(key);
    merged.set(key, known ? { ...known, count: known.count + error.count } : error);
  }
  return [...merged.values()].toSorted((a, b) => b.count - a.count || compareErrors(a, b));
}

/** The most frequent ones, at most `maxErrors`, and one that counts the others. */
export function boundErrors(errors: readonly ErrorRecord[]): ErrorRecord[] {
  const isOther = ({ operation, reason }: ErrorRecord) =>
    operation === otherErrors.operation && reason === otherErrors.reason;
  const kept = errors.filter((error) => !isOther(error)).slice(0, maxErrors);
  const others = errors.filter((error) => !kept.includes(error)).map((error) => ({ ...error, ...otherErrors }));
  return [...kept, ...mergeErrors(others)];
}

const compareErrors = (a: ErrorRecord, b: ErrorRecord) =>
  a.firstAtMs - b.firstAtMs ||
  compareTexts(a.operation, b.operation) ||
  compareTexts(a.reason, b.reason) ||
  compareTexts(a.sample, b.sample);

const compareTexts = (a: string, b: string) => (a < b ? -1 : Number(a > b));

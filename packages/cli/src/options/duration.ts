import { InvalidArgumentError } from 'commander';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;
const units = Object.keys(unitMs).reverse() as Unit[];
/** Beyond all that anybody waits for. */
const greatestMs = 36_500 * unitMs.d;

/**
 * A parser of `30s`, `10m`, `1.5h`, `7d`, `250ms`: in milliseconds, from `minMs` to `maxMs`.
 * @throws InvalidArgumentError
 */
export function duration(maxMs: number = greatestMs, minMs = 1): (text: string) => number {
  return (text) => {
    const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
    if (number === undefined) throw new InvalidArgumentError(`It must be a number with a unit: ${examples}.`);
    const ms = Math.round(Number(number) * unitMs[unit as Unit]);
    if (ms < minMs) throw new InvalidArgumentError(`It must be at least ${renderDuration(minMs)}.`);
    if (ms > maxMs) throw new InvalidArgumentError(`It must be at most ${renderDuration(maxMs)}.`);
    return ms;
  };
}

const examples = '250ms, 30s, 10m, 12h, 7d';

/** The shortest way to write it without a loss: `7d`, `90s`. */
export function renderDuration(ms: number): string {
  const unit = units.find((one) => ms >= unitMs[one] && ms % unitMs[one] === 0) ?? 'ms';
  return `${ms / unitMs[unit]}${unit}`;
}

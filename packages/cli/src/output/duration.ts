import { InvalidArgumentError } from 'commander';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMs;
const units = Object.keys(unitMs).reverse() as Unit[];

/** `30s`, `10m`, `1.5h`, `7d`, `250ms`: in milliseconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Math.round(Number(number) * unitMs[unit as Unit]);
  if (Number.isSafeInteger(ms) && ms > 0) return ms;
  throw new InvalidArgumentError('A duration is a number with a unit, more than nothing: 250ms, 30s, 10m, 12h, 7d.');
}

/** The shortest way to write it without a loss: `7d`, `90s`. */
export function renderDuration(ms: number): string {
  const unit = units.find((one) => ms >= unitMs[one] && ms % unitMs[one] === 0) ?? 'ms';
  return `${ms / unitMs[unit]}${unit}`;
}

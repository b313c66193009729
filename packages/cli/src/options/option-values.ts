import { PushfleetError, parseLabels } from '@pushfleet/protocol';
import { InvalidArgumentError, Option } from 'commander';

type Parse<Value> = (text: string, field: string) => Value;

/** Reads an option or argument as a balancer would, and refuses it in the same words, before anything is asked of one. */
export function checked<Value>(parse: Parse<Value>): (text: string) => Value {
  return (text) => {
    try {
      return parse(text, 'It');
    } catch (error) {
      if (!(error instanceof PushfleetError)) throw error;
      throw new InvalidArgumentError(`${error.message.replace(/^It: /, 'It ')}.`);
    }
  };
}

/** The same for what may be given several times. */
export function checkedEach<Value>(parse: Parse<Value>): (text: string, before?: readonly Value[]) => Value[] {
  const read = checked(parse);
  return (text, before = []) => [...before, read(text)];
}

/** An option that takes one of a few words, which help texts and completion show. */
export function enumeration<Value>(
  flags: string,
  description: string,
  words: readonly string[],
  parse: (text: string, before?: Value) => Value,
): Option {
  return new Option(flags, description).choices(words).argParser(parse);
}

/** A parser of options that count something. Other spellings of numbers (1e3, 0x10, 010, 1_000) are refused. */
export function wholeNumber(max = 999_999_999): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number >= 1 && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number, 1 to ${max}.`);
  };
}

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

/** `--label os=linux --label ring=early`. */
export function labelOption(description: string): Option {
  return new Option('-l, --label <key=value>', `${description}; may be given several times`).argParser(collectLabel);
}

/** `os=linux`. @throws InvalidArgumentError */
function collectLabel(text: string, labels: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 0) throw new InvalidArgumentError('a label is written key=value, e.g. os=linux');
  const key = text.slice(0, at);
  if (Object.hasOwn(labels, key)) throw new InvalidArgumentError(`the label ${key} is there twice`);
  const collected = { ...labels, [key]: text.slice(at + 1) };
  try {
    return { ...parseLabels(collected, 'label') };
  } catch (error) {
    throw error instanceof PushfleetError ? new InvalidArgumentError(error.message) : error;
  }
}

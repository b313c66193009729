import { parseArgs } from 'node:util';

/** An option of a program. */
export interface Option<Value> {
  isFlag?: boolean;
  /** The value of an option that is not given. */
  initial: Value;
  /** Without it there is nothing to do: `initial` is never the value. */
  isRequired?: boolean;
  /** A value as a usage line shows it. */
  shown: string;
  /** @throws Error: what the text must be */
  parse(text: string): Value;
}

export type ValuesOf<Options extends Record<string, Option<unknown>>> = {
  [Name in keyof Options]: Options[Name]['initial'];
};

/** A whole number. */
export function whole<Initial extends number | undefined>(
  initial: Initial,
  from: number,
  to: number,
): Option<number | Initial> {
  return numeric(initial, { from, to, kind: 'a whole number', isOne: Number.isInteger });
}

/** Any number that is not infinite. */
export function amount<Initial extends number | undefined>(
  initial: Initial,
  from: number,
  to: number,
): Option<number | Initial> {
  return numeric(initial, { from, to, kind: 'a number', isOne: Number.isFinite });
}

export function choice<const Name extends string>(initial: Name, names: readonly Name[]): Option<Name> {
  return {
    initial,
    shown: [initial, ...names.filter((name) => name !== initial)].join('|'),
    parse: (text) => names.find((name) => name === text) ?? fail(`must be one of ${names.join(', ')}`),
  };
}

/** Several values of an option, separated by commas; each only once. */
export function list<Value>(initial: readonly NoInfer<Value>[], option: Option<Value>): Option<readonly Value[]> {
  return {
    initial,
    shown: initial.join(','),
    parse: (given) => [...new Set(given.split(',').map((one) => option.parse(one)))],
  };
}

/** Some of the names, separated by commas; all of them where none is given. */
export function choices<const Name extends string>(first: Name, ...others: readonly Name[]): Option<readonly Name[]> {
  const names = [first, ...others];
  return list(names, choice(first, names));
}

export function text(): Option<string | undefined> {
  return { initial: undefined, shown: 'TEXT', parse: (given) => given };
}

/** An option without which there is nothing to do. */
export function needed(): Option<string> {
  return { isRequired: true, initial: '', shown: 'TEXT', parse: (given) => given || fail('must be something') };
}

export function flag(): Option<boolean> {
  return { isFlag: true, initial: false, shown: '', parse: () => true };
}

/**
 * The options that this process was called with. What they must not be ends it: a program that plays nothing must not end as if it had
 * found nothing.
 */
export function readArguments<Options extends Record<string, Option<unknown>>>(
  options: Options,
  usage: string,
): ValuesOf<Options> {
  try {
    const given = parse(options);
    if (given.help === undefined) return valuesOf(options, given);
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** The line that shows how a program is called: each option with its default, or what it may be. */
export function usageOf(program: string, options: Record<string, Option<unknown>>): string {
  const words = Object.entries(options).map(([name, { isFlag, isRequired, shown }]) => {
    const word = isFlag ? `--${name}` : `--${name} ${shown}`;
    return isRequired ? word : `[${word}]`;
  });
  return [program, ...words].join(' ');
}

type Given = Record<string, string | boolean | undefined>;

function parse(options: Record<string, Option<unknown>>): Given {
  const types = Object.entries({ ...options, help: flag() }).map(
    ([name, { isFlag }]) => [name, { type: isFlag ? 'boolean' : 'string' }] as const,
  );
  return parseArgs({ options: Object.fromEntries(types) }).values as Given;
}

function valuesOf<Options extends Record<string, Option<unknown>>>(options: Options, given: Given): ValuesOf<Options> {
  const values = Object.entries(options).map(([name, option]) => [name, readOne(name, option, given[name])]);
  return Object.fromEntries(values) as ValuesOf<Options>;
}

function readOne(name: string, option: Option<unknown>, given: string | boolean | undefined): unknown {
  if (given === undefined) return option.isRequired ? fail(`--${name} is needed`) : option.initial;
  try {
    return option.parse(String(given));
  } catch (error) {
    throw new Error(`--${name} ${given}: ${(error as Error).message}`);
  }
}

interface Numbers {
  from: number;
  to: number;
  kind: string;
  isOne: (value: number) => boolean;
}

function numeric<Initial>(initial: Initial, { from, to, kind, isOne }: Numbers): Option<number | Initial> {
  return {
    initial,
    shown: String(initial ?? 'NUMBER'),
    parse: (given) => {
      const value = given.trim() === '' ? Number.NaN : Number(given);
      return isOne(value) && value >= from && value <= to ? value : fail(`must be ${kind} from ${from} to ${to}`);
    },
  };
}

function fail(reason: string): never {
  throw new Error(reason);
}

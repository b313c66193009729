import { lengthDelimited, tagged, varint } from '../wire/protobuf.ts';
import type { Field } from './wire.ts';

/** One thing to put into a field. */
export interface Value {
  label: string;
  /** The field as it is on the wire; empty: absent. */
  raw(field: Field): Buffer;
}

/** The values that a field takes, those that are refused with the field's name, and those that may end either way. */
export interface Rule {
  accepts: Value[];
  refuses: Value[];
  either: Value[];
}

const bytesAs = (label: string, bytes: Uint8Array): Value => ({
  label,
  raw: ({ id }) => lengthDelimited(id, bytes),
});
const string = (label: string, text: string) => bytesAs(label, Buffer.from(text));
const number = (label: string, value: bigint): Value => ({ label, raw: ({ id }) => tagged(id, 0, varint(value)) });

/** A half of a surrogate pair, which no UTF-8 has. */
const loneSurrogate = Buffer.from([0xed, 0xa0, 0x80]);
const absent: Value = { label: 'absent', raw: () => Buffer.alloc(0) };
const wrongTypes: Value[] = [
  { label: 'a number in place of it', raw: ({ id }) => tagged(id, 0, varint(7n)) },
  { label: 'a double in place of it', raw: ({ id }) => tagged(id, 1, Buffer.alloc(8, 0x7f)) },
  { label: 'a text in place of it', raw: ({ id }) => lengthDelimited(id, Buffer.from('texts')) },
  { label: 'a text that is cut off', raw: ({ id }) => tagged(id, 2, Buffer.from([0xff, 0x7f, 0x41])) },
];

const texts = (max: number) => ({
  empty: string('empty', ''),
  max: string(`${max} characters`, 'x'.repeat(max)),
  over: string(`${max + 1} characters`, 'x'.repeat(max + 1)),
  huge: string('100,000 characters', 'x'.repeat(100_000)),
  nonAscii: string('non-ASCII', 'größe'),
  nul: string('NUL', 'a\0b'),
  surrogate: bytesAs('a lone surrogate', loneSurrogate),
  badUtf8: bytesAs('no UTF-8', Buffer.from([0x61, 0xff, 0xfe])),
});

const rule = (accepts: Value[], refuses: Value[], either: Value[] = []): Rule => ({
  accepts,
  refuses,
  either: [...either, ...wrongTypes],
});

/** Letters, digits and some marks. */
export function id(max: number, { optional = false } = {}): Rule {
  const { empty, max: longest, over, huge, nonAscii, nul, surrogate, badUtf8 } = texts(max);
  const none = [absent, empty];
  const refuses = [over, huge, nonAscii, nul, surrogate, badUtf8];
  return optional ? rule([...none, longest], refuses) : rule([longest], [...none, ...refuses]);
}

/** Free text. */
export function text(maxBytes: number): Rule {
  const { empty, max, over, huge, nonAscii, nul, surrogate, badUtf8 } = texts(maxBytes);
  const tooWide = string('as many characters, of more than a byte', 'ü'.repeat(maxBytes));
  return rule([absent, empty, max, nonAscii, nul, surrogate, badUtf8], [over, tooWide, huge]);
}

/** A text of which only these are good and these are not; what else is said of it may be either. */
export function oneOf(good: string[], bad: string[]): Rule {
  const { nonAscii, nul, surrogate, huge } = texts(1);
  const as = (given: string) => string(JSON.stringify(given.slice(0, 40)), given);
  return rule(good.map(as), [...bad.map(as), nul, huge], [absent, nonAscii, surrogate]);
}

export function anyText(): Rule {
  const { empty, max, huge, nonAscii, nul, surrogate, badUtf8 } = texts(64);
  return rule([absent, empty, max, nonAscii, nul, surrogate, badUtf8], [], [huge]);
}

const greatest = 4_294_967_295;

/** A uint32. */
export function upTo(max: number, { least = 0 } = {}): Rule {
  const over = max < greatest ? [number(`${max + 1}`, BigInt(max) + 1n), number('the greatest', BigInt(greatest))] : [];
  const low = least > 1 ? [number(`${least - 1}`, BigInt(least) - 1n)] : [];
  return rule(
    [absent, number('0', 0n), number(`${max}`, BigInt(max))],
    [...over, ...low],
    [number('-1', -1n), number('2^63', 2n ** 63n)],
  );
}

/** A number that must be there. */
export function between(least: number, most: number): Rule {
  const as = (value: number) => number(`${value}`, BigInt(value));
  return rule([as(least), as(most)], [absent, as(least - 1), as(most + 1)], [number('-1', -1n)]);
}

/** A google.protobuf.Duration. */
export function period(mostMs: number, { leastMs = 1, refusesLeast = false } = {}): Rule {
  const of = (label: string, seconds: bigint, nanos = 0n) =>
    bytesAs(label, Buffer.concat([tagged(1, 0, varint(seconds)), tagged(2, 0, varint(nanos))]));
  const ms = (value: number) =>
    of(`${value} ms`, BigInt(Math.trunc(value / 1_000)), BigInt(Math.round((value % 1_000) * 1e6)));
  const refuses = [
    ms(mostMs + 1),
    of('a nanosecond too much', BigInt(mostMs / 1_000), 1n),
    ms(-1),
    of('a negative nanosecond', 0n, -1n),
    of('parts with different signs', 1n, -1n),
    of('a second in nanoseconds', 0n, 1_000_000_000n),
    of('longer than 10,000 years', 315_576_000_001n),
    of('the greatest number of seconds', 2n ** 63n - 1n),
    ...(leastMs > 1 ? [ms(leastMs - 1)] : []),
  ];
  const shortest = leastMs > 1 ? ms(leastMs) : of('a nanosecond', 0n, 1n);
  const accepts = [absent, ms(0), ms(mostMs)];
  return refusesLeast ? rule(accepts, [...refuses, shortest]) : rule([...accepts, shortest], refuses);
}

export function anyNumber(): Rule {
  return rule([absent, number('0', 0n), number('the greatest', BigInt(greatest))], [], [number('-1', -1n)]);
}

export function bool(): Rule {
  return rule([absent, number('false', 0n), number('true', 1n)], [], [number('2', 2n)]);
}

/** @param good Numbers of values that are taken. */
export function choice(good: number[], bad: number[] = [], { required = false } = {}): Rule {
  const as = (value: number) => number(`${value}`, BigInt(value));
  const refused = [...[999, 2_147_483_647, ...bad].map(as), number('-1', -1n)];
  return required ? rule(good.map(as), [absent, ...refused]) : rule([absent, ...good.map(as)], refused);
}

/** A google.protobuf.FieldMask, of what exists. */
export function fieldMask(good: string[], bad: string[]): Rule {
  const of = (path: string) => bytesAs(path, lengthDelimited(1, Buffer.from(path)));
  return rule([absent, ...good.map(of)], [...bad.map(of), of(''), of('x'.repeat(100_000)), of('__proto__')]);
}

export function bytes(max: number): Rule {
  const filled = (count: number) => bytesAs(`${count} bytes`, Buffer.alloc(count, 0xff));
  return rule([absent, filled(0), filled(max)], [filled(max + 1)]);
}

const emptyMessage = bytesAs('an empty message', Buffer.alloc(0));

/** Its own fields have rules of their own. */
export function message({ required = false } = {}): Rule {
  return required ? rule([], [absent], [emptyMessage]) : rule([absent], [], [emptyMessage]);
}

/** A list of texts. */
export function list(element: Rule, maxItems: number, { required = false } = {}): Rule {
  const many = (count: number): Value => ({
    label: `${count} of them`,
    raw: ({ id: at }) =>
      Buffer.concat(Array.from({ length: count }, (_, index) => lengthDelimited(at, Buffer.from(`e${index}`)))),
  });
  const none = [absent];
  const elements = (values: Value[]) => values.filter(({ label }) => label !== 'absent');
  const tooMany = Number.isFinite(maxItems) ? [many(maxItems + 1)] : [];
  const refuses = [...elements(element.refuses), ...tooMany, ...(required ? none : [])];
  return rule([...elements(element.accepts), ...(required ? [] : none)], refuses, elements(element.either));
}

/** A map of texts. @param wordRule Whether keys and values are words, of which non-ASCII and NUL are none. */
export function map(max: { entries: number; key: number; value: number }, { words = false } = {}): Rule {
  const entry = (key: Uint8Array, value: Uint8Array) =>
    Buffer.concat([lengthDelimited(1, key), lengthDelimited(2, value)]);
  const of = (label: string, entries: [string | Uint8Array, string | Uint8Array][]): Value => ({
    label,
    raw: ({ id: at }) =>
      Buffer.concat(entries.map(([key, value]) => lengthDelimited(at, entry(Buffer.from(key), Buffer.from(value))))),
  });
  const entries = (count: number) => Array.from({ length: count }, (_, index): [string, string] => [`k${index}`, 'v']);
  const longest = of('the longest entry', [['k'.repeat(max.key), 'v'.repeat(max.value)]]);
  const odd = [
    of('a key that is not ASCII', [['größe', 'v']]),
    of('a key with NUL', [['a\0b', 'v']]),
    of('a key with a lone surrogate', [[loneSurrogate, 'v']]),
    of('a value with NUL', [['k', 'a\0b']]),
    of('a value with a lone surrogate', [['k', loneSurrogate]]),
  ];
  const strange = [of('__proto__', [['__proto__', 'v']]), of('an entry without a key', [['', 'v']])];
  const refuses = [
    of('too many entries', entries(max.entries + 1)),
    of('too long a key', [['k'.repeat(max.key + 1), 'v']]),
    of('too long a value, under a key that is not ASCII', [['größe', 'v'.repeat(max.value + 1)]]),
  ];
  const accepts = [absent, of('as many entries as may be', entries(max.entries)), longest];
  return words ? rule(accepts, [...refuses, ...odd], strange) : rule([...accepts, ...odd], refuses, strange);
}

/** Anything that its type can hold, and more: what becomes of it is not for this table to say. */
export function anything(field: Field): Rule {
  const isText = field.type === 'string' || field.type === 'bytes' || field.map;
  const of = isText ? anyText() : anyNumber();
  return { accepts: [], refuses: [], either: [...of.accepts, ...of.either, emptyMessage] };
}

import { seededRandom } from '../cluster/seeded-random.ts';

/** Random decisions, the same ones for the same seed. */
export class Choices {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from 0 to `below` - 1. */
  below(below: number): number {
    return Math.floor(this.#random() * below);
  }

  /** True in one of `times` cases on average. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** From 0 to `most` results of `make`. */
  some<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** A number that code tends to get wrong, of at most so many bits. */
  edge(bits: number): number {
    const max = 2 ** bits - 1;
    return this.pick([0, 1, 2, 127, 128, 255, 256, 16_383, 16_384, 65_535, max, max - 1, this.below(max)]) % (max + 1);
  }

  /** A text that code tends to get wrong, in the UTF-8 of a peer that knows no rules. */
  text(): Buffer {
    return this.pick([
      () => Buffer.from(this.pick(plainTexts)),
      () => Buffer.from(this.pick(plainTexts).repeat(1 + this.below(200))),
      () => this.pick(badUtf8),
      () => this.bytes(this.below(64)),
    ])();
  }
}

const plainTexts = [
  '',
  'x',
  'fuzz-0',
  'größe',
  'a\u0000b',
  '\ufeff',
  '\u200b',
  '😀',
  '\u202e\u0007\u001b[2J',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  '{"length":300000000}',
  "'; DROP TABLE devices; --",
  'pushfleet/devices/fuzz-0/commands/#',
  'pushfleet/devices/+/commands/#',
  'pushfleet/devices/fuzz-0/results/d-1',
  '-1',
  '1e309',
  'NaN',
];

/** A lone surrogate, an overlong form, a cut sequence, a code point beyond the last, a noncharacter. */
const badUtf8 = ['eda080', 'c080', 'f09f98', 'f4908080', 'efbfbf', 'ff', 'c3'].map((hex) => Buffer.from(hex, 'hex'));

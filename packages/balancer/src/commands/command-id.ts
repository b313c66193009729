import { randomBytes } from 'node:crypto';
import type { CommandId } from '@pushfleet/protocol';

const alphabet = '0123456789abcdefghijklmnopqrstuv';
const balancerIdChars = 10;
const madeId = /^([0-9a-z]{10})-[1-9][0-9]{8,15}$/;
/** All numbers have as many digits, for longer than any balancer lives. */
const firstNumber = 100_000_000;

/** The id of one life of a balancer: 10 characters, no two alike. */
export function createBalancerId(): string {
  return Array.from(randomBytes(balancerIdChars), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Makes the ids of the direct commands that one balancer takes: each once for ever, and all of them name the balancer. */
export class CommandIds {
  readonly balancerId: string;
  readonly #prefix: string;
  #last = firstNumber - 1;

  /** @param balancerId As `createBalancerId` makes it. */
  constructor(balancerId: string) {
    this.balancerId = balancerId;
    this.#prefix = `${balancerId}-`;
  }

  next(): CommandId {
    this.#last += 1;
    return `${this.#prefix}${this.#last}` as CommandId;
  }

  /** The number in an id that was made here: consecutive ones are consecutive. -1 for an id that does not look like it. */
  numberOf(id: string): number {
    if (!id.startsWith(this.#prefix)) return -1;
    let number = 0;
    for (let at = this.#prefix.length; at < id.length; at += 1) {
      const digit = id.charCodeAt(at) - digitZero;
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }
}

const digitZero = 0x30;

/** The balancer that made the id of a direct command. `undefined`: its caller has chosen the id, or it belongs to a group push. */
export function balancerOf(id: CommandId): string | undefined {
  return madeId.exec(id)?.[1];
}

import { randomBytes, randomUUID } from 'node:crypto';
import type { CommandId } from '@pushfleet/protocol';

const alphabet = '0123456789abcdefghijklmnopqrstuv';
const balancerIdChars = 10;
const madeId = /^([0-9a-z]{10})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id of one life of a balancer: 10 characters, no two alike. */
export function createBalancerId(): string {
  return Array.from(randomBytes(balancerIdChars), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** The id of a direct command that the balancer takes: unique for ever, and it names the balancer. */
export function directCommandId(balancerId: string): CommandId {
  return `${balancerId}-${randomUUID()}` as CommandId;
}

/** The balancer that made the id of a direct command. `undefined`: its caller has chosen the id, or it belongs to a group push. */
export function balancerOf(id: CommandId): string | undefined {
  return madeId.exec(id)?.[1];
}

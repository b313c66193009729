import type { AdmissionPolicy } from './admission.ts';

/** How push servers find out how many devices a second they can take, and how balancers use it. */
export interface PacePolicy {
  /** The utilisation that push servers aim at. */
  targetUtilization: number;
  /** Each second below it the rate rises by this part, and each second above `overloaded` it is multiplied by `decrease`. */
  increase: number;
  decrease: number;
  overloaded: number;
  /** Balancers together assign this many times as many devices as push servers can take. */
  assignAhead: number;
}

export interface Policy {
  name: string;
  workers: AdmissionPolicy | undefined;
  balancers: AdmissionPolicy | undefined;
  /** Absent: devices get no slots. */
  pace: PacePolicy | undefined;
}

const admission: AdmissionPolicy = { bound: 8_192, longestWaitMs: 8_000, order: 'newest-first' };

const pace: PacePolicy = { targetUtilization: 0.85, increase: 0.1, decrease: 0.95, overloaded: 0.95, assignAhead: 2 };

const oldestFirst: AdmissionPolicy = { ...admission, order: 'oldest-first', longestWaitMs: 60_000 };

/** The policies that can be compared; the last one is the one that is built. */
export const policies = {
  /** Everything that comes is begun at once, and done in the order in which it came. */
  none: { name: 'none', workers: undefined, balancers: undefined, pace: undefined },
  'oldest-first': { name: 'oldest-first', workers: oldestFirst, balancers: oldestFirst, pace: undefined },
  admission: { name: 'admission', workers: admission, balancers: admission, pace: undefined },
  'slots-only': { name: 'slots-only', workers: undefined, balancers: undefined, pace },
  full: { name: 'full', workers: admission, balancers: admission, pace },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;

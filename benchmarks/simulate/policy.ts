import type { AdmissionPolicy } from './admission.ts';

export interface Policy {
  name: string;
  workers: AdmissionPolicy | undefined;
  balancers: AdmissionPolicy | undefined;
  /** Whether devices get slots, at the rates that push servers announce. */
  slots: boolean;
  /** All balancers together assign at most so many times as many devices as push servers take. Absent: as many as they can. */
  assignAhead?: number;
}

const admission: AdmissionPolicy = { bound: 8_192, longestWaitMs: 8_000, order: 'newest-first' };

const oldestFirst: AdmissionPolicy = { ...admission, order: 'oldest-first', longestWaitMs: 60_000 };

/** The policies that can be compared. */
export const policies = {
  /** Everything that comes is begun at once, and done in the order in which it came. */
  none: { name: 'none', workers: undefined, balancers: undefined, slots: false },
  'oldest-first': { name: 'oldest-first', workers: oldestFirst, balancers: oldestFirst, slots: false },
  admission: { name: 'admission', workers: admission, balancers: admission, slots: false },
  'slots-only': { name: 'slots-only', workers: undefined, balancers: undefined, slots: true },
  /** The one that is built: balancers assign no more than push servers can take, twice over. */
  gated: { name: 'gated', workers: admission, balancers: admission, slots: true, assignAhead: 2 },
  /** The same without that bound. */
  full: { name: 'full', workers: admission, balancers: admission, slots: true },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;

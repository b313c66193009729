import { type Admission, BuiltAdmission, OldestFirst } from './admission.ts';

export interface Policy {
  name: string;
  /** Absent: everything that comes is begun at once, in the order in which it came. */
  createAdmission?: () => Admission;
  /** Whether devices get slots, at the rates that push servers announce. */
  slots: boolean;
  /** Whether balancers assign no more than push servers can take, twice over. */
  bounded: boolean;
}

const built = () => new BuiltAdmission();

/** The policies that can be compared. */
export const policies = {
  built: { name: 'built', createAdmission: built, slots: true, bounded: true },
  /** The same without the balancers' bound on assignments. */
  unbounded: { name: 'unbounded', createAdmission: built, slots: true, bounded: false },
  /** The same without slots. */
  admission: { name: 'admission', createAdmission: built, slots: false, bounded: false },
  'oldest-first': { name: 'oldest-first', createAdmission: () => new OldestFirst(), slots: false, bounded: false },
  'slots-only': { name: 'slots-only', slots: true, bounded: false },
  none: { name: 'none', slots: false, bounded: false },
} as const satisfies Record<string, Policy>;

export type PolicyName = keyof typeof policies;

import type { Fault } from '../faults/fault.ts';
import { type Outcome, type Plan, simulate } from './simulate.ts';

/** Leaves out faults for as long as the same rule is broken without them: first many at once, then one by one. */
export async function shrink(failed: Outcome, onStep: (faults: readonly Fault[]) => void = () => {}): Promise<Outcome> {
  let best = failed;
  const rule = failed.findings[0]?.rule;
  for (let size = Math.ceil(best.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.faults.length; ) {
      const faults = best.faults.toSpliced(from, size);
      const outcome = await simulate({ ...best.plan, faults } satisfies Plan);
      if (outcome.findings[0]?.rule === rule) {
        best = outcome;
        onStep(faults);
      } else from += size;
    }
  }
  return best;
}

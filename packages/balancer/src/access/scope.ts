import { type GroupPath, groupLineage } from '@pushfleet/protocol';
import type { Caller } from './token-directory.ts';

/** Whether a caller sees what is of a group. `group` absent: it is of all groups, or of none that is known. */
export function isWithinScope({ scope }: Pick<Caller, 'scope'>, group: GroupPath | undefined): boolean {
  return scope === undefined || (group !== undefined && groupLineage(group).includes(scope));
}

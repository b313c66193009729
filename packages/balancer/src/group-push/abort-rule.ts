import type { GroupPushRequest } from '@pushfleet/registry';
import type { Tally } from './outcomes.ts';

type AbortRule = Pick<GroupPushRequest, 'abortFailedPercent' | 'abortAfter'>;

/** Why no more may go out, in words; `undefined`: more may. */
export function abortReason(
  { abortFailedPercent, abortAfter }: AbortRule,
  { ended, failed }: Tally,
): string | undefined {
  if (abortFailedPercent === 0 || ended < abortAfter) return undefined;
  // In whole numbers: 30 of 100 are not more than 30 percent.
  if (failed * 100 <= abortFailedPercent * ended) return undefined;
  return `${failed} of ${ended} that ended did not succeed, which is more than ${abortFailedPercent} %`;
}

import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { groupPushJson, isAllOut, stateOf } from '../group-pushes/group-push.ts';
import { print, printJson, say } from '../output/print.ts';
import { paintFor } from '../output/style.ts';
import { countsOf } from './counts.ts';
import { isAllReached, renderResult } from './outcomes.ts';
import { allGroupEntries, groupResult } from './push-to-group.ts';
import type { WaitName } from './wait.ts';

export interface ShownAs {
  wait: WaitName;
  json: true | undefined;
}

/** What became of a group push, and the exit status that says so. */
export async function showGroupPush(
  client: AdminClient,
  last: admin.GroupPush,
  { wait, json }: ShownAs,
): Promise<void> {
  const { groupPushId, reason, endedAtMs } = last;
  const counts = countsOf(last);
  if (json) printJson({ ...groupPushJson(last), devices: await allGroupEntries(client, groupPushId) });
  else print(renderResult(await groupResult(client, last, wait), paintFor(process.stdout)));
  const state = stateOf(last);
  const isStopped = state === 'aborted' || state === 'cancelled';
  if (isStopped) say(`It was ${state}${reason && `: ${visibleText(reason)}`}`);
  if (endedAtMs === 0) say(`It goes on; to follow it: pushfleet group-pushes watch ${groupPushId}`);
  if (isStopped || !isAllOut(last) || !isAllReached({ counts, wait })) process.exitCode = 2;
}

import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin, common } from '@pushfleet/protocol';
import { openClient } from '../connection/open-client.ts';
import { groupPushJson } from '../group-pushes/render.ts';
import { groupProgress, showGroupPush, watchGroupPush } from '../group-pushes/watch.ts';
import { renderDuration } from '../options/option-values.ts';
import { isOver, type OutcomeCounts, type WaitName } from '../outcomes/outcomes.ts';
import { LiveLine } from '../outcomes/progress.ts';
import { isAllReached, type PushEntry, renderResult, resultOf } from '../outcomes/render.ts';
import { CommandFailure } from '../output/failure.ts';
import { paintFor, print, printJson, say } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import {
  type Delivery,
  type DeliveryFlags,
  deliveryOf,
  type Target,
  type TargetFlags,
  targetOf,
  waitOf,
} from './options.ts';
import { pushToDevices } from './push-to-devices.ts';

export interface PushFlags extends DeliveryFlags, TargetFlags {
  json?: true;
}

type GroupTarget = Extract<Target, { kind: 'group' }>;

/** One run of a command that pushes. */
interface PushRun {
  context: CommandContext;
  client: AdminClient;
  flags: PushFlags;
  operation: common.OperationInit;
  wait: WaitName;
}

/** Pushes an operation to the devices or the group that the flags say, follows it, and shows what became of it. */
export async function runPush(
  context: CommandContext,
  ids: readonly string[],
  flags: PushFlags,
  operation: common.OperationInit,
): Promise<void> {
  const target = targetOf(ids, flags);
  const delivery = deliveryOf(flags);
  using client = openClient(context.environment);
  const run: PushRun = { context, client, flags, operation, wait: waitOf(flags) };
  if (target.kind === 'group') await pushGroup(run, target, delivery);
  else await pushNamed(run, target.deviceIds, delivery);
}

async function pushNamed(run: PushRun, ids: readonly string[], delivery: Delivery): Promise<void> {
  const { context, client, flags, operation, wait } = run;
  // A direct command ends with this process at the latest; a durable one goes on, so that Ctrl-C ends the waiting only.
  const signal = flags.ttl ? context.stop() : undefined;
  const entries = await (async () => {
    using line = new LiveLine();
    const onProgress = (counts: OutcomeCounts) => line.show({ devices: ids.length, counts, wait });
    const plan = { push: { ...delivery, operation }, wait };
    return await pushToDevices(client.commands, ids, plan, { onProgress, ...(signal ? { signal } : {}) });
  })();
  const result = resultOf(entries, wait);
  if (flags.json) printJson({ outcomes: result.counts, devices: entries });
  else print(renderResult(result, paintFor(process.stdout)));
  for (const hint of describeWaiting(entries, flags.ttl ?? 0)) say(hint);
  if (!isAllReached(result)) process.exitCode = 2;
}

async function pushGroup(
  run: PushRun,
  target: GroupTarget,
  { idempotencyKey = '', ...delivery }: Delivery,
): Promise<void> {
  const { client, flags, operation } = run;
  const begun = await client.groupPushes.start({ ...target.chosen, operation, delivery, idempotencyKey });
  if (flags.detach) {
    if (flags.json) return printJson(groupPushJson(begun));
    return print(`Under way: group push ${begun.groupPushId}; \`pushfleet group-pushes watch ${begun.groupPushId}\``);
  }
  const last = await watchWithProgress(run, begun);
  if (last.endedAtMs > 0 && last.devices === 0) {
    throw new CommandFailure(`${target.name} has no such devices; there is nothing to push to`);
  }
  await showGroupPush(client, last, { wait: run.wait, json: flags.json });
}

async function watchWithProgress({ client, context, wait }: PushRun, begun: admin.GroupPush): Promise<admin.GroupPush> {
  using line = new LiveLine();
  return await watchGroupPush(client.groupPushes, begun, {
    wait,
    signal: context.stop(),
    onProgress: (now) => line.show(groupProgress(now, wait)),
  });
}

/** Hints for commands that go on after the command line has returned, and how to watch them; none where all have ended. */
function describeWaiting(entries: readonly PushEntry[], ttlMs: number): string[] {
  const open = entries.filter(({ outcome, commandId }) => commandId && !isOver(outcome));
  const [first] = open;
  if (!first || ttlMs === 0) return [];
  const queued = open.filter(({ outcome }) => outcome === 'QUEUED').length;
  return [
    ...(queued > 0 ? [`QUEUED: the device gets it when it can, within ${renderDuration(ttlMs)}`] : []),
    `To follow one: pushfleet commands watch ${first.id} ${first.commandId}`,
  ];
}

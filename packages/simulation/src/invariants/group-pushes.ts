import type { GroupPushId } from '@pushfleet/protocol';
import type { DeviceOutcome } from '@pushfleet/registry';
import type { Cluster } from '../actors/cluster.ts';
import type { Manner } from '../actors/foreign-device.ts';
import type { GroupPushStory } from '../actors/group-push-operator.ts';
import type { Disturbances } from '../faults/disturbances.ts';
import { ends, isUndisturbed } from './reported-outcomes.ts';

const most = 10_000;
/** Time after which a cancelled group push begins on no device any more, whatever there was before. */
const withdrawnMs = 60_000;
/** A slow one reads a message within 20 s, and there may be many. */
const readsLate: readonly Manner[] = ['sleeps', 'reads slowly'];
const neverRun: readonly string[] = ['OUTCOME_NOT_CONNECTED', 'OUTCOME_SUPERSEDED', 'OUTCOME_EXPIRED'];

/**
 * Every group push has ended; every device of its group has one command of it, and none was forgotten or sent twice; what is said of
 * each is what the device's own log says; and a cancelled one begins nowhere any more.
 */
export async function checkGroupPushes(cluster: Cluster, disturbances: Disturbances): Promise<void> {
  for (const story of cluster.groupPushes.stories) await checkOne(cluster, story, disturbances);
}

async function checkOne(cluster: Cluster, story: GroupPushStory, disturbances: Disturbances): Promise<void> {
  const { world, registry } = cluster;
  const { name, askedAtMs } = story;
  // With the leases and the checkpoints.
  if (disturbances.touched(registry.process.host.name, askedAtMs, world.nowMs, ['registry lost'])) return;
  if (story.id === undefined) return world.find('a group push does not begin', name);
  if (!story.isSettled) return world.find('a group push does not answer', name);
  const id = story.id as GroupPushId;
  const [view, outcomes] = await registry.ask(({ groupPushes }) =>
    Promise.all([groupPushes.get(id), groupPushes.outcomes(id, { limit: most })]),
  );
  if (!view) return world.find('a group push is lost', `${name}, ${id}`);
  // Times to live go by the registry's clock: what was written while that one was wrong may live for hours.
  const wasTimed = !disturbances.touched(registry.process.host.name, askedAtMs, world.nowMs, ['clock']);
  if (view.endedAtMs === undefined) {
    if (wasTimed) world.find('a group push does not end', `${name} is ${view.state}`);
    return;
  }
  if (view.state === 'done') checkComplete(cluster, story, outcomes);
  const counted = Object.values(view.counts).reduce((sum, count) => sum + count, 0);
  if (counted !== outcomes.length) world.find('a group push counts wrong', `${name}: ${counted} of ${outcomes.length}`);
  checkOutcomes(cluster, story, outcomes);
  checkWithdrawn(cluster, story, outcomes, disturbances);
}

function checkComplete(cluster: Cluster, { name, devices: wanted }: GroupPushStory, outcomes: DeviceOutcome[]) {
  const reached = new Set<string>(outcomes.map(({ device }) => device));
  for (const id of wanted) {
    const isDeleted = !cluster.findDevice(id)?.isWanted;
    if (!isDeleted && !reached.has(id)) cluster.world.find('a group push forgets a device', name, { device: id });
  }
}

function checkOutcomes(cluster: Cluster, { name }: GroupPushStory, outcomes: DeviceOutcome[]): void {
  for (const { device: id, command, outcome } of outcomes) {
    const runs = cluster.findDevice(id)?.runs.filter((run) => run.command === command) ?? [];
    const contradict = (log: string) =>
      cluster.world.find('told of what never was', `${name}: ${outcome}, and the device ${log}`, {
        device: id,
        command,
      });
    if (!ends.includes(outcome))
      cluster.world.find('a group push does not end', `${name}: ${outcome}`, { device: id, command });
    else if (outcome === 'OUTCOME_SUCCEEDED' && !runs.some(({ ending }) => ending === 'succeeded')) {
      contradict('never ran it to its end');
    } else if (neverRun.includes(outcome) && runs.length > 0) contradict('has run it');
  }
}

function checkWithdrawn(
  cluster: Cluster,
  { name, cancelledAtMs }: GroupPushStory,
  outcomes: DeviceOutcome[],
  disturbances: Disturbances,
): void {
  if (cancelledAtMs === undefined) return;
  // What was written to its link before lies there until it wakes, or has read one after the other what came before that.
  const late = new Set(cluster.foreignDevices.flatMap(({ id, manner }) => (readsLate.includes(manner) ? [id] : [])));
  for (const { device: id, command } of outcomes) {
    if (late.has(id)) continue;
    const run = cluster.findDevice(id)?.runs.find((each) => each.command === command);
    if (!run || run.atMs < cancelledAtMs + withdrawnMs) continue;
    if (!isUndisturbed(cluster, disturbances, id, cancelledAtMs - withdrawnMs, run.atMs)) continue;
    cluster.world.find('runs after it was cancelled', name, { device: id, command });
  }
}

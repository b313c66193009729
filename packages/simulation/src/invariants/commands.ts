import type { PushRecord } from '../actors/administration-server.ts';
import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

/** Says that the device never had the command. */
const neverRun: readonly string[] = ['OUTCOME_NOT_CONNECTED', 'OUTCOME_REJECTED', 'OUTCOME_SUPERSEDED'];
const ends: readonly string[] = [
  ...['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_REJECTED', 'OUTCOME_EXPIRED', 'OUTCOME_CANCELLED'],
  ...['OUTCOME_SUPERSEDED', 'OUTCOME_NOT_CONNECTED', 'OUTCOME_UNKNOWN'],
];
/** Time for a durable command to be ended once its own has passed. */
const sweepMs = 120_000;

/** An administration server was told nothing that devices' own logs contradict; and it was told in time. */
export async function checkCommands(cluster: Cluster, disturbances: Disturbances): Promise<void> {
  const runs = new Map(cluster.devices.map(({ id, runs: all }) => [id, Map.groupBy(all, ({ command }) => command)]));
  const { pushes } = cluster.administrationServer;
  const stored = await durableOutcomes(cluster, pushes);
  for (const push of pushes) {
    const outcome = push.isDurable ? stored.get(push.command) : push.outcome;
    checkOutcome(
      cluster,
      push,
      outcome,
      runs.get(push.device)?.get(push.command)?.at(-1)?.endedAtMs !== undefined,
      runs.get(push.device)?.has(push.command) ?? false,
    );
    checkAnswer(cluster, push, disturbances);
    if (push.isDurable) checkEnd(cluster, push, outcome);
  }
}

function checkOutcome(
  { world }: Cluster,
  { device, command }: PushRecord,
  outcome: string | undefined,
  hasEnded: boolean,
  hasBegun: boolean,
): void {
  if (outcome === 'OUTCOME_SUCCEEDED' && !hasEnded) {
    world.find('told of what never was', 'SUCCEEDED, and the device never ran it', { device, command });
  }
  if (outcome !== undefined && neverRun.includes(outcome) && hasBegun) {
    world.find('told of what never was', `${outcome}, and the device ran it`, { device, command });
  }
}

function checkAnswer({ world, balancers, registry }: Cluster, push: PushRecord, disturbances: Disturbances): void {
  const { device, command, pushedAtMs, answerByMs, answeredAtMs, error } = push;
  if (world.nowMs < answerByMs) return;
  const isLate = answeredAtMs === undefined || error === 'DEADLINE_EXCEEDED';
  const hosts = [...balancers.map(({ host }) => host.name), registry.process.host.name];
  const wasDisturbed = hosts.some((host) => disturbances.touched(host, pushedAtMs - 30_000, answerByMs));
  if (isLate && !wasDisturbed) world.find('no answer in time', `${error ?? 'none at all'}`, { device, command });
}

function checkEnd({ world }: Cluster, push: PushRecord, outcome: string | undefined): void {
  const { device, command, pushedAtMs, finishWithinMs, error } = push;
  if (error !== undefined || world.nowMs < pushedAtMs + finishWithinMs + sweepMs) return;
  if (outcome === undefined)
    world.find('a durable command is lost', 'the registry does not have it', { device, command });
  else if (!ends.includes(outcome)) world.find('a durable command does not end', outcome, { device, command });
}

/** Outcomes as the registry has them; those of devices that were deleted are gone. */
async function durableOutcomes(cluster: Cluster, pushes: readonly PushRecord[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  await cluster.registry.ask(async ({ commands }) => {
    for (const push of pushes) {
      if (!push.isDurable) continue;
      const command = await commands.get(push.device as never, push.command as never);
      const isDeleted = !cluster.devices.find(({ id }) => id === push.device)?.isWanted;
      if (command) found.set(push.command, command.status.outcome);
      else if (isDeleted) found.set(push.command, 'OUTCOME_CANCELLED');
    }
  });
  return found;
}

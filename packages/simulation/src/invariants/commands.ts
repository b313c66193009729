import type { PushRecord } from '../actors/administration-server.ts';
import type { Cluster } from '../actors/cluster.ts';
import type { DeviceHost } from '../actors/device.ts';
import type { Disturbances } from '../faults/disturbances.ts';

type PresentDevice = Pick<DeviceHost, 'isFragile' | 'isWanted'> & {
  wasConnected(fromMs: number, untilMs: number): boolean;
};

/** Says that the device never had the command. */
const neverRun: readonly string[] = ['OUTCOME_NOT_CONNECTED', 'OUTCOME_REJECTED', 'OUTCOME_SUPERSEDED'];
const ends: readonly string[] = [
  ...['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_REJECTED', 'OUTCOME_EXPIRED', 'OUTCOME_CANCELLED'],
  ...['OUTCOME_SUPERSEDED', 'OUTCOME_NOT_CONNECTED', 'OUTCOME_UNKNOWN'],
];
/** Time after which the cluster must have come to terms with whatever was before. */
const settledMs = 60_000;
/** A durable command that lives this long has time for several links. */
const patientTtlMs = 120_000;

/** Time for a durable command to be ended once its own has passed. */
const sweepMs = 120_000;

/** An administration server was told nothing that devices' own logs contradict; and it was told in time. */
export async function checkCommands(cluster: Cluster, disturbances: Disturbances): Promise<void> {
  const runs = new Map(cluster.devices.map(({ id, runs: all }) => [id, Map.groupBy(all, ({ command }) => command)]));
  const { pushes } = cluster.administrationServer;
  const devices = new Map(cluster.devices.map((device) => [device.id, device]));
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
    const device = devices.get(push.device);
    if (device) checkPresence(cluster, push, outcome, device, disturbances);
    if (push.isDurable && !mayBeLost(cluster, push, disturbances)) checkEnd(cluster, push, outcome);
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

/** A device that was there all the time, undisturbed, is told neither to be absent nor to have missed what was kept for it. */
function checkPresence(
  { world, balancers, pushServers, registry }: Cluster,
  { device, command, pushedAtMs, answeredAtMs = pushedAtMs, ttlMs, isSmall }: PushRecord,
  outcome: string | undefined,
  present: PresentDevice,
  disturbances: Disturbances,
): void {
  const { isFragile, isWanted } = present;
  const wasConnected = (from: number, until: number) => present.wasConnected(from, until);
  const untilMs = outcome === 'OUTCOME_EXPIRED' ? pushedAtMs + ttlMs : answeredAtMs;
  const fromMs = pushedAtMs - settledMs;
  if (!isWanted || disturbances.touched(device, fromMs, untilMs)) return;
  const hosts = [...balancers, ...pushServers].map(({ host }) => host.name);
  if (hosts.some((host) => disturbances.touched(host, fromMs, untilMs))) return;
  if (disturbances.touched(registry.process.host.name, fromMs, untilMs, ['registry lost', 'partition', 'clock']))
    return;
  if (outcome === 'OUTCOME_NOT_CONNECTED' && wasConnected(fromMs, answeredAtMs)) {
    world.find('told to be absent', 'NOT_CONNECTED, and the device was connected', { device, command });
  }
  const hadTime = ttlMs >= patientTtlMs && isSmall && pushedAtMs > settledMs;
  const isWhole = !disturbances.touched(registry.process.host.name, fromMs, untilMs);
  if (outcome === 'OUTCOME_EXPIRED' && hadTime && isWhole && (isFragile || wasConnected(fromMs, untilMs))) {
    world.find('kept from its device', 'EXPIRED, and nothing was in its way', { device, command });
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

/** It was accepted by a registry whose last writes were lost then. */
function mayBeLost({ registry }: Cluster, { pushedAtMs, answerByMs }: PushRecord, disturbances: Disturbances): boolean {
  return disturbances.touched(registry.process.host.name, pushedAtMs, answerByMs, ['last writes lost']);
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

import type { StoredCommand } from '@pushfleet/registry';
import type { Cluster } from '../actors/cluster.ts';
import type { PushRecord } from '../actors/push.ts';
import type { Disturbances } from '../faults/disturbances.ts';
import { contradictionOf, ends, isUndisturbed, mayBeLost, settledMs } from './reported-outcomes.ts';

/** A durable command that lives this long has time for several links. */
const patientTtlMs = 120_000;
/** One that fits its device begins within this time, whatever else breaks the device's links. */
const beginsWithinMs = 60_000;
/** Its time begins when it is in the registry: so long after it was pushed, at most. It goes by the registry's clock, right or wrong. */
const acceptedMs = 15_000;

type Stored = Pick<StoredCommand['status'], 'outcome' | 'reason' | 'output'>;

/**
 * Every accepted durable command is in the registry, has ended in time, as the device's own log has it, and was not kept from a device
 * that was there for it.
 */
export async function checkDurableCommands(cluster: Cluster, disturbances: Disturbances): Promise<void> {
  const pushes = cluster.administrationServer.pushes.filter(({ isDurable }) => isDurable);
  const stored = await outcomesOf(cluster, pushes);
  for (const push of pushes) {
    const status = stored.get(push.command);
    checkPresence(cluster, push, status?.outcome, disturbances);
    checkWait(cluster, push, disturbances);
    checkEnd(cluster, push, status?.outcome, disturbances);
    if (status) checkLog(cluster, push, status, disturbances);
  }
}

function checkPresence(
  cluster: Cluster,
  push: PushRecord,
  outcome: string | undefined,
  disturbances: Disturbances,
): void {
  const { device: id, command, pushedAtMs, ttlMs } = push;
  const device = cluster.findDevice(id);
  if (outcome !== 'OUTCOME_EXPIRED' || !device?.isWanted || !hadTime(push)) return;
  const untilMs = pushedAtMs + ttlMs;
  if (!wasLeftAlone(cluster, push, untilMs, disturbances)) return;
  if (device.isFragile || device.wasConnected(pushedAtMs - settledMs, untilMs)) {
    cluster.world.find('kept from its device', 'EXPIRED, and nothing was in its way', { device: id, command });
  }
}

/** A message that breaks a device's links may cost others some links, and no more. */
function checkWait(cluster: Cluster, push: PushRecord, disturbances: Disturbances): void {
  const { device: id, command, pushedAtMs } = push;
  const device = cluster.findDevice(id);
  if (!device?.isFragile || !device.isWanted || !hadTime(push)) return;
  const begunAtMs = device.runs.find((run) => run.command === command)?.atMs ?? pushedAtMs;
  const waitedMs = begunAtMs - pushedAtMs;
  if (waitedMs <= beginsWithinMs || !wasLeftAlone(cluster, push, begunAtMs, disturbances)) return;
  const detail = `${Math.round(waitedMs / 1_000)} s`;
  cluster.world.find('waits behind what breaks its device', detail, { device: id, command });
}

/** Every device can take it, and it lives for long, in a cluster that had settled. */
function hadTime({ ttlMs, isSmall, pushedAtMs }: PushRecord): boolean {
  return ttlMs >= patientTtlMs && isSmall && pushedAtMs > settledMs;
}

/** Whether nothing between it and its device was disturbed, from before it was pushed on. */
function wasLeftAlone(
  cluster: Cluster,
  { device, pushedAtMs }: PushRecord,
  untilMs: number,
  disturbances: Disturbances,
): boolean {
  const fromMs = pushedAtMs - settledMs;
  if (!isUndisturbed(cluster, disturbances, device, fromMs, untilMs)) return false;
  return !disturbances.touched(cluster.registry.process.host.name, fromMs, untilMs);
}

function checkEnd(cluster: Cluster, push: PushRecord, outcome: string | undefined, disturbances: Disturbances): void {
  const { world, registry } = cluster;
  const { device, command, pushedAtMs, finishWithinMs } = push;
  if (push.outcome === undefined || world.nowMs < pushedAtMs + finishWithinMs + acceptedMs) return;
  const { name } = registry.process.host;
  const isExcused = mayBeLost(cluster, disturbances, pushedAtMs, pushedAtMs + finishWithinMs);
  if (outcome === undefined && isExcused) return;
  if (outcome === undefined)
    world.find('a durable command is lost', 'the registry does not have it', { device, command });
  else if (!ends.includes(outcome) && !disturbances.touched(name, pushedAtMs, pushedAtMs + acceptedMs, ['clock'])) {
    world.find('a durable command does not end', outcome, { device, command });
  }
}

/** Nobody need have asked for it: the registry says what the device did. */
function checkLog(cluster: Cluster, push: PushRecord, status: Stored, disturbances: Disturbances): void {
  const { world, registry } = cluster;
  const { device: id, command, pushedAtMs } = push;
  const device = cluster.findDevice(id);
  if (!device?.isWanted) return;
  if (disturbances.touched(registry.process.host.name, pushedAtMs, world.nowMs, ['last writes lost'])) return;
  const { outcome, reason, output = new Uint8Array() } = status;
  const runs = device.runs.filter((run) => run.command === command);
  const said = { outcome, reason, output: Buffer.from(output).toString() };
  const contradiction = contradictionOf(said, runs, device, command);
  if (contradiction)
    world.find('kept what never was', `${outcome}, and the device ${contradiction}`, { device: id, command });
}

/** Statuses as the registry has them; commands of devices that were deleted are gone. */
async function outcomesOf(cluster: Cluster, pushes: readonly PushRecord[]): Promise<Map<string, Stored>> {
  const found = new Map<string, Stored>();
  await cluster.registry.ask(async ({ commands }) => {
    for (const push of pushes) {
      const command = await commands.get(push.device as never, push.command as never);
      const isDeleted = !cluster.findDevice(push.device)?.isWanted;
      if (command) found.set(push.command, command.status);
      else if (isDeleted) found.set(push.command, { outcome: 'OUTCOME_CANCELLED', reason: '' });
    }
  });
  return found;
}

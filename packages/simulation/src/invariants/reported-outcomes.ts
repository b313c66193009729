import type { PushListener } from '../actors/administration-server.ts';
import type { Cluster } from '../actors/cluster.ts';
import { failedOnPurpose } from '../actors/device.ts';
import type { ManagedDevice, Run } from '../actors/managed-device.ts';
import type { PushRecord, Reported } from '../actors/push.ts';
import type { Disturbances } from '../faults/disturbances.ts';

/** Says that the device never had the command. */
const neverRun: readonly string[] = [
  ...['OUTCOME_NOT_CONNECTED', 'OUTCOME_REJECTED', 'OUTCOME_SUPERSEDED', 'OUTCOME_EXPIRED'],
];
/** The reason of the one rejection after which the command may have begun. */
const linkEndedReason = 'link ended each time';
/** The reason of one that no balancer has written again. */
const lostReason = 'the registry has lost the command';
export const ends: readonly string[] = [
  ...['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_REJECTED', 'OUTCOME_EXPIRED', 'OUTCOME_CANCELLED'],
  ...['OUTCOME_SUPERSEDED', 'OUTCOME_NOT_CONNECTED', 'OUTCOME_UNKNOWN'],
];
/** The time within which a direct command that was lost with its worker has ended, and has been reported. */
const lostMs = 20_000;
/** Time after which the cluster must have come to terms with whatever was before. */
export const settledMs = 60_000;

/**
 * The word of an administration server's balancers is never contradicted: neither by the device's own log, then or later, nor by that of
 * another call. It is told in time; and no device is said to be absent that was there. Checked whenever something is told or run.
 */
export class ReportedOutcomes implements PushListener {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** Pushes of which it was told that the device never ran them. */
  readonly #neverRun = new Map<string, { push: PushRecord; outcome: string }>();

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.administrationServer.listener = this;
  }

  onReported(push: PushRecord, reported: Reported): void {
    const { outcome } = reported;
    if (!ends.includes(outcome)) return;
    const earlier = push.reported.find((one) => ends.includes(one.outcome));
    const isForgotten = this.#isForgotten(push);
    const mayDiffer = isForgotten && (earlier?.reason !== lostReason || this.#mayBeLost(push));
    if (earlier && earlier.outcome !== outcome && !mayDiffer) {
      this.#find(
        'told two ends',
        `${earlier.outcome} by the ${earlier.by}, and ${outcome} by the ${reported.by}`,
        push,
      );
    }
    const device = this.#cluster.findDevice(push.device);
    if (!device || isForgotten) return;
    this.#checkLog(push, reported, device);
    if (outcome === 'OUTCOME_NOT_CONNECTED') this.#checkPresence(push, reported, device);
    if (outcome === 'OUTCOME_UNKNOWN' && !push.isDurable && !earlier) this.#checkLateness(push, reported, device);
  }

  onError(push: PushRecord, call: string, askedAtMs: number, code: string): void {
    if (code === 'INTERNAL') this.#find('internal error', `of its ${call}`, push);
    if (code !== 'DEADLINE_EXCEEDED') return;
    const { balancers, registry, world } = this.#cluster;
    const hosts = [...balancers.map(({ host }) => host.name), registry.process.host.name];
    const wasDisturbed = hosts.some((host) => this.#disturbances.touched(host, askedAtMs - 30_000, world.nowMs));
    if (!wasDisturbed) this.#find('no answer in time', `to its ${call}`, push);
  }

  /** To be called for each command that a device begins. */
  onRun(device: ManagedDevice, { command }: Run): void {
    const { push, outcome } = this.#neverRun.get(command) ?? {};
    // One that has forgotten what it gave up may begin it again.
    const mayRun = outcome === 'OUTCOME_CANCELLED' && device.givesUp && !device.remembers;
    if (push && !mayRun && !this.#isForgotten(push)) {
      this.#find('told of what never was', `${outcome}, and then the device runs it`, { device: device.id, command });
    }
  }

  /** A registry that loses its last writes loses what was promised with them. */
  #isForgotten({ isDurable, pushedAtMs }: PushRecord): boolean {
    const { registry, world } = this.#cluster;
    const { name } = registry.process.host;
    return isDurable && this.#disturbances.touched(name, pushedAtMs, world.nowMs, ['last writes lost']);
  }

  #mayBeLost({ pushedAtMs }: PushRecord): boolean {
    return mayBeLost(this.#cluster, this.#disturbances, pushedAtMs, this.#cluster.world.nowMs);
  }

  #checkLog(push: PushRecord, { outcome, reason, output }: Reported, device: ManagedDevice): void {
    const runs = device.runs.filter(({ command }) => command === push.command);
    if (outcome === 'OUTCOME_CANCELLED' || saysNever(outcome, reason)) {
      this.#neverRun.set(push.command, { push, outcome });
    }
    const contradiction = contradictionOf({ outcome, reason, output }, runs, device, push.command);
    if (contradiction) this.#find('told of what never was', `${outcome}, and the device ${contradiction}`, push);
  }

  /** A device that was there all the time, undisturbed, is not told to be absent. */
  #checkPresence(push: PushRecord, { atMs }: Reported, device: ManagedDevice): void {
    const fromMs = push.pushedAtMs - settledMs;
    if (!device.isWanted || !device.wasConnected(fromMs, atMs)) return;
    if (!isUndisturbed(this.#cluster, this.#disturbances, device.id, fromMs, atMs)) return;
    this.#find('told to be absent', 'NOT_CONNECTED, and the device was connected', push);
  }

  /** Commands that were lost with a worker end within 15 s, unless the device has said that it runs. */
  #checkLateness(push: PushRecord, { atMs, by }: Reported, device: ManagedDevice): void {
    if (by !== 'answer' || push.reported.some(({ outcome }) => outcome === 'OUTCOME_RUNNING')) return;
    const { balancers, pushServers } = this.#cluster;
    const endMs = device.linkEndAfter(push.pushedAtMs);
    const workerEnds = pushServers.flatMap(({ workerEndsAtMs }) => workerEndsAtMs);
    const isByWorker = endMs !== undefined && workerEnds.some((each) => Math.abs(each - endMs) < 1_000);
    if (!isByWorker || atMs < endMs + lostMs) return;
    if (balancers.some(({ host }) => this.#disturbances.touched(host.name, push.pushedAtMs, atMs))) return;
    this.#find('told late', `its worker ended ${Math.round((atMs - endMs) / 1_000)} s before`, push);
  }

  #find(rule: string, detail: string, { device, command }: Pick<PushRecord, 'device' | 'command'>): void {
    this.#cluster.world.find(rule, detail, { device, command });
  }
}

/** The words of the device's log against the outcome, if there are any. */
export function contradictionOf(
  { outcome, reason, output }: Pick<Reported, 'outcome' | 'reason' | 'output'>,
  runs: readonly Run[],
  { givesUp, remembers }: ManagedDevice,
  command: string,
): string | undefined {
  const has = (ending: Run['ending']) => runs.some((run) => run.ending === ending);
  const ifTrue = (isSo: boolean, text: string) => (isSo ? text : undefined);
  switch (outcome) {
    case 'OUTCOME_SUCCEEDED':
      if (!has('succeeded')) return 'never ran it to its end';
      return ifTrue(output !== command, `answered otherwise: "${output}" is of another one`);
    case 'OUTCOME_FAILED':
      return ifTrue(reason === failedOnPurpose && !has('failed'), 'did not fail');
    case 'OUTCOME_CANCELLED':
      if (!givesUp) return ifTrue(runs.length > 0, 'has run it');
      // A handler that fails once the command was cancelled has given it up.
      return ifTrue(remembers && has('succeeded'), 'has run it to its end');
    default:
      return ifTrue(saysNever(outcome, reason) && runs.length > 0, 'has run it');
  }
}

/** Whether it says that the device has not begun with the command, and never will. */
function saysNever(outcome: string, reason: string): boolean {
  return neverRun.includes(outcome) && !reason.includes(linkEndedReason);
}

/** Whether the device and all that is between it and an administration server were left alone, but for a registry that was away or slow. */
export function isUndisturbed(
  { balancers, pushServers, registry }: Pick<Cluster, 'balancers' | 'pushServers' | 'registry'>,
  disturbances: Disturbances,
  device: string,
  fromMs: number,
  untilMs: number,
): boolean {
  const hosts = [device, ...[...balancers, ...pushServers].map(({ host }) => host.name)];
  if (hosts.some((host) => disturbances.touched(host, fromMs, untilMs))) return false;
  const kinds = ['registry lost', 'last writes lost', 'partition', 'clock'];
  return !disturbances.touched(registry.process.host.name, fromMs, untilMs, kinds);
}

/** Whether what was confirmed in that time may be gone: the registry has lost its last writes, and something else was in the way of those who repeat them. */
export function mayBeLost(
  { balancers, registry }: Pick<Cluster, 'balancers' | 'registry'>,
  disturbances: Disturbances,
  fromMs: number,
  untilMs: number,
): boolean {
  const { name } = registry.process.host;
  if (!disturbances.touched(name, fromMs, untilMs, ['last writes lost'])) return false;
  const [sinceMs, lastMs] = [fromMs - settledMs, untilMs + settledMs];
  if (disturbances.touched(name, sinceMs, lastMs, ['registry', 'partition', 'clock'])) return true;
  return balancers.some(({ host }) => disturbances.touched(host.name, sinceMs, lastMs));
}

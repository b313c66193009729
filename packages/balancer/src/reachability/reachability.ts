import type { X509Certificate } from 'node:crypto';
import type { NodeId } from '@pushfleet/protocol';
import type { AddressCheck, ListedNode, NodeProblem, WorkerRef } from '@pushfleet/registry';
import { type AttendedTime, type Clock, type Live, type Logger, random as systemRandom } from '@pushfleet/runtime';
import type { ChannelCondition } from '../commands/workers/worker-channel.ts';
import type { JudgedNode } from '../node-directory.ts';
import { type AddressFault, type ProbedAddress, probeAddress } from './address-probe.ts';
import { ClockComparison, describeSkew } from './clock-comparison.ts';
import { NodeTrial, type Verdict } from './node-trial.ts';

export interface ReachabilityOptions {
  /** Whether the channel that carries commands to the worker is open. */
  conditionOf(worker: WorkerRef): ChannelCondition;
  /** Never rejects. */
  probe(target: ProbedAddress): Promise<AddressFault | undefined>;
  /** Applies to distribution points that do not set it. */
  addressCheck: AddressCheck;
  clock: Clock;
  logger: Logger;
  /** A random number from 0 to 1. */
  random?: () => number;
}

/** How often addresses that are due are looked for. */
const lookEveryMs = 250;
/** A probe costs a TLS handshake at both ends; and one that hangs must not keep the others waiting. */
const probesAtOnce = 16;
/** Longer than it takes to find that nobody answers. */
const settledAfterMs = 15_000;
const probeDeadlineMs = 5_000;

export interface ReachabilitySettings {
  /** The CAs that devices trust; `undefined`: not known. */
  authorities: Live<readonly X509Certificate[] | undefined>;
  addressCheck: AddressCheck;
}

export interface AddressProbeParts extends Pick<ReachabilitySettings, 'authorities'> {
  clock: Clock;
  attended: AttendedTime;
}

/** Tries push servers over real sockets. */
export function createAddressProbe({ authorities, clock, attended }: AddressProbeParts): ReachabilityOptions['probe'] {
  const wallMs = () => clock.wallMs();
  return (target) =>
    probeAddress(target, { authorities: authorities.current, attended, wallMs, deadlineMs: probeDeadlineMs });
}

/**
 * Tries push servers that say they are ready, in the two ways in which others come to them: commands over the channels, devices at
 * the address for remote hosts. What is new, or has changed, is tried at once.
 */
export class Reachability implements Disposable {
  readonly #options: ReachabilityOptions;
  readonly #trials = new Map<NodeId, NodeTrial>();
  readonly #clocks = new ClockComparison();
  readonly #probing = new Set<NodeTrial>();
  readonly #reported = new Map<NodeId, string>();
  readonly #listeners: (() => void)[] = [];
  #nodes = new Map<NodeId, ListedNode>();
  #startedAtMs = Number.POSITIVE_INFINITY;
  #isSettled = false;
  #timer: Disposable | undefined;

  constructor(options: ReachabilityOptions) {
    this.#options = options;
  }

  start(): void {
    this.#startedAtMs = this.#options.clock.now();
    this.#timer = this.#options.clock.every(lookEveryMs, () => this.#look());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** How far the clock of this balancer is ahead of those of most push servers. */
  get ownAheadMs(): number | undefined {
    return this.#clocks.ownAheadMs;
  }

  /**
   * Whether this balancer has had the time to try whatever was there when it started: until then it takes good push servers
   * for untried ones.
   */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** `listener` is called when a verdict may have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @param nodes As the registry has just listed them. */
  onListed(nodes: Iterable<ListedNode>): void {
    const { clock } = this.#options;
    this.#nodes = new Map([...nodes].map((node) => [node.nodeId, node]));
    this.#clocks.compare(this.#nodes.values(), clock.wallMs());
    for (const id of this.#trials.keys()) if (!this.#nodes.has(id)) this.#forget(id);
    for (const node of this.#nodes.values()) if (isTried(node)) this.#keepTrial(node, clock.now());
    this.#look();
  }

  /** The verdict on a push server that says it is ready. */
  verdict(node: ListedNode): Verdict {
    const aheadMs = this.#clocks.aheadMs(node.nodeId);
    if (aheadMs !== undefined) return { kind: 'impaired', problem: skewProblem(aheadMs) };
    const trial = this.#trials.get(node.nodeId);
    return trial?.isOf(node) ? trial.verdict(this.#checkOf(node)) : { kind: 'untried' };
  }

  /**
   * The push server as it is to be treated: by what it says of itself, what the leader found and what was found here, in this order; but
   * a wrong clock comes first, because it makes good certificates look bad to it.
   */
  judge(node: ListedNode): JudgedNode {
    if (node.status !== 'ready' || node.liveness !== 'alive') return node;
    const verdict = this.verdict(node);
    const here = verdict.kind === 'impaired' ? verdict.problem : undefined;
    const known = [here, node.found].find((problem) => problem?.kind === 'clock-skew');
    const problem = known ?? [node.problem, node.found].find((one) => one?.impairs);
    if (problem) return { ...node, status: 'unreachable', problem };
    switch (verdict.kind) {
      case 'impaired':
        return { ...node, status: 'unreachable', problem: verdict.problem };
      case 'untried':
        return { ...node, status: 'starting' };
      case 'sound': {
        const problem = node.problem ?? node.found ?? verdict.problem;
        return problem ? { ...node, problem } : node;
      }
      default:
        return verdict satisfies never;
    }
  }

  #keepTrial(node: ListedNode, nowMs: number): void {
    let trial = this.#trials.get(node.nodeId);
    if (trial?.isOf(node)) trial.onListed(node, nowMs);
    else {
      trial = new NodeTrial(node, nowMs);
      this.#trials.set(node.nodeId, trial);
    }
  }

  #forget(id: NodeId): void {
    this.#trials.delete(id);
    this.#reported.delete(id);
  }

  #look(): void {
    const { clock, conditionOf } = this.#options;
    const nowMs = clock.now();
    for (const [id, trial] of this.#trials) {
      const node = this.#nodes.get(id);
      if (!node) continue;
      const channelOf = (worker: ListedNode['workers'][number]) => conditionOf({ ...worker, nodeId: id });
      if (trial.isOf(node)) trial.onChannels(node.workers, channelOf, nowMs);
    }
    this.#startProbes(nowMs);
    const isAnyUntried = [...this.#nodes.values()].some(
      (node) => isTried(node) && this.verdict(node).kind === 'untried',
    );
    this.#isSettled ||= !isAnyUntried || nowMs - this.#startedAtMs >= settledAfterMs;
    this.#report();
  }

  /** Addresses that were never tried come first: somebody waits for them. */
  #startProbes(nowMs: number): void {
    const due = [...this.#trials]
      .filter(([id, trial]) => trial.dueAtMs <= nowMs && !this.#probing.has(trial) && this.#isWorthTrying(id))
      .sort(([, a], [, b]) => Number(b.isUntried) - Number(a.isUntried) || a.dueAtMs - b.dueAtMs);
    for (const [id, trial] of due.slice(0, probesAtOnce - this.#probing.size)) void this.#probe(id, trial);
  }

  #isWorthTrying(id: NodeId): boolean {
    const node = this.#nodes.get(id);
    return node !== undefined && isTried(node) && this.#checkOf(node) !== 'off';
  }

  #checkOf({ addressCheck }: ListedNode): AddressCheck {
    return addressCheck ?? this.#options.addressCheck;
  }

  async #probe(id: NodeId, trial: NodeTrial): Promise<void> {
    const { probe, clock, random = systemRandom } = this.#options;
    const { nodeId, address, port, deviceTls } = this.#nodes.get(id) as ListedNode;
    this.#probing.add(trial);
    const fault = await probe({ nodeId, address, port, deviceTls });
    this.#probing.delete(trial);
    trial.onProbed(fault, clock.now(), random());
    // Its place is free for the next; and whoever waits for this one should hear of it.
    if (this.#timer) this.#look();
  }

  #report(): void {
    for (const node of this.#nodes.values()) if (isTried(node)) this.#reportOne(node);
    for (const listener of this.#listeners) listener();
  }

  /** Logs each change once. */
  #reportOne(node: ListedNode): void {
    const { nodeId, address, port } = node;
    const verdict = this.verdict(node);
    if (verdict.kind === 'untried') return;
    const { problem } = verdict;
    const before = this.#reported.get(nodeId) ?? '';
    this.#reported.set(nodeId, problem?.kind ?? '');
    if (before === (problem?.kind ?? '')) return;
    if (problem) this.#options.logger.warn({ nodeId, ...problem }, 'a push server does not work from here');
    else this.#options.logger.info({ nodeId, address, port }, 'the push server works from here again');
  }
}

/** A push server that says of itself that devices cannot use it needs no proof of that. */
function isTried({ status, liveness, problem }: ListedNode): boolean {
  return status === 'ready' && liveness === 'alive' && !problem?.impairs;
}

function skewProblem(aheadMs: number): NodeProblem {
  const detail = `its clock is ${describeSkew(aheadMs)} that of balancers: tickets and certificates are judged wrongly; set it, e.g. by NTP`;
  return { kind: 'clock-skew', detail, impairs: true };
}

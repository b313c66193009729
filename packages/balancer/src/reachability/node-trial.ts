import { type BootId, plainReason } from '@pushfleet/protocol';
import type { AddressCheck, ListedNode, NodeProblem, WorkerRecord } from '@pushfleet/registry';
import { visibleText } from '@pushfleet/runtime';
import type { ChannelCondition } from '../commands/workers/worker-channel.ts';
import type { AddressFault } from './address-probe.ts';

/** The result of trying a push server that says it is ready. */
export type Verdict =
  | { kind: 'untried' }
  /** `problem`: one that does not keep devices away. */
  | { kind: 'sound'; problem?: NodeProblem }
  | { kind: 'impaired'; problem: NodeProblem };

/** One failure may be chance; so many in a row are a problem. */
const failuresNeeded = 2;
/** A channel breaks when its worker ends, and until that is known nothing is wrong with the push server. */
const controlPatienceMs = 3_000;
const goodEveryMs = 30_000;
const secondTryMs = 1_000;
const badEveryMs = 5_000;
const badAtMostEveryMs = 30_000;

/** The trial of one life of one push server at one address, and what it has shown. Pure; times are by the monotonic clock. */
export class NodeTrial {
  /** When the address is to be tried next, by the monotonic clock. */
  dueAtMs: number;
  readonly #bootId: BootId;
  readonly #address: string;
  readonly #port: number;
  #boots: ReadonlySet<BootId>;
  /** Channels to all its workers that speak have been open. */
  #isControlled = false;
  #control: AddressFault | undefined;
  #addressState: 'untried' | 'good' | 'bad' = 'untried';
  #addressFault: AddressFault | undefined;
  #failures = 0;

  constructor(node: ListedNode, nowMs: number) {
    this.#bootId = node.bootId;
    this.#address = node.address;
    this.#port = node.port;
    this.#boots = bootsOf(node);
    this.dueAtMs = nowMs;
  }

  get isUntried(): boolean {
    return this.#addressState === 'untried';
  }

  /** `false`: the trial is of another life or address, or all of the push server's workers are others. */
  isOf({ bootId, address, port, workers }: ListedNode): boolean {
    const isSame = bootId === this.#bootId && address === this.#address && port === this.#port;
    const hasNone = this.#boots.size === 0 && workers.length === 0;
    return isSame && (hasNone || workers.some((worker) => this.#boots.has(worker.bootId)));
  }

  /** A worker that came, or came back: the address is tried again, and stands as it did meanwhile. */
  onListed(node: ListedNode, nowMs: number): void {
    const boots = bootsOf(node);
    if (boots.symmetricDifference(this.#boots).size > 0) this.dueAtMs = nowMs;
    this.#boots = boots;
  }

  onChannels(workers: readonly WorkerRecord[], conditionOf: ConditionOf, nowMs: number): void {
    const heard = workers.filter(({ silent }) => !silent);
    const conditions = heard.map((worker) => ({ worker, condition: conditionOf(worker) }));
    // Without a word from any of them nothing is known.
    this.#isControlled ||= workers.length === 0 || (heard.length > 0 && conditions.every(isOpen));
    this.#control = controlFault(conditions, nowMs);
  }

  /** `jitter`: from 0 to 1, so that the trials of many push servers spread. */
  onProbed(fault: AddressFault | undefined, nowMs: number, jitter: number): void {
    if (!fault) {
      this.#addressState = 'good';
      this.#addressFault = undefined;
      this.#failures = 0;
      this.dueAtMs = nowMs + spread(goodEveryMs, jitter);
      return;
    }
    this.#failures += 1;
    const isKnown = this.#failures >= failuresNeeded;
    if (isKnown) this.#addressState = 'bad';
    if (isKnown) this.#addressFault = fault;
    const everyMs = Math.min(badEveryMs * 2 ** (this.#failures - failuresNeeded), badAtMostEveryMs);
    this.dueAtMs = nowMs + spread(isKnown ? everyMs : secondTryMs, jitter);
  }

  verdict(check: AddressCheck): Verdict {
    if (this.#control) return { kind: 'impaired', problem: { ...this.#control, impairs: true } };
    const problem = check === 'off' ? undefined : this.#addressProblem(check);
    if (problem?.impairs) return { kind: 'impaired', problem };
    if (!this.#isControlled || (check === 'on' && this.isUntried)) return { kind: 'untried' };
    return { kind: 'sound', ...(problem ? { problem } : {}) };
  }

  #addressProblem(check: AddressCheck): NodeProblem | undefined {
    const fault = this.#addressFault;
    if (!fault) return undefined;
    // Whoever showed the certificate is this push server: it has said so. Where it is reached from does not matter.
    const isOfCertificate = fault.kind.startsWith('certificate-');
    return { ...fault, impairs: check === 'on' || isOfCertificate };
  }
}

export type ConditionOf = (worker: WorkerRecord) => ChannelCondition;

function isOpen({ condition }: { condition: ChannelCondition }): boolean {
  return condition.kind === 'open';
}

function controlFault(
  conditions: readonly { worker: WorkerRecord; condition: ChannelCondition }[],
  nowMs: number,
): AddressFault | undefined {
  for (const { worker, condition } of conditions) {
    if (condition.kind !== 'failing' || condition.failures < failuresNeeded) continue;
    if (nowMs - condition.sinceMs < controlPatienceMs) continue;
    const { workerId, controlAddress } = worker;
    const reason = visibleText(plainReason(condition.reason)).slice(0, 200);
    const detail = `commands do not reach worker ${workerId} at ${controlAddress}: ${reason}; check PUSHFLEET_CONTROL_ADDRESS, firewalls and cluster certificates`;
    return { kind: 'control-unreachable', detail };
  }
  return undefined;
}

function bootsOf({ workers }: ListedNode): ReadonlySet<BootId> {
  return new Set(workers.map(({ bootId }) => bootId));
}

function spread(periodMs: number, jitter: number): number {
  return Math.round(periodMs * (0.8 + 0.4 * jitter));
}

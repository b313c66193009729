import type {
  HeartbeatDelta,
  HeartbeatVerdict,
  NewFleetEvent,
  NodeProblem,
  NodeRecord,
  PushServerRegistry,
} from '@pushfleet/registry';
import { type Clock, type Logger, meter, metrics } from '@pushfleet/runtime';

export interface HeartbeatOptions {
  nodes: PushServerRegistry['nodes'];
  clock: Clock;
  logger: Logger;
  /** Silence after which a push server counts as dead. */
  deadAfterMs: number;
  record(): NodeRecord;
  takeDelta(): HeartbeatDelta;
  /** The heartbeat failed: puts back what it carried. */
  restoreDelta(delta: HeartbeatDelta): void;
  /** Whether the certificate of this push server was revoked, as the registry says now: who is revoked is struck off its list. */
  isRevoked(): Promise<boolean>;
  onFenced(): void;
  /** The registry has lost what it knew of the sessions. */
  onRestored(): void;
  /** The push server counted as dead, and somebody may be cleaning up its sessions. */
  onRevived(): void;
}

const everyMs = 1_000;

/** Reports the state of the push server to the registry every second, and at once when something has changed. */
export class Heartbeat implements Disposable {
  readonly #options: HeartbeatOptions;
  #events: NewFleetEvent[] = [];
  #announced: NodeRecord['status'] | undefined;
  #announcedProblem: NodeProblem | undefined;
  #isOverloaded = false;
  #lastOkAtMs: number;
  #failures = 0;
  #beating: Promise<void> = Promise.resolve();
  #isOneWaiting = false;
  #timer: Disposable | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lastOkAtMs = options.clock.now();
  }

  async start(): Promise<void> {
    const { nodes, clock, record } = this.#options;
    await nodes.register(record());
    this.#lastOkAtMs = clock.now();
    this.#timer = clock.every(everyMs, () => void this.beat());
  }

  /** Sends one heartbeat at a time, in order. Each carries the state at the time of sending, so that one that waits is enough. */
  beat(): Promise<void> {
    if (this.#isOneWaiting) return this.#beating;
    this.#isOneWaiting = true;
    this.#beating = this.#beating.then(() => this.#beatNow());
    return this.#beating;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    await this.#beating;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #beatNow(): Promise<void> {
    this.#isOneWaiting = false;
    const { nodes, logger, record, takeDelta, restoreDelta, isRevoked } = this.#options;
    const current = record();
    this.#recordStatus(current);
    this.#recordProblem(current);
    this.#recordOverload(current);
    const { events, ...rest } = takeDelta();
    const delta = { ...rest, events: events.concat(this.#events) };
    this.#events = [];
    try {
      const verdict = await nodes.heartbeat(current, delta);
      if (verdict === 'restored' && (await isRevoked())) return;
      this.#onVerdict(verdict);
    } catch (error) {
      restoreDelta(delta);
      this.#failures += 1;
      meter.count(metrics.heartbeatFailures, '');
      logger.warn({ err: error }, 'heartbeat failed; links stay up');
    }
  }

  #recordStatus({ nodeId, status }: NodeRecord): void {
    const before = this.#announced;
    this.#announced = status;
    if (status === before || (status !== 'ready' && status !== 'draining')) return;
    this.#events.push({ kind: `node-${status}`, atMs: this.#options.clock.wallMs(), node: nodeId });
  }

  #recordProblem({ nodeId, status, problem }: NodeRecord): void {
    const before = this.#announcedProblem;
    // On the way, e.g. without workers, it shows no certificate: a bad one is not thereby good.
    if (problem?.kind === before?.kind || (!problem && status !== 'ready' && status !== 'disabled')) return;
    this.#announcedProblem = problem;
    const { clock, logger } = this.#options;
    const event = { atMs: clock.wallMs(), node: nodeId };
    if (before) this.#events.push({ ...event, kind: 'node-problem-solved', reason: before.kind });
    if (!problem) return;
    if (problem.impairs) logger.error(problem, 'this push server gets no devices until that is solved');
    this.#events.push({ ...event, kind: 'node-problem', reason: `${problem.kind}: ${problem.detail}` });
  }

  #recordOverload({ nodeId, overloaded = false, acceptsPerSecond = 0 }: NodeRecord): void {
    if (overloaded === this.#isOverloaded) return;
    this.#isOverloaded = overloaded;
    const { clock, logger } = this.#options;
    const kind = overloaded ? 'node-overloaded' : 'node-overload-ended';
    this.#events.push({ kind, atMs: clock.wallMs(), node: nodeId });
    logger.warn({ acceptsPerSecond }, overloaded ? 'overloaded: it gets no new devices' : 'no longer overloaded');
  }

  #onVerdict(verdict: HeartbeatVerdict): void {
    const { clock, deadAfterMs, logger, record } = this.#options;
    if (verdict === 'fenced') return this.#options.onFenced();
    const silentMs = clock.now() - this.#lastOkAtMs;
    // Had the registry been away, heartbeats would have failed.
    const wasFrozen = silentMs >= deadAfterMs && this.#failures === 0;
    // It may have been struck off the list: nothing was lost then.
    const wasStruckOff = verdict === 'restored' && wasFrozen;
    if (verdict === 'restored' && !wasStruckOff) {
      this.#events.push({ kind: 'registry-lost', atMs: clock.wallMs(), node: record().nodeId });
      logger.error('the registry has lost its data; sessions are asserted anew');
    }
    this.#failures = 0;
    this.#lastOkAtMs = clock.now();
    if (verdict === 'revived' || wasStruckOff) {
      logger.warn({ silentMs }, 'counted as dead, and its sessions are being cleaned up; workers take new boot ids');
      this.#options.onRevived();
    } else if (verdict === 'restored') this.#options.onRestored();
    else if (wasFrozen) logger.warn({ silentMs }, 'counted as dead; nobody has touched its sessions, and it goes on');
  }
}

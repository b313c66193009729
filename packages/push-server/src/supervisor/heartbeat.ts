import type {
  HeartbeatDelta,
  HeartbeatVerdict,
  NewFleetEvent,
  NodeProblem,
  NodeRecord,
  PushServerRegistry,
  RegistryPosition,
} from '@pushfleet/registry';
import { type Clock, type Logger, meter, metrics } from '@pushfleet/runtime';

export interface HeartbeatOptions {
  nodes: PushServerRegistry['nodes'];
  clock: Clock;
  logger: Logger;
  record(): NodeRecord;
  takeDelta(): HeartbeatDelta;
  /** The heartbeat failed: puts back what it carried. */
  restoreDelta(delta: HeartbeatDelta): void;
  onFenced(): void;
  /** The registry has lost its data, or went back to an earlier state of it. */
  onLost(): void;
  /** The registry may not know all sessions: they are to be asserted. */
  onForgotten(): void;
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
  #position: RegistryPosition | undefined;
  #beating: Promise<void> = Promise.resolve();
  #isOneWaiting = false;
  #timer: Disposable | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { nodes, clock, record } = this.#options;
    this.#position = await nodes.register(record());
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
    const { nodes, logger, record, takeDelta, restoreDelta } = this.#options;
    const current = record();
    this.#recordStatus(current);
    this.#recordProblem(current);
    this.#recordOverload(current);
    const { events, ...rest } = takeDelta();
    const delta = { ...rest, events: events.concat(this.#events) };
    this.#events = [];
    try {
      const { verdict, position } = await nodes.heartbeat(current, delta, this.#position);
      this.#position = position;
      this.#onVerdict(verdict);
    } catch (error) {
      restoreDelta(delta);
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
    const { clock, logger, record } = this.#options;
    switch (verdict) {
      case 'ok':
        return;
      case 'lost':
        this.#events.push({ kind: 'registry-lost', atMs: clock.wallMs(), node: record().nodeId });
        logger.error('the registry has lost its data; sessions are asserted anew');
        this.#options.onLost();
        return this.#options.onForgotten();
      case 'restarted':
        logger.warn(
          'the registry was restarted or has failed over; sessions are asserted, for its last writes may be missing',
        );
        return this.#options.onForgotten();
      case 'struck-off':
        logger.warn('taken out of the list of push servers, and back; sessions are asserted');
        return this.#options.onForgotten();
      case 'revived':
        logger.warn('counted as dead, and its sessions are being cleaned up; workers take new boot ids');
        return this.#options.onRevived();
      case 'fenced':
        this.#options.onFenced();
        return;
      default:
        return verdict satisfies never;
    }
  }
}

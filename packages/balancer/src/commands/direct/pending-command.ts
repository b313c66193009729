import { type CommandId, type DeviceId, operationBytes } from '@pushfleet/protocol';
import type { Moment, Timed } from '@pushfleet/runtime';
import type { CommandTrace } from '../command-trace.ts';
import {
  type CommandListener,
  type CommandRecord,
  type CommandRef,
  type CommandTerms,
  notify,
  type Status,
  type Submitted,
  type Subscription,
} from '../engine.ts';
import type { Route } from '../router.ts';
import type { ChannelBatch, ChunkTerms, OutboundItem } from '../workers/channel-batch.ts';
import type { WorkerChannel } from '../workers/worker-channel.ts';
import { type CommandInput, type CommandState, firstState, isUnsent } from './command-state.ts';

/** Terms of commands that were accepted at one moment: one object for all that were submitted together. */
export interface AcceptedTerms extends ChunkTerms, CommandTerms {
  /** By the wall clock: for who asks. The deadlines are monotonic: for what is decided. */
  readonly acceptedAtMs: number;
}

export function acceptTerms(
  { operation, deliverWithinMs, finishWithinMs }: CommandTerms,
  { nowMs, wallMs: acceptedAtMs }: Moment,
): AcceptedTerms {
  const deliverByMs = nowMs + deliverWithinMs;
  return { operation, acceptedAtMs, deliverWithinMs, finishWithinMs, deliverByMs, finishByMs: nowMs + finishWithinMs };
}

/** The part of DirectCommands that commands call back. */
export interface CommandOwner {
  apply(command: PendingCommand, input: CommandInput): void;
  /** A listener has left the command. */
  letGo(command: PendingCommand): void;
}

/** The way in which a command was submitted. */
export interface Origin {
  hasChosenId: boolean;
  /** The command was submitted together with others on the same terms. */
  isShared: boolean;
  /** It travels by itself; the others in chunks. */
  isAlone: boolean;
}

/** A target of a chunk, roughly. */
const targetBytes = 128;

/** One direct command in flight, and who is to hear what becomes of it. */
export class PendingCommand implements CommandRef, OutboundItem, Timed, Submitted {
  readonly id: CommandId;
  readonly device: DeviceId;
  readonly terms: AcceptedTerms;
  readonly origin: Origin;
  readonly trace: CommandTrace | undefined;
  state: CommandState = firstState;
  route: Route<WorkerChannel> | undefined;
  /** The first listener has heard all that it wanted to: the command is not withdrawn for its sake. */
  isAnswered = false;
  /** CommandMemory keeps it in flight, because nobody waits for its end. */
  isUnawaited = false;
  bucket = 0;
  previousDue: Timed | undefined;
  nextDue: Timed | undefined;
  /** By the monotonic clock. */
  endedAtMs = 0;
  readonly #owner: CommandOwner;
  /** The subscription of the first listener, nearly always the only one; `undefined` once it is answered or has left. */
  #subscription: Subscription | undefined;
  /** Listeners that have submitted the command again, and those that observe it. */
  #attached: Set<Attachment> | undefined;
  #routedAtMs = 0;
  #deliveredAtMs = 0;
  #runningAtMs = 0;

  constructor(
    owner: CommandOwner,
    { id, device, trace }: CommandRef & { trace?: CommandTrace | undefined },
    terms: AcceptedTerms,
    on: Subscription,
    origin: Origin,
  ) {
    this.id = id;
    this.device = device;
    this.trace = trace;
    this.terms = terms;
    this.origin = origin;
    this.#owner = owner;
    this.#subscription = on;
  }

  /** A chunk has the operation once for all its targets. */
  get sizeBytes(): number {
    return this.origin.isAlone ? operationBytes(this.terms.operation) : targetBytes;
  }

  get isEnded(): boolean {
    return this.state.kind === 'ended';
  }

  /** A listener that has submitted the command waits for more of it. */
  get isAwaited(): boolean {
    if (this.#subscription && !this.#subscription.listener.closed) return true;
    return this.#attached !== undefined && [...this.#attached].some(({ isWaiting }) => isWaiting);
  }

  /** The status of the command, also before anything was sent. */
  get status(): Status {
    const { state } = this;
    return isUnsent(state) ? { outcome: 'OUTCOME_QUEUED', reason: '', atMs: this.terms.acceptedAtMs } : state.status;
  }

  /** The push server that held the link; empty where none did. */
  get nodeId(): string {
    if (!this.route || this.status.outcome === 'OUTCOME_NOT_CONNECTED') return '';
    return this.route.channel.worker.nodeId;
  }

  get record(): CommandRecord {
    const { id, device, status, nodeId } = this;
    const { operation, acceptedAtMs, deliverWithinMs, finishWithinMs } = this.terms;
    const record: CommandRecord = {
      ...{ id, device, operation, status, nodeId, acceptedAtMs },
      deliverByMs: acceptedAtMs + deliverWithinMs,
      finishByMs: acceptedAtMs + finishWithinMs,
    };
    if (this.#routedAtMs > 0) record.routedAtMs = this.#routedAtMs;
    if (this.#deliveredAtMs > 0) record.deliveredAtMs = this.#deliveredAtMs;
    if (this.#runningAtMs > 0) record.runningAtMs = this.#runningAtMs;
    return record;
  }

  addTo(batch: ChannelBatch, nowMs: number): boolean {
    const { operation, deliverByMs, finishByMs } = this.terms;
    const deliverWithinMs = deliverByMs - nowMs;
    if (this.state.kind !== 'queued' || !this.route || deliverWithinMs < 1) return false;
    const { id: commandId, device: deviceId } = this;
    const { epoch } = this.route;
    if (!this.origin.isAlone) batch.pushTarget({ commandId, deviceId, epoch }, this.terms, nowMs);
    else {
      const finishWithinMs = finishByMs - nowMs;
      const command = { commandId, deviceId, epoch, operation, deliverWithinMs, finishWithinMs };
      batch.push(this.trace ? { ...command, trace: this.trace.context } : command);
    }
    return true;
  }

  onWritten(): void {
    this.#owner.apply(this, { kind: 'written' });
  }

  /** Enters a new state, notes when, and tells whoever wants to hear of it. */
  enter(state: CommandState): void {
    this.state = state;
    this.trace?.onState(state);
    if (isUnsent(state)) return;
    const { status } = state;
    if (status.outcome === 'OUTCOME_ROUTED') this.#routedAtMs = status.atMs;
    if (status.outcome === 'OUTCOME_DELIVERED') this.#deliveredAtMs = status.atMs;
    if (status.outcome === 'OUTCOME_RUNNING') this.#runningAtMs = status.atMs;
    this.#notifyAll(status, this.nodeId);
  }

  /** Another listener has submitted the same command: it waits with the first one. */
  join(subscription: Subscription): Submitted {
    const joined = new Attachment(this, subscription, true);
    if (isUnsent(this.state) || !notify(subscription, this, this.status, this.nodeId)) this.#attach(joined);
    return joined;
  }

  /** The listener hears of the command as long as it is kept for others. */
  observe(subscription: Subscription): void {
    if (!this.isEnded) this.#attach(new Attachment(this, subscription, false));
  }

  /** The listener does not hear of the command any more, which goes on. */
  unsubscribe(listener: CommandListener): void {
    for (const one of this.#attached ?? []) if (one.subscription.listener === listener) this.#attached?.delete(one);
    if (this.#subscription?.listener !== listener) return;
    this.#subscription = undefined;
    this.isAnswered = true;
    this.#owner.letGo(this);
  }

  /** Releases the command for a listener that has left. */
  releaseFor(listener: CommandListener): void {
    if (this.#subscription?.listener === listener) this.release();
    for (const one of this.#attached ?? []) if (one.subscription.listener === listener) one.release();
  }

  release(): void {
    if (!this.#subscription) return;
    this.#subscription = undefined;
    this.#owner.letGo(this);
  }

  detach(attachment: Attachment): void {
    if (this.#attached?.delete(attachment)) this.#owner.letGo(this);
  }

  /** Tells all listeners that the command is not accepted, or not kept any longer. */
  fail(error: unknown): void {
    this.trace?.endStep('not accepted');
    const subscriptions = [...(this.#attached ?? [])].map(({ subscription }) => subscription);
    if (this.#subscription) subscriptions.unshift(this.#subscription);
    this.#subscription = undefined;
    this.#attached = undefined;
    for (const { listener, tag } of subscriptions) if (!listener.closed) listener.onFailed(this, error, tag);
  }

  #attach(attachment: Attachment): void {
    this.#attached ??= new Set();
    this.#attached.add(attachment);
  }

  #notifyAll(status: Status, nodeId: string): void {
    if (this.#subscription && notify(this.#subscription, this, status, nodeId)) {
      this.#subscription = undefined;
      this.isAnswered = true;
    }
    if (!this.#attached) return;
    for (const one of this.#attached) if (notify(one.subscription, this, status, nodeId)) this.#attached.delete(one);
  }
}

/** A listener of a command besides the one that has submitted it first. */
class Attachment implements Submitted {
  readonly subscription: Subscription;
  readonly #command: PendingCommand;
  readonly #isHolding: boolean;

  /** @param isHolding It has submitted the command too: that is in flight for it as well. */
  constructor(command: PendingCommand, subscription: Subscription, isHolding: boolean) {
    this.#command = command;
    this.subscription = subscription;
    this.#isHolding = isHolding;
  }

  get isWaiting(): boolean {
    return this.#isHolding && !this.subscription.listener.closed;
  }

  release(): void {
    this.#command.detach(this);
  }
}

import {
  type admin,
  type CommandId,
  type common,
  type DeviceId,
  operationBytes,
  PushfleetError,
} from '@pushfleet/protocol';
import type { Timed } from '@pushfleet/runtime';
import type { Caller } from './caller.ts';
import { firstState, isUnsent } from './command.ts';
import type { CommandState, Status, Terms } from './command-state.ts';
import type { Outgoing, Parcel, SharedTerms } from './courier/outgoing.ts';
import type { WorkerChannel } from './courier/worker-channel.ts';
import type { AwaitedStep } from './push.ts';
import type { DirectFollower } from './push-desk.ts';
import type { Route } from './router.ts';

/** Where it goes, and who hears of it. */
export interface PendingOptions {
  id: CommandId;
  device: DeviceId;
  terms: SharedTerms;
  wait: AwaitedStep;
  caller?: Caller;
  tag?: number;
  follower?: DirectFollower;
  /** Its caller has chosen the id, and may ask for it by that. */
  isNamed?: boolean;
}

/** Who waits for a command with its first caller. */
export interface Joiner {
  /** It has come further. */
  onChange(): void;
  /** It is not accepted after all. */
  refuse(error: unknown): void;
}

/** Of a message around its payload, roughly; and of one target in a chunk. */
const targetBytes = 128;

/** One direct command under way, and who is told what becomes of it. */
export class PendingCommand implements Parcel, Timed, Terms {
  readonly id: CommandId;
  readonly device: DeviceId;
  readonly terms: SharedTerms;
  readonly wait: AwaitedStep;
  readonly caller: Caller | undefined;
  readonly tag: number;
  readonly follower: DirectFollower | undefined;
  routedAtMs = 0;
  deliveredAtMs = 0;
  runningAtMs = 0;
  state: CommandState = firstState;
  route: Route<WorkerChannel> | undefined;
  answered = false;
  bucket = 0;
  keptBytes = 0;
  /** By the monotonic clock. */
  endedByMs = 0;
  readonly isNamed: boolean;
  /** Pushed again with the same id. */
  joined: Set<Joiner> | undefined;
  /** Told of every change; `false`: it is no longer kept. */
  watchers: Set<(kept: boolean) => void> | undefined;

  constructor({ id, device, terms, wait, caller, tag = 0, follower, isNamed = false }: PendingOptions) {
    this.id = id;
    this.device = device;
    this.terms = terms;
    this.wait = wait;
    this.caller = caller;
    this.tag = tag;
    this.follower = follower;
    this.isNamed = isNamed;
  }

  get operation(): common.Operation {
    return this.terms.operation;
  }

  get deliverByMs(): number {
    return this.terms.deliverByMs;
  }

  get finishByMs(): number {
    return this.terms.finishByMs;
  }

  /** In a chunk the operation is there once. */
  get sizeBytes(): number {
    return this.follower ? targetBytes : operationBytes(this.operation);
  }

  /** Somebody still wants to hear of it. */
  get isAwaited(): boolean {
    const isCallers = this.caller !== undefined && !this.answered && !this.caller.gone;
    return isCallers || this.follower !== undefined || (this.joined?.size ?? 0) > 0;
  }

  /** Where it stands, also before anything was sent. */
  get status(): Status {
    const { state } = this;
    return isUnsent(state) ? { outcome: 'OUTCOME_QUEUED', reason: '', atMs: this.terms.acceptedAtMs } : state.status;
  }

  /** The push server that held the link; empty where none did. */
  get nodeId(): string {
    if (!this.route || this.status.outcome === 'OUTCOME_NOT_CONNECTED') return '';
    return this.route.channel.worker.nodeId;
  }

  pack(messages: Outgoing, nowMs: number): boolean {
    const deliverWithinMs = this.deliverByMs - nowMs;
    if (this.state.kind !== 'queued' || !this.route || deliverWithinMs < 1) return false;
    const { id: commandId, device: deviceId, operation } = this;
    const { epoch } = this.route;
    if (this.follower) messages.target({ commandId, deviceId, epoch }, this.terms, nowMs);
    else {
      const finishWithinMs = this.finishByMs - nowMs;
      messages.push({ commandId, deviceId, epoch, operation, deliverWithinMs, finishWithinMs });
    }
    return true;
  }

  /** Enters a new state, and notes when. */
  enter(state: CommandState): void {
    this.state = state;
    if (isUnsent(state)) return;
    const { outcome, atMs } = state.status;
    if (outcome === 'OUTCOME_ROUTED') this.routedAtMs = atMs;
    if (outcome === 'OUTCOME_DELIVERED') this.deliveredAtMs = atMs;
    if (outcome === 'OUTCOME_RUNNING') this.runningAtMs = atMs;
    this.follower?.onStatus(this, state.status, this.nodeId);
    if (this.joined) for (const joined of this.joined) joined.onChange();
    if (this.watchers) for (const watcher of this.watchers) watcher(true);
  }

  answer(status: Status): void {
    this.answered = true;
    this.caller?.onAnswer(this.tag, this.answerWith(status));
  }

  answerWith(status: Status): admin.PushResponseInit {
    return { commandId: this.id, deviceId: this.device, status, nodeId: this.nodeId };
  }

  /** It is not accepted. */
  refuse(error: unknown): void {
    this.answered = true;
    this.caller?.onRefused(this.tag, error);
    this.follower?.onRefused(this, toRefusal(error));
    if (this.joined) for (const joined of this.joined) joined.refuse(error);
  }
}

function toRefusal(error: unknown): PushfleetError {
  return error instanceof PushfleetError ? error : new PushfleetError('INTERNAL', 'internal error', { cause: error });
}

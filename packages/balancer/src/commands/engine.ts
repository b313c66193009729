import {
  type CommandId,
  type common,
  type DeviceId,
  hasEnded,
  isConfirmed,
  isDurable,
  type node,
} from '@pushfleet/protocol';
import type { Priority, StoredCommand, StoredStatus } from '@pushfleet/registry';
import type { CommandTrace } from './command-trace.ts';
import type { WorkerChannel } from './workers/worker-channel.ts';

/** One command of one device. `isDurable(id)` says of which kind it is, and nothing else does. */
export interface CommandRef {
  readonly device: DeviceId;
  readonly id: CommandId;
}

/** One of many commands that are submitted on the same terms. */
export interface SharedCommand extends CommandRef {
  /** Absent: nobody traces it. One that is traced travels alone. */
  readonly trace?: CommandTrace | undefined;
}

/** Terms on which a durable command waits in its device's queue. */
export interface QueueTerms {
  readonly priority: Priority;
  /** Commands of one device that wait with the same key become one. Empty: none. */
  readonly collapseKey: string;
  /** A second command of the device with the same key is the first one. Empty: none. */
  readonly idempotencyKey: string;
}

/** An operation for a device, and its deadlines. */
export interface CommandTerms {
  readonly operation: common.Operation;
  /** Time to deliver the command, in milliseconds; the time to live of a durable one. */
  readonly deliverWithinMs: number;
  readonly finishWithinMs: number;
  /** Absent: priority `normal` and no keys. Without meaning to a direct command. */
  readonly queueing?: QueueTerms | undefined;
}

/** A command as it is submitted. */
export interface Submission extends CommandRef, CommandTerms {
  /** The caller has chosen the id: it may submit the command again, and is then told of the first one. */
  readonly hasChosenId: boolean;
  /** Absent: nobody traces it. */
  readonly trace?: CommandTrace | undefined;
}

/** A step that a command reaches on its way; the end of the command counts as each of them. */
export type Step = 'accepted' | 'delivered' | 'finished';

/** The state of a command. Times are by the wall clock: of the registry for a durable command, of this balancer for a direct one. */
export type Status = StoredStatus;

/** A command as it stands. */
export type CommandRecord = Omit<StoredCommand, keyof QueueTerms> & Partial<QueueTerms>;

/** Hears of commands, of any number and both kinds. Both calls may come from within `submit`. */
export interface CommandListener {
  /** The listener wants to hear no more; may be set at any time. A submitted command for which nobody waits may be withdrawn. */
  readonly closed: boolean;
  /**
   * The command has a new status. Those of one command come in order, and none comes after the end (`hasEnded`).
   * @param nodeId The push server that held the link; empty where none did.
   * @param tag The tag of the subscription.
   */
  onStatus(command: CommandRef, status: Status, nodeId: string, tag: number): void;
  /**
   * Nothing more will be known of the command: it was not accepted and nothing was sent, so that it may be submitted again
   * with the same id; or, of a direct one, there is no room to keep it any longer (COMMAND_NOT_FOUND).
   * @param error A PushfleetError, unless it is a fault of ours.
   */
  onFailed(command: CommandRef, error: unknown, tag: number): void;
}

/**
 * One listener's interest in commands. The same object may be used for many of them. (A PushStream makes one for each
 * command, and no closure: it finds its commands by `tag`.)
 */
export interface Subscription {
  readonly listener: CommandListener;
  /** The listener's own number for the command. */
  readonly tag: number;
  /** `change`: told of each change. A step: told once, when it has been reached. */
  readonly on: Step | 'change';
}

/** A submitted command, by which its listener stops waiting for it. */
export interface Submitted {
  /**
   * The listener waits no longer, and is not told any more. A direct command that is not on its way yet is withdrawn;
   * one that is, and any durable one, goes on.
   */
  release(): void;
}

export type Cancellation =
  /** There is no such command here. A direct one may be another balancer's: see PeerCommands. */
  | { kind: 'unknown' }
  /** `cancelled`: it never went out, and has ended. `asked`: its device is told. `ended`: it had ended before. */
  | { kind: 'cancelled' | 'asked' | 'ended'; command: CommandRecord };

/** Carries commands to devices, and tells listeners what becomes of them. DirectCommands is one, DurableCommands the other. */
export interface CommandEngine {
  /**
   * Sends one command. The listener hears of a refusal (DEVICE_NOT_FOUND, QUEUE_FULL, ALREADY_EXISTS, OVERLOADED, REGISTRY_UNAVAILABLE,
   * SHUTTING_DOWN) or of what the command has come to, perhaps before this returns.
   */
  submit(submission: Submission, subscription: Subscription): Submitted;
  /**
   * Sends the same operation to many devices, each command with an id of its own, all of one kind. The devices are taken to exist: a
   * direct command to one that does not ends as NOT_CONNECTED, a durable one fails with DEVICE_NOT_FOUND. Direct commands to
   * the devices of one worker travel in chunks. A durable one that is there already, by its id, is subscribed to. Where the registry
   * did not answer (REGISTRY_UNAVAILABLE) a durable one may be there all the same.
   */
  submitMany(commands: readonly SharedCommand[], terms: CommandTerms, subscription: Subscription): void;
  /** Releases all commands that the listener has submitted and still waits for. Looks at every command in flight. */
  releaseAll(listener: CommandListener): void;
  /** Withdraws the command, or asks its device to cancel it. @throws PushfleetError REGISTRY_UNAVAILABLE */
  cancel(command: CommandRef, reason: string): Promise<Cancellation>;
  /** A direct command is found in the balancer that took it (PeerCommands asks the others), a durable one in any. @throws PushfleetError REGISTRY_UNAVAILABLE */
  find(command: CommandRef): Promise<CommandRecord | undefined>;
  /**
   * Tells the listener of a command that was submitted before — a durable one by whichever balancer — until it ends, beginning
   * with where a durable one stands in the registry. A durable one that the registry does not have ends as
   * OUTCOME_UNKNOWN. A direct one that is not here, or has ended, is not told of.
   */
  subscribe(command: CommandRef, subscription: Subscription): void;
  /** The listener is not told of the command any more, which goes on, whether it was submitted or subscribed to. */
  unsubscribe(command: CommandRef, listener: CommandListener): void;
  /** A worker says what has become of a command. */
  onReport(channel: WorkerChannel, report: node.CommandReport): void;
  /**
   * Takes no more commands, and answers those who wait: with where their commands stand if these go on without this balancer,
   * else as soon as they have ended, and at the latest when `signal` fires.
   */
  drain(signal: AbortSignal): Promise<void>;
}

/** The engine for all commands. Their ids say which kind they are of: this is the one place that asks. */
export class CommandsOfBothKinds implements CommandEngine {
  readonly #direct: CommandEngine;
  readonly #durable: CommandEngine;

  constructor(direct: CommandEngine, durable: CommandEngine) {
    this.#direct = direct;
    this.#durable = durable;
  }

  submit(submission: Submission, subscription: Subscription): Submitted {
    return this.#engineOf(submission.id).submit(submission, subscription);
  }

  submitMany(commands: readonly SharedCommand[], terms: CommandTerms, subscription: Subscription): void {
    const [first] = commands;
    if (first) this.#engineOf(first.id).submitMany(commands, terms, subscription);
  }

  releaseAll(listener: CommandListener): void {
    this.#direct.releaseAll(listener);
    this.#durable.releaseAll(listener);
  }

  cancel(command: CommandRef, reason: string): Promise<Cancellation> {
    return this.#engineOf(command.id).cancel(command, reason);
  }

  find(command: CommandRef): Promise<CommandRecord | undefined> {
    return this.#engineOf(command.id).find(command);
  }

  subscribe(command: CommandRef, subscription: Subscription): void {
    this.#engineOf(command.id).subscribe(command, subscription);
  }

  unsubscribe(command: CommandRef, listener: CommandListener): void {
    this.#engineOf(command.id).unsubscribe(command, listener);
  }

  onReport(channel: WorkerChannel, report: node.CommandReport): void {
    this.#engineOf(report.commandId as CommandId).onReport(channel, report);
  }

  async drain(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#direct.drain(signal), this.#durable.drain(signal)]);
  }

  #engineOf(id: CommandId): CommandEngine {
    return isDurable(id) ? this.#durable : this.#direct;
  }
}

export interface Answer {
  command: CommandRef;
  status: Status;
  nodeId: string;
}

/** A listener with one command, which waits for one step of it. */
export class AwaitedAnswer implements CommandListener {
  /** @throws what `onFailed` is called with. */
  readonly answer: Promise<Answer>;
  closed = false;
  readonly onFailed: (command: CommandRef, error: unknown) => void;
  readonly #resolve: (answer: Answer) => void;

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.onFailed = (_command, error) => reject(error);
  }

  onStatus(command: CommandRef, status: Status, nodeId: string): void {
    this.#resolve({ command, status, nodeId });
  }
}

/** Tells the listener how its command stands, if it wants to hear that. `true`: it is to hear no more. */
export function notify(
  { listener, tag, on }: Subscription,
  command: CommandRef,
  status: Status,
  nodeId: string,
): boolean {
  if (listener.closed) return true;
  const isLast = hasReached(status, on);
  if (isLast || on === 'change') listener.onStatus(command, status, nodeId, tag);
  return isLast;
}

export function hasReached({ outcome }: Status, step: Subscription['on']): boolean {
  if (step === 'accepted' || hasEnded(outcome)) return true;
  return step === 'delivered' && isConfirmed(outcome);
}

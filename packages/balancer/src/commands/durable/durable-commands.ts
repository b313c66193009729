import { type CommandId, type DeviceId, type node, PushfleetError } from '@pushfleet/protocol';
import type { Commands, Fleet, NewCommand, PutResult, StoredCommand } from '@pushfleet/registry';
import { type AttendedTime, InFlight, meter, metrics } from '@pushfleet/runtime';
import { alreadyTaken, deviceNotFound, overloaded, shuttingDown } from '../../errors.ts';
import type { CommandTrace } from '../command-trace.ts';
import type {
  Cancellation,
  CommandEngine,
  CommandListener,
  CommandRecord,
  CommandRef,
  CommandTerms,
  QueueTerms,
  SharedCommand,
  Submission,
  Submitted,
  Subscription,
} from '../engine.ts';
import { fingerprint } from '../push-request.ts';
import type { WorkerChannel } from '../workers/worker-channel.ts';
import { readReport } from './command-status.ts';
import { ConfirmedCommands } from './confirmed-commands.ts';
import { DurableDispatch, type DurableDispatchOptions } from './dispatch.ts';
import { KnownDevices } from './known-devices.ts';
import { type DurableSettings, PutQueue, type PutRequest, RegistryClock } from './put-queue.ts';
import { StatusSubscriptions } from './status-subscriptions.ts';

export interface DurableCommandsOptions
  extends DurableSettings,
    Omit<DurableDispatchOptions, 'commands' | 'subscriptions' | 'confirmed'> {
  commands: Commands;
  fleet: Pick<Fleet, 'getDevices'>;
  /** How many pushes may wait for their answer. */
  capacity: number;
  attended: AttendedTime;
}

const queueFullRetryMs = 1_000;
const plainQueueing: QueueTerms = { priority: 'normal', collapseKey: '', idempotencyKey: '' };

/** Carries durable commands: into the registry first, then to the worker that it names, or whenever the device comes. */
export class DurableCommands implements CommandEngine, Disposable {
  readonly #commands: Commands;
  readonly #registryClock: RegistryClock;
  readonly #confirmed: ConfirmedCommands;
  readonly #subscriptions: StatusSubscriptions;
  readonly #dispatch: DurableDispatch;
  readonly #devices: KnownDevices;
  readonly #puts: PutQueue;
  readonly #capacity: number;
  /** Those that are not in the registry yet, so far as somebody waits for them. */
  readonly #accepting = new Set<DurableSubmission>();
  /** The submissions that a drain waits for; before, nobody counts them. */
  #draining: InFlight | undefined;

  constructor(options: DurableCommandsOptions) {
    const { commands, fleet, clock, attended, capacity, outcomesKeptMs: keepEndedMs, logger } = options;
    const registryClock = new RegistryClock(clock);
    this.#commands = commands;
    this.#registryClock = registryClock;
    this.#capacity = capacity;
    const onRestored = (restored: readonly StoredCommand[]) => this.#onRestored(restored);
    this.#confirmed = new ConfirmedCommands({ commands, keepEndedMs, registryClock, onRestored, clock, logger });
    const reading = { getMany: (refs: readonly CommandRef[]) => this.#readMany(refs) };
    this.#subscriptions = new StatusSubscriptions({ commands: reading, registryClock, clock, attended });
    this.#dispatch = new DurableDispatch({
      ...options,
      subscriptions: this.#subscriptions,
      confirmed: this.#confirmed,
    });
    this.#devices = new KnownDevices(fleet, clock, capacity);
    this.#puts = new PutQueue(commands, registryClock, options, capacity);
  }

  /** Makes the worker of the session look for commands of the device, if it can be reached. */
  get dispatch(): Pick<DurableDispatch, 'wake'> {
    return this.#dispatch;
  }

  submit(submission: Submission, subscription: Subscription): Submitted {
    const submitted = new DurableSubmission(
      this,
      newCommand(submission, submission.hasChosenId),
      subscription,
      submission.trace,
    );
    const refusal = this.#refusal();
    if (refusal) submitted.onFailed(refusal);
    else {
      this.#accepting.add(submitted);
      this.#acceptKnown(submitted);
    }
    return submitted;
  }

  submitMany(commands: readonly SharedCommand[], terms: CommandTerms, subscription: Subscription): void {
    for (const { device, id, trace } of commands) {
      const command = newCommand({ device, id, ...terms }, false);
      const submitted = new DurableSubmission(this, command, subscription, trace);
      if (this.#draining) submitted.onFailed(stopping());
      else this.#put(submitted);
    }
  }

  releaseAll(listener: CommandListener): void {
    for (const submitted of this.#accepting) if (submitted.subscription.listener === listener) this.release(submitted);
    this.#subscriptions.removeAll(listener);
  }

  async cancel(ref: CommandRef, reason: string): Promise<Cancellation> {
    let cancelled = await this.#commands.cancel(ref.device, ref.id, reason);
    if (cancelled.kind === 'unknown' && (await this.#confirmed.restore(ref)))
      cancelled = await this.#commands.cancel(ref.device, ref.id, reason);
    if (cancelled.kind === 'unknown') return cancelled;
    this.#confirmed.onReported(cancelled.command);
    if (cancelled.kind === 'cancelled') meter.count(metrics.durableStatuses, 'OUTCOME_CANCELLED');
    this.#subscriptions.onStatus(ref, cancelled.command.status);
    if (cancelled.kind === 'asked' && cancelled.session) this.#dispatch.cancel(ref, cancelled.session, reason);
    return { kind: cancelled.kind, command: cancelled.command };
  }

  async find(ref: CommandRef): Promise<CommandRecord | undefined> {
    const [command] = await this.#readMany([ref]);
    return command;
  }

  /** The registry may have lost its last writes, and with them what callers were told. */
  repeatConfirmed(): void {
    this.#confirmed.repeat();
  }

  subscribe(command: CommandRef, subscription: Subscription): void {
    this.#subscriptions.ask(command, subscription);
  }

  unsubscribe(command: CommandRef, listener: CommandListener): void {
    this.#subscriptions.remove(command, listener);
  }

  onReport(channel: WorkerChannel, report: node.CommandReport): void {
    if (this.#dispatch.onReport(report)) return;
    const status = readReport(report, this.#registryClock.wallMs());
    if (status)
      this.#confirmed.onStatus({ device: report.deviceId as DeviceId, id: report.commandId as CommandId }, status);
    this.#subscriptions.onReport(report, status, channel.worker.nodeId);
  }

  /** Those that wait are answered with where their commands stand, as soon as the registry has these. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = new InFlight();
    this.#draining.add(this.#accepting.size);
    this.#subscriptions.answerAwaited();
    await this.#draining.drained(signal);
  }

  [Symbol.dispose](): void {
    this.#draining ??= new InFlight();
    this.#subscriptions.answerAwaited();
    for (const submitted of this.#accepting) submitted.onFailed(stopping());
    this.#subscriptions[Symbol.dispose]();
    this.#confirmed[Symbol.dispose]();
  }

  /** The registry has answered. */
  onPut(submitted: DurableSubmission, put: PutResult): void {
    const { command, subscription, trace } = submitted;
    if (!('command' in put)) return submitted.onFailed(this.#refusalOf(command, put));
    meter.count(metrics.commandsAccepted, 'durable');
    this.#confirmed.onAccepted(put.command, command.fingerprint);
    if (!submitted.isReleased) {
      submitted.stored = put.command;
      this.#subscriptions.add(put.command, subscription);
    }
    if (put.kind !== 'routed') trace?.endStep();
    else this.#dispatch.send(command, put.session, trace);
    this.#onAccepted(submitted);
    if (this.#draining) this.#subscriptions.answerAwaited();
  }

  onFailed(submitted: DurableSubmission, error: unknown): void {
    const { command, subscription, trace } = submitted;
    const { listener, tag } = subscription;
    trace?.endStep('not accepted');
    this.#onAccepted(submitted);
    if (!submitted.isReleased && !listener.closed) listener.onFailed(command, error, tag);
  }

  /** The command goes on; its listener does not wait for it. */
  release(submitted: DurableSubmission): void {
    submitted.isReleased = true;
    this.#onAccepted(submitted);
    if (submitted.stored) this.#subscriptions.remove(submitted.stored, submitted.subscription.listener);
  }

  /** A command that the registry has lost, and is given again, stands as it is remembered. */
  async #readMany(refs: readonly CommandRef[]): Promise<(StoredCommand | undefined)[]> {
    const found = await this.#commands.getMany(refs);
    return refs.map((ref, index) => {
      const command = found[index];
      if (command) this.#confirmed.onReported(command);
      return command ?? this.#confirmed.findLost(ref);
    });
  }

  #onRestored(commands: readonly StoredCommand[]): void {
    for (const { device, id, status } of commands) {
      // What is on its way, or with the device, has forgotten that it was to be cancelled.
      if (status.cancelRequested) this.cancel({ device, id }, status.reason).catch(() => undefined);
      else void this.#dispatch.wakeWherever(device);
    }
  }

  #acceptKnown(submitted: DurableSubmission): void {
    const { device } = submitted.command;
    if (this.#devices.has(device)) return this.#put(submitted);
    this.#devices.ask(device, (error) => {
      if (error !== undefined) submitted.onFailed(error);
      else if (!submitted.isReleased) this.#put(submitted);
    });
  }

  #put(submitted: DurableSubmission): void {
    const isTaken = this.#puts.add(submitted);
    if (!isTaken) submitted.onFailed(overloaded('too many durable commands wait for the registry'));
  }

  #onAccepted(submitted: DurableSubmission): void {
    if (this.#accepting.delete(submitted)) this.#draining?.remove();
  }

  #refusal(): PushfleetError | undefined {
    if (this.#draining) return stopping();
    if (this.#accepting.size + this.#subscriptions.awaited < this.#capacity) return undefined;
    return overloaded(`${this.#capacity} callers wait for durable commands`);
  }

  #refusalOf(command: NewCommand, put: Exclude<PutResult, { command: StoredCommand }>): PushfleetError {
    switch (put.kind) {
      case 'deleted':
        return deviceNotFound(command.device);
      case 'conflict':
        return conflict(command, put.id);
      case 'full':
        return queueFull(command, this.#puts.maxCommands);
      default:
        return put satisfies never;
    }
  }
}

/** A durable command on its way into the registry, and the listener that waits for it. */
class DurableSubmission implements PutRequest, Submitted {
  readonly command: NewCommand;
  readonly subscription: Subscription;
  /** The command that the listener hears of: another one where the idempotency key was known. */
  stored: CommandRef | undefined;
  isReleased = false;
  readonly trace: CommandTrace | undefined;
  readonly #owner: DurableCommands;

  constructor(
    owner: DurableCommands,
    command: NewCommand,
    subscription: Subscription,
    trace?: CommandTrace | undefined,
  ) {
    this.trace = trace;
    this.#owner = owner;
    this.command = command;
    this.subscription = subscription;
  }

  onPut(put: PutResult): void {
    this.#owner.onPut(this, put);
  }

  onFailed(error: unknown): void {
    this.#owner.onFailed(this, error);
  }

  release(): void {
    this.#owner.release(this);
  }
}

/** @param isCompared Submitted again, it must ask for the same. */
function newCommand(terms: CommandRef & CommandTerms, isCompared: boolean): NewCommand {
  const { id, device, operation, deliverWithinMs: ttlMs, finishWithinMs, queueing = plainQueueing } = terms;
  const { priority, collapseKey, idempotencyKey } = queueing;
  const asked = { operation, priority, collapseKey, ttlMs, finishWithinMs };
  const print = isCompared || idempotencyKey !== '' ? fingerprint(asked) : '';
  return { id, device, idempotencyKey, fingerprint: print, ...asked };
}

function conflict({ id, idempotencyKey }: NewCommand, known: CommandId): PushfleetError {
  const isById = id === known || idempotencyKey === '';
  return alreadyTaken(isById ? 'command_id' : 'idempotency_key', `command ${known} of this device`);
}

function queueFull({ device }: NewCommand, maxCommands: number): PushfleetError {
  const message = `no room in the queue of "${device}": it holds ${maxCommands} commands, or their size is at its limit`;
  return new PushfleetError('QUEUE_FULL', message, { retryAfterMs: queueFullRetryMs });
}

function stopping(): PushfleetError {
  return shuttingDown('another one takes commands');
}

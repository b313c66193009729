import type { CommandId, DeviceId, node, PushfleetError } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Clock,
  DeadlineWheel,
  InFlight,
  type Moment,
  meter,
  metrics,
  momentOf,
} from '@pushfleet/runtime';
import { alreadyTaken, commandNotFound, deviceNotFound, overloaded, shuttingDown } from '../../errors.ts';
import type { CommandIds } from '../command-id.ts';
import type {
  Cancellation,
  CommandEngine,
  CommandListener,
  CommandRecord,
  CommandRef,
  CommandTerms,
  SharedCommand,
  Submission,
  Submitted,
  Subscription,
} from '../engine.ts';
import { fingerprint } from '../push-request.ts';
import type { Route, Router } from '../router.ts';
import { cancelItem, discardItem } from '../workers/channel-batch.ts';
import type { WorkerChannel } from '../workers/worker-channel.ts';
import { CommandMemory } from './command-memory.ts';
import { advance, type CommandInput, type CommandState, isUnsent, wakeAt } from './command-state.ts';
import { CommandTable } from './command-table.ts';
import { acceptTerms, type CommandOwner, type Origin, PendingCommand } from './pending-command.ts';

const sweepMs = 20;

const madeId: Origin = { hasChosenId: false, isShared: false, isAlone: true };
const chosenId: Origin = { hasChosenId: true, isShared: false, isAlone: true };
const shared: Origin = { hasChosenId: false, isShared: true, isAlone: false };
const alone: Origin = { ...shared, isAlone: true };

export interface DirectCommandsOptions {
  /** Makes the ids of most commands. */
  ids: CommandIds;
  router: Router<WorkerChannel>;
  fleet: Pick<Fleet, 'getDevice'>;
  clock: Clock;
  attended: AttendedTime;
  /** How many commands may be in flight. */
  capacity: number;
}

/**
 * Carries direct commands to workers and collects what becomes of them. Everything about one command is decided by
 * `advance`; this class does what its states ask for.
 */
export class DirectCommands implements CommandEngine, CommandOwner, Disposable {
  readonly #options: DirectCommandsOptions;
  readonly #pending: CommandTable;
  readonly #wheel: DeadlineWheel<PendingCommand>;
  /** Reads a clock only where it is asked: most steps of a command ask for one of the two, or for none. */
  readonly #now: Moment;
  readonly #memory = new CommandMemory((command) => this.#forget(command));
  readonly #sweep: Disposable;
  /** Counts the commands that a drain waits for; `undefined` before the drain. */
  #draining: InFlight | undefined;

  constructor(options: DirectCommandsOptions) {
    this.#options = options;
    this.#pending = new CommandTable(options.ids);
    this.#now = movingMoment(options.clock);
    this.#wheel = new DeadlineWheel(sweepMs, options.clock.now());
    // Attended time: a report that a deadline waits for may lie unread in a channel.
    this.#sweep = options.attended.every(sweepMs, () => this.#onTime());
  }

  submit(submission: Submission, subscription: Subscription): Submitted {
    const terms = acceptTerms(submission, momentOf(this.#options.clock));
    if (!submission.hasChosenId) return this.#start(new PendingCommand(this, submission, terms, subscription, madeId));
    const known = this.#known(submission.id);
    if (known) return join(known, submission, subscription);
    return this.#start(new PendingCommand(this, submission, terms, subscription, chosenId));
  }

  submitMany(commands: readonly SharedCommand[], terms: CommandTerms, subscription: Subscription): void {
    const accepted = acceptTerms(terms, momentOf(this.#options.clock));
    for (const command of commands) {
      const origin = command.trace ? alone : shared;
      this.#start(new PendingCommand(this, command, accepted, subscription, origin));
    }
  }

  releaseAll(listener: CommandListener): void {
    for (const command of this.#pending.values()) command.releaseFor(listener);
  }

  /** Finds commands in flight, and those of the last minute for whose end nobody waited or whose id was chosen. */
  async find(ref: CommandRef): Promise<CommandRecord | undefined> {
    return this.#find(ref)?.record;
  }

  subscribe(ref: CommandRef, subscription: Subscription): void {
    this.#find(ref)?.observe(subscription);
  }

  unsubscribe(ref: CommandRef, listener: CommandListener): void {
    this.#find(ref)?.unsubscribe(listener);
  }

  async cancel(ref: CommandRef, reason: string): Promise<Cancellation> {
    const command = this.#find(ref);
    if (!command) return { kind: 'unknown' };
    const wasEnded = command.isEnded;
    this.apply(command, { kind: 'cancel', reason });
    if (!command.isEnded) void this.#sendCancel(command, reason);
    const kind = command.isEnded ? 'cancelled' : 'asked';
    return { kind: wasEnded ? 'ended' : kind, command: command.record };
  }

  onReport(channel: WorkerChannel, report: node.CommandReport): void {
    const command = this.#pending.get(report.commandId);
    if (command?.device !== report.deviceId) return;
    if (report.report === 'notHere' || report.report === 'unsent' || report.report === 'linkLost') {
      // Only the worker that the command was given to can say these.
      if (command.route?.channel !== channel) return;
      if (report.report !== 'unsent') this.#options.router.forget(command.device, command.route);
    } else if (command.route && command.route.channel !== channel) {
      // The device has come to another worker, and speaks of the command from there.
      command.route = { channel, epoch: command.route.epoch };
    }
    this.apply(command, { kind: 'report', report });
  }

  onChannelLost(channel: WorkerChannel): void {
    for (const command of this.#pending.values()) {
      if (command.route?.channel === channel) this.apply(command, { kind: 'channel-lost' });
    }
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#draining = new InFlight();
    this.#draining.add(this.#pending.size);
    for (const command of this.#pending.values()) if (!command.isAwaited) this.#drop(command);
    if (!(await this.#draining.drained(signal))) this.#giveUp();
  }

  [Symbol.dispose](): void {
    this.#giveUp();
    this.#sweep[Symbol.dispose]();
  }

  /** Brings the command into the state that follows, and does what that asks for. */
  apply(command: PendingCommand, input: CommandInput): void {
    const before = command.state;
    const state = advance(before, input, command.terms, this.#now);
    if (state === before) return;
    const isAwaited = command.isAwaited;
    command.enter(state);
    this.#measure(command, before, input);
    if (state.kind === 'ended') return this.#end(command, isAwaited);
    if (state.kind === 'routing') void this.#route(command, command.route);
    this.#wakeEarlier(command);
    if (!command.isAwaited) this.#onUnawaited(command);
  }

  /** Number of commands in flight. */
  get inFlight(): number {
    return this.#pending.size;
  }

  #measure({ state, terms }: PendingCommand, before: CommandState, input: CommandInput): void {
    if (state.kind !== 'ended' && state.kind !== 'confirmed') {
      const isStale = state.kind === 'routing' && input.kind === 'report' && input.report.report === 'notHere';
      if (isStale) meter.count(metrics.staleRoutes, '');
      return;
    }
    const { outcome } = state.status;
    const seconds = (this.#options.clock.now() - (terms.deliverByMs - terms.deliverWithinMs)) / 1_000;
    const isDelivered = state.kind === 'confirmed' || outcome === 'OUTCOME_SUCCEEDED' || outcome === 'OUTCOME_FAILED';
    if (isDelivered && before.kind !== 'confirmed') meter.observe(metrics.deliveredSeconds, '', seconds);
    if (state.kind === 'confirmed') return;
    meter.observe(metrics.endedSeconds, '', seconds);
    meter.count(metrics.commandsEnded, outcome as (typeof metrics.commandsEnded.values)[number]);
  }

  /** Withdraws the command if it is not on its way to the device yet, else sees it to its end as far as there is room. */
  letGo(command: PendingCommand): void {
    if (this.#pending.get(command.id) !== command || command.isAwaited) return;
    if (!command.isAnswered) this.#abandon(command);
    if (this.#pending.get(command.id) === command) this.#onUnawaited(command);
  }

  #start(command: PendingCommand): PendingCommand {
    const refusal = this.#refusal();
    if (refusal) {
      command.fail(refusal);
      return command;
    }
    this.#pending.add(command);
    meter.count(metrics.commandsAccepted, 'direct');
    this.#wheel.add(command, command.terms.deliverByMs);
    const route = this.#options.router.cached(command.device);
    if (route) this.#send(command, route);
    else void this.#route(command);
    return command;
  }

  #refusal(): PushfleetError | undefined {
    if (this.#draining) return shuttingDown('another one takes commands');
    const { capacity } = this.#options;
    // Those for whose end nobody waits are bounded apart.
    if (this.#pending.size < capacity || this.#pending.size - this.#memory.unawaited < capacity) return undefined;
    return overloaded(`${capacity} commands are in flight`);
  }

  #find({ device, id }: CommandRef): PendingCommand | undefined {
    const command = this.#known(id);
    return command?.device === device ? command : undefined;
  }

  /** The command of that id, whichever its device. */
  #known(id: CommandId): PendingCommand | undefined {
    return this.#pending.get(id) ?? this.#memory.ended(id);
  }

  #abandon(command: PendingCommand): void {
    this.apply(command, { kind: 'abandon' });
    const { device: deviceId, id: commandId } = command;
    if (command.state.kind === 'sent') command.route?.channel.add(discardItem({ deviceId, commandId }));
  }

  #end(command: PendingCommand, wasAwaited: boolean): void {
    this.#drop(command);
    if (!wasAwaited || command.origin.hasChosenId) this.#memory.remember(command, this.#options.clock.now());
  }

  #onUnawaited(command: PendingCommand): void {
    if (this.#draining) this.#drop(command);
    else this.#memory.keepUnawaited(command);
  }

  #drop(command: PendingCommand): void {
    if (!this.#pending.delete(command)) return;
    this.#wheel.remove(command);
    if (command.isUnawaited) this.#memory.release(command);
    this.#draining?.remove();
  }

  /** Drops a command in flight for which there is no room any longer. */
  #forget(command: PendingCommand): void {
    this.#drop(command);
    command.fail(commandNotFound(command.id));
  }

  #send(command: PendingCommand, route: Route<WorkerChannel>): void {
    const isFirst = command.route === undefined;
    // Set before it is queued: the channel writes the command with its route.
    command.route = route;
    const { kind } = command.state;
    if (route.channel.add(command)) this.apply(command, { kind: 'queued' });
    else if (isFirst && kind === 'routing') this.#refuse(command, overloaded("the push server's queue is full"));
    else this.apply(command, { kind: 'no-room' });
  }

  async #route(command: PendingCommand, failed?: Route<WorkerChannel>): Promise<void> {
    try {
      const found = await this.#options.router.find(command.device, failed);
      if (found.kind === 'absent' && !failed && !command.origin.isShared) await this.#assertKnown(command.device);
      if (command.state.kind !== 'routing') return;
      if (found.kind === 'route') this.#send(command, found.route);
      else this.apply(command, { kind: 'no-route', reason: reasonOf(found) });
    } catch (error) {
      if (command.state.kind !== 'routing') return;
      if (failed) this.apply(command, { kind: 'no-route', reason: 'the device moved and could not be looked up' });
      else this.#refuse(command, error);
    }
  }

  async #assertKnown(device: DeviceId): Promise<void> {
    if (!(await this.#options.fleet.getDevice(device))) throw deviceNotFound(device);
  }

  /** A device whose link was lost may be on another worker by now. */
  async #sendCancel(command: PendingCommand, reason: string): Promise<void> {
    const item = cancelItem({ deviceId: command.device, commandId: command.id, reason });
    if (command.state.kind !== 'lost' && command.route?.channel.add(item)) return;
    try {
      const found = await this.#options.router.find(command.device);
      if (found.kind === 'route') found.route.channel.add(item);
    } catch {
      // The registry does not answer. The command says that it is to be cancelled; who asked can ask again.
    }
  }

  #refuse(command: PendingCommand, error: unknown): void {
    this.#drop(command);
    command.fail(error);
  }

  #onTime(): void {
    const nowMs = this.#options.clock.now();
    for (const command of this.#wheel.takeDue(nowMs)) {
      this.#wheel.add(command, wakeAt(command.state, command.terms));
      this.apply(command, { kind: 'time' });
    }
    this.#memory.dropOld(nowMs);
  }

  /** A later wake-up needs no move: the earlier one finds nothing to do and looks again. */
  #wakeEarlier(command: PendingCommand): void {
    const atMs = wakeAt(command.state, command.terms);
    if (atMs < this.#wheel.dueAt(command)) this.#wheel.move(command, atMs);
  }

  /** Tells those who wait for what is still in flight that no more will be known. */
  #giveUp(): void {
    for (const command of this.#pending.values()) {
      if (isUnsent(command.state)) this.#refuse(command, shuttingDown('another one takes commands'));
      else this.apply(command, { kind: 'stopping' });
    }
  }
}

function join(known: PendingCommand, submission: Submission, subscription: Subscription): Submitted {
  const isSame = known.device === submission.device && asked(known.terms) === asked(submission);
  if (isSame) return known.join(subscription);
  subscription.listener.onFailed(submission, alreadyTaken('command_id', 'another direct command'), subscription.tag);
  return { release: () => {} };
}

function asked({ operation, deliverWithinMs, finishWithinMs }: CommandTerms): string {
  return fingerprint({ operation, deliverWithinMs, finishWithinMs });
}

function reasonOf(found: { kind: 'absent' } | { kind: 'unreachable'; nodeId: string }): string {
  return found.kind === 'absent' ? '' : `push server "${found.nodeId}" cannot be reached`;
}

/** The present, whenever it is read. */
function movingMoment(clock: Clock): Moment {
  return {
    get nowMs() {
      return clock.now();
    },
    get wallMs() {
      return clock.wallMs();
    },
  };
}

import { type CommandId, type DeviceId, type node, PushfleetError } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import { type AttendedTime, type Clock, DeadlineWheel, momentOf } from '@pushfleet/runtime';
import type { Caller } from './caller.ts';
import { advance, answerOf, type CommandInput, isUnsent, wakeAt } from './command.ts';
import { CancelParcel, DiscardParcel } from './courier/orders.ts';
import type { Parcel } from './courier/outgoing.ts';
import type { WorkerChannel } from './courier/worker-channel.ts';
import { DirectMemory } from './direct-memory.ts';
import { PendingCommand, type PendingOptions } from './pending-command.ts';
import { overloaded, shuttingDown } from './refusal.ts';
import type { Route, Router } from './router.ts';

const sweepMs = 20;

export interface DispatcherOptions {
  router: Router<WorkerChannel>;
  fleet: Pick<Fleet, 'getDevice'>;
  clock: Clock;
  attended: AttendedTime;
  /** How many commands may be under way. */
  capacity: number;
}

/**
 * Carries direct commands to workers and collects what becomes of them. Everything about one command is decided by
 * `advance`; this class does what its states ask for.
 */
export class Dispatcher implements Disposable {
  readonly #options: DispatcherOptions;
  readonly #pending = new Map<string, PendingCommand>();
  readonly #wheel: DeadlineWheel<PendingCommand>;
  readonly #memory = new DirectMemory((command) => this.#forget(command));
  readonly #sweep: Disposable;
  #drained: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#wheel = new DeadlineWheel(sweepMs, options.clock.now());
    // What lies in the channels may be the word that a deadline is waiting for.
    this.#sweep = options.attended.every(sweepMs, () => this.#onTime());
  }

  /** How many commands are under way. */
  get size(): number {
    return this.#pending.size;
  }

  /** Under way, or one of the last whose caller did not wait for the end. */
  find(device: DeviceId, id: string): PendingCommand | undefined {
    const command = this.known(id as CommandId);
    return command?.device === device ? command : undefined;
  }

  /** As `find`, of whichever device. */
  known(id: CommandId): PendingCommand | undefined {
    return this.#pending.get(id) ?? this.#memory.ended(id);
  }

  /**
   * Whoever waits for it is told: of a refusal (DEVICE_NOT_FOUND, OVERLOADED, REGISTRY_UNAVAILABLE, SHUTTING_DOWN),
   * which may be before this returns, or of what the command has come to.
   */
  start(options: PendingOptions): PendingCommand {
    const command = new PendingCommand(options);
    const refusal = this.#refusal();
    if (refusal) {
      command.refuse(refusal);
      return command;
    }
    this.#pending.set(command.id, command);
    this.#wheel.add(command, command.deliverByMs);
    const route = this.#options.router.cached(command.device);
    if (route) this.#send(command, route);
    else void this.#route(command);
    return command;
  }

  /**
   * Nobody waits for it any longer: it is withdrawn if it is not on its way to the device yet, and otherwise seen to its
   * end as far as there is room for that.
   */
  letGo(command: PendingCommand): void {
    if (!this.#pending.has(command.id) || command.isAwaited) return;
    if (!command.answered) this.#abandon(command);
    if (this.#pending.has(command.id)) this.#onUnawaited(command);
  }

  /** The same for all that a caller waited for. */
  onCallerGone(caller: Caller): void {
    for (const command of this.#pending.values()) if (command.caller === caller) this.letGo(command);
  }

  /** `undefined`: there is no such command here. */
  cancel(device: DeviceId, id: string, reason: string): PendingCommand | undefined {
    const command = this.find(device, id);
    if (!command) return undefined;
    this.#apply(command, { kind: 'cancel', reason });
    if (command.state.kind !== 'ended') void this.#tellToCancel(command, reason);
    return command;
  }

  onWritten(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) if (parcel instanceof PendingCommand) this.#apply(parcel, { kind: 'written' });
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
    this.#apply(command, { kind: 'report', report });
  }

  onLost(channel: WorkerChannel): void {
    for (const command of this.#pending.values()) {
      if (command.route?.channel === channel) this.#apply(command, { kind: 'channel-lost' });
    }
  }

  /** Takes no more commands, and waits until the callers of all have been answered. */
  async drain(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    for (const command of this.#pending.values()) if (!command.isAwaited) this.#drop(command);
    if (this.#pending.size === 0) return;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (!signal.aborted) await promise;
    this.#giveUp();
  }

  [Symbol.dispose](): void {
    this.#giveUp();
    this.#sweep[Symbol.dispose]();
  }

  #refusal(): PushfleetError | undefined {
    if (this.#drained) return shuttingDown();
    const { capacity } = this.#options;
    const awaited = this.#pending.size - this.#memory.unawaited;
    return awaited >= capacity ? overloaded(`${capacity} commands are under way`) : undefined;
  }

  /** Does what the new state asks for. */
  #apply(command: PendingCommand, input: CommandInput): void {
    const before = command.state;
    const state = advance(before, input, command, momentOf(this.#options.clock));
    if (state === before) return;
    command.enter(state);
    const answer = command.answered ? undefined : answerOf(state, command.wait);
    const toldTheEnd = state.kind === 'ended' && command.isAwaited;
    if (answer) command.answer(answer);
    if (state.kind === 'routing') void this.#route(command, command.route);
    if (state.kind === 'ended') this.#end(command, toldTheEnd);
    else {
      this.#wakeEarlier(command);
      if (!command.isAwaited) this.#onUnawaited(command);
    }
  }

  #abandon(command: PendingCommand): void {
    this.#apply(command, { kind: 'abandon' });
    if (command.state.kind === 'sent') command.route?.channel.add(new DiscardParcel(command.device, command.id));
  }

  #end(command: PendingCommand, told: boolean): void {
    this.#drop(command);
    if (!told || command.isNamed) this.#memory.remember(command, this.#options.clock.now());
  }

  #onUnawaited(command: PendingCommand): void {
    if (this.#drained) this.#drop(command);
    else this.#memory.keepUnawaited(command);
  }

  #drop(command: PendingCommand): void {
    this.#pending.delete(command.id);
    this.#wheel.remove(command);
    this.#memory.release(command);
    if (this.#pending.size === 0) this.#drained?.();
  }

  /** There is no room to see it to its end. */
  #forget(command: PendingCommand): void {
    this.#drop(command);
    if (command.watchers) for (const watcher of command.watchers) watcher(false);
  }

  #send(command: PendingCommand, route: Route<WorkerChannel>): void {
    const isFirst = command.route === undefined;
    // Set before it is queued: the channel packs the command with its route.
    command.route = route;
    const { kind } = command.state;
    if (route.channel.add(command)) this.#apply(command, { kind: 'queued' });
    else if (isFirst && kind === 'routing') this.#refuse(command, overloaded("the push server's queue is full"));
    else this.#apply(command, { kind: 'no-room' });
  }

  async #route(command: PendingCommand, failed?: Route<WorkerChannel>): Promise<void> {
    try {
      const found = await this.#options.router.find(command.device, failed);
      if (found.kind === 'absent' && !failed && !command.follower) await this.#assertKnown(command.device);
      if (command.state.kind !== 'routing') return;
      if (found.kind === 'route') this.#send(command, found.route);
      else this.#apply(command, { kind: 'no-route', reason: reasonOf(found) });
    } catch (error) {
      if (command.state.kind !== 'routing') return;
      if (failed) this.#apply(command, { kind: 'no-route', reason: 'the device moved and could not be looked up' });
      else this.#refuse(command, error);
    }
  }

  async #assertKnown(device: DeviceId): Promise<void> {
    if (await this.#options.fleet.getDevice(device)) return;
    throw new PushfleetError('DEVICE_NOT_FOUND', `there is no device "${device}"`, { field: 'device_id' });
  }

  /** A device whose link was lost may be on another worker by now. */
  async #tellToCancel(command: PendingCommand, reason: string): Promise<void> {
    const order = new CancelParcel(command.device, command.id, reason);
    if (command.state.kind !== 'lost' && command.route?.channel.add(order)) return;
    try {
      const found = await this.#options.router.find(command.device);
      if (found.kind === 'route') found.route.channel.add(order);
    } catch {
      // The registry does not answer. The command says that it is to be cancelled; who asked can ask again.
    }
  }

  #refuse(command: PendingCommand, error: unknown): void {
    this.#drop(command);
    command.refuse(error);
  }

  #onTime(): void {
    const nowMs = this.#options.clock.now();
    for (const command of this.#wheel.takeDue(nowMs)) {
      this.#wheel.add(command, wakeAt(command.state, command));
      this.#apply(command, { kind: 'time' });
    }
    this.#memory.dropOld(nowMs);
  }

  /** A later wake-up needs no move: the earlier one finds nothing to do and looks again. */
  #wakeEarlier(command: PendingCommand): void {
    const atMs = wakeAt(command.state, command);
    if (atMs < this.#wheel.dueAt(command)) this.#wheel.move(command, atMs);
  }

  /** Tells the callers of what is still under way that no more will be known. */
  #giveUp(): void {
    for (const command of this.#pending.values()) {
      if (isUnsent(command.state)) this.#refuse(command, shuttingDown());
      else this.#apply(command, { kind: 'stopping' });
    }
  }
}

function reasonOf(found: { kind: 'absent' } | { kind: 'unreachable'; nodeId: string }): string {
  return found.kind === 'absent' ? '' : `push server "${found.nodeId}" cannot be reached`;
}

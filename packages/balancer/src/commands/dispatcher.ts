import { type admin, type node, PushfleetError } from '@pushfleet/protocol';
import type { Fleet } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { advance, answerOf, type CommandInput, isUnsent, wakeAt } from './command.ts';
import type { ChannelEvents } from './courier/worker-channel.ts';
import { DeadlineWheel } from './deadline-wheel.ts';
import { type Audience, type Channel, PendingCommand } from './pending-command.ts';
import type { Push } from './push.ts';
import type { Route, Router } from './router.ts';

const sweepMs = 20;
const overloadedRetryMs = 1_000;

export interface DispatcherOptions {
  router: Router<Channel>;
  fleet: Pick<Fleet, 'getDevice'>;
  clock: Clock;
  /** How many commands may be under way. */
  capacity: number;
}

/**
 * Carries direct commands to workers and collects what becomes of them. Everything about one command is decided by
 * `advance`; this class does what its states ask for.
 */
export class Dispatcher implements Omit<ChannelEvents<PendingCommand>, 'onMoveReport' | 'onTunnelArrival'>, Disposable {
  readonly #options: DispatcherOptions;
  readonly #pending = new Map<string, PendingCommand>();
  readonly #wheel: DeadlineWheel<PendingCommand>;
  readonly #sweep: Disposable;
  #drained: (() => void) | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#wheel = new DeadlineWheel(sweepMs, options.clock.now());
    this.#sweep = options.clock.every(sweepMs, () => this.#onTime());
  }

  /** How many commands are under way. */
  get size(): number {
    return this.#pending.size;
  }

  /**
   * Resolves when the awaited step is reached or the command ends.
   * @throws PushfleetError DEVICE_NOT_FOUND, OVERLOADED, REGISTRY_UNAVAILABLE, SHUTTING_DOWN: nothing was sent.
   */
  async push(push: Push, audience: Audience): Promise<admin.PushResponseInit> {
    this.#assertRoom();
    const command = new PendingCommand(push, audience, this.#options.clock.now());
    this.#pending.set(command.id, command);
    this.#wheel.add(command, command.deadlines.deliverByMs);
    const route = this.#options.router.cached(push.deviceId);
    if (route) this.#send(command, route);
    else void this.#route(command);
    return command.response;
  }

  onWritten(commands: readonly PendingCommand[]): void {
    for (const command of commands) this.#apply(command, { kind: 'written' });
  }

  onReport(channel: Channel, report: node.CommandReport): void {
    const command = this.#pending.get(report.commandId);
    if (command?.push.deviceId !== report.deviceId) return;
    if (report.report === 'notHere' || report.report === 'unsent' || report.report === 'linkLost') {
      // Only the worker that the command was given to can say these.
      if (command.route?.channel !== channel) return;
      if (report.report !== 'unsent') this.#options.router.forget(command.push.deviceId, command.route);
    }
    this.#apply(command, { kind: 'report', report });
  }

  onLost(channel: Channel): void {
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

  #assertRoom(): void {
    if (this.#drained) throw shuttingDown();
    const { capacity } = this.#options;
    if (this.#pending.size >= capacity) throw overloaded(`${capacity} commands are under way`);
  }

  /** Does what the new state asks for. */
  #apply(command: PendingCommand, input: CommandInput): void {
    const { clock } = this.#options;
    const before = command.state;
    const state = advance(before, input, command.deadlines, clock.now());
    if (state === before) return;
    command.state = state;
    const answer = command.answered ? undefined : answerOf(state, command.push.wait);
    if (answer) command.answer(answer);
    if (state.kind === 'routing') void this.#route(command, command.route);
    if (state.kind === 'ended' || this.#isOfNoUse(command)) this.#drop(command);
    else this.#wakeEarlier(command);
  }

  /** Nobody waits for it, and nothing remains to be done for it. */
  #isOfNoUse(command: PendingCommand): boolean {
    if (command.isAwaited) return false;
    return this.#drained !== undefined || command.state.kind === 'confirmed' || command.state.kind === 'lost';
  }

  #drop(command: PendingCommand): void {
    this.#pending.delete(command.id);
    this.#wheel.remove(command);
    if (this.#pending.size === 0) this.#drained?.();
  }

  #send(command: PendingCommand, route: Route<Channel>): void {
    const isFirst = command.route === undefined;
    // Set before it is queued: the channel packs the command with its route.
    command.route = route;
    const { kind } = command.state;
    if (route.channel.add(command)) this.#apply(command, { kind: 'queued' });
    else if (isFirst && kind === 'routing') this.#refuse(command, overloaded("the push server's queue is full"));
    else this.#apply(command, { kind: 'no-room' });
  }

  async #route(command: PendingCommand, failed?: Route<Channel>): Promise<void> {
    try {
      const found = await this.#options.router.find(command.push.deviceId, failed);
      if (found.kind === 'absent' && !failed) await this.#assertKnown(command);
      if (command.state.kind !== 'routing') return;
      if (found.kind === 'route') this.#send(command, found.route);
      else this.#apply(command, { kind: 'no-route', reason: reasonOf(found) });
    } catch (error) {
      if (command.state.kind !== 'routing') return;
      if (failed) this.#apply(command, { kind: 'no-route', reason: 'the device moved and could not be looked up' });
      else this.#refuse(command, error);
    }
  }

  async #assertKnown({ push: { deviceId } }: PendingCommand): Promise<void> {
    if (await this.#options.fleet.getDevice(deviceId)) return;
    throw new PushfleetError('DEVICE_NOT_FOUND', `there is no device "${deviceId}"`, { field: 'device_id' });
  }

  #refuse(command: PendingCommand, error: unknown): void {
    this.#drop(command);
    command.refuse(error);
  }

  #onTime(): void {
    const nowMs = this.#options.clock.now();
    for (const command of this.#wheel.takeDue(nowMs)) {
      this.#wheel.add(command, wakeAt(command.state, command.deadlines));
      this.#apply(command, { kind: 'time' });
    }
  }

  /** A later wake-up needs no move: the earlier one finds nothing to do and looks again. */
  #wakeEarlier(command: PendingCommand): void {
    const atMs = wakeAt(command.state, command.deadlines);
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

function overloaded(message: string): PushfleetError {
  return new PushfleetError('OVERLOADED', message, { retryAfterMs: overloadedRetryMs });
}

function shuttingDown(): PushfleetError {
  return new PushfleetError('SHUTTING_DOWN', 'the balancer is stopping; another one takes commands');
}

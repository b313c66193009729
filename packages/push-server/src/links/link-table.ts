import {
  type CloseReason,
  type CommandId,
  type DeviceId,
  type Epoch,
  type GroupPath,
  limits,
  type NodeId,
} from '@pushfleet/protocol';
import type { HeartbeatDelta, PushServerRegistry, WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Barrier,
  type Clock,
  DeadlineWheel,
  type Logger,
  meter,
  metrics,
  unscheduled,
} from '@pushfleet/runtime';
import type { PushedCommand } from '../session/command.ts';
import { onClock } from '../session/on-clock.ts';
import { type ClusterInput, onCluster } from '../session/on-cluster.ts';
import { onDevice } from '../session/on-device.ts';
import {
  createSession,
  type Effect,
  endsAtMs,
  hasCommands,
  isLive,
  type RedirectTarget,
  type ReportEffect,
  type SessionDeadlines,
  type Ticket,
} from '../session/session.ts';
import type { TicketVerdict } from '../tickets/verifier.ts';
import { Admission } from './admission.ts';
import { heldEpoch, type Link, type LinkEntry, maxBufferedBytes, type OnInput, ticketGeneration } from './link.ts';
import { LiveSessions } from './live-sessions.ts';
import type { SessionCloser } from './session-closer.ts';

/** A target; `undefined`: the device asks a balancer for one; `stay`: the device is not redirected. */
export type RedirectDecision = RedirectTarget | undefined | 'stay';
export type DecideRedirect = (ticket: Ticket) => Promise<RedirectDecision>;

export interface LinkTableOptions {
  self: WorkerRef;
  capacity: number;
  sessions: PushServerRegistry['sessions'];
  closer: SessionCloser;
  verifyTicket(token: string, remote: string): Promise<TicketVerdict>;
  /** Reserves a place on another push server, for a device that finds no room here or must leave. */
  findRedirectTarget(ticket: Ticket): Promise<RedirectTarget | undefined>;
  /** Makes the worker `from` close the device's session there. @param newerIsGone The link here has ended already. */
  evict(device: DeviceId, epoch: Epoch, from: WorkerRef, newerIsGone: boolean): void;
  /** Ends the links of a device on some push servers, whichever worker has them; see LostOpenings. */
  evictFormer(device: DeviceId, epoch: Epoch, nodes: ReadonlySet<NodeId>): Promise<void>;
  report(effect: ReportEffect, from: LinkEntry): void;
  /** Called where the registry holds durable commands for a device whose session was just opened. */
  onCommandsWaiting(device: DeviceId): void;
  /** Called for a device whose session was just opened, and lives, with the group that it is in. */
  onOpened?(device: DeviceId, group: GroupPath): void;
  barrier: Barrier;
  clock: Clock;
  /** The clock by which devices are judged. */
  attended: AttendedTime;
  logger: Logger;
}

const deadlines: SessionDeadlines = { greetingMs: limits.greetingDeadlineMs, attachMs: 60_000 };

/** The delay with which a silent link may be ended. */
const wheelStepMs = 1_000;

/** All links of a worker: gives each session its inputs, and performs their effects. No other place connects the two. */
export class LinkTable implements Disposable {
  readonly #options: LinkTableOptions;
  readonly #entries = new Set<LinkEntry>();
  readonly #live: LiveSessions;
  /** The links with an open session, by device. */
  readonly #byDevice: ReadonlyMap<DeviceId, LinkEntry>;
  readonly #admission: Admission;
  /** The links, by the time at which silence ends them: most are silent, and none is looked at before. */
  readonly #wheel: DeadlineWheel<LinkEntry>;
  /** The links with commands in flight, which are looked at every second. */
  readonly #busy = new Set<LinkEntry>();
  #queueBytes = 0;

  constructor(options: LinkTableOptions) {
    this.#options = options;
    this.#live = new LiveSessions({ ...options, input: (entry, input) => this.#input(entry, input) });
    this.#byDevice = this.#live.entries;
    this.#admission = new Admission({
      ...options,
      live: this.#byDevice,
      nodeId: () => this.#live.self.nodeId,
      close: (entry) => this.#close(entry, 'tooManyLinks'),
    });
    this.#wheel = new DeadlineWheel(wheelStepMs, options.attended.now());
  }

  [Symbol.dispose](): void {
    this.#live[Symbol.dispose]();
  }

  /** Number of links of known devices that there may be. When it shrinks, those that are too many stay until they are redirected. */
  get capacity(): number {
    return this.#admission.capacity;
  }

  set capacity(links: number) {
    this.#admission.capacity = links;
  }

  /** Number of open sessions. */
  get live(): number {
    return this.#byDevice.size;
  }

  /** Number of all links, those of devices that are not known yet included. */
  get links(): number {
    return this.#entries.size;
  }

  /** Bytes that wait for links with commands in flight, at the last tick. */
  get queueBytes(): number {
    return this.#queueBytes;
  }

  /** Removes and returns what happened to sessions since the last call. */
  takeDelta(): HeartbeatDelta {
    return this.#live.takeDelta();
  }

  /**
   * Asserts every live session in the registry, from now on as `at`, after the registry has lost them or the worker has got a
   * new boot id. Links whose devices have newer sessions are closed. Resolves once all are asserted.
   */
  reassert(at: WorkerRef): Promise<void> {
    return this.#live.reassert(at);
  }

  accept(link: Link, port: number): OnInput {
    const { clock, attended } = this.#options;
    const session = createSession(attended.now(), deadlines);
    const entry: LinkEntry = {
      session,
      link,
      port,
      device: undefined,
      unattached: undefined,
      isBusy: false,
      ...unscheduled,
    };
    this.#entries.add(entry);
    this.#wheel.add(entry, endsAtMs(session));
    return (input) => this.#perform(entry, onDevice(session, input, clock.now(), attended.now()));
  }

  /** Epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number {
    return heldEpoch(this.#byDevice.get(device));
  }

  /** Sends a command to a device whose epoch was just asked for. */
  push(device: DeviceId, command: PushedCommand): void {
    const entry = this.#byDevice.get(device);
    if (entry) this.#input(entry, { kind: 'push', command });
  }

  /** Cancels a command. Does nothing where the device has no live link here. */
  cancel(device: DeviceId, command: CommandId, reason: string): void {
    const entry = this.#byDevice.get(device);
    if (entry) this.#input(entry, { kind: 'cancel', command, reason });
  }

  /** Drops a command that is not written to the link yet. Does nothing otherwise. */
  discard(device: DeviceId, command: CommandId): void {
    const entry = this.#byDevice.get(device);
    if (entry) this.#input(entry, { kind: 'discard', command });
  }

  /** The result of a durable command, which came over this link, is stored. */
  acknowledge(link: LinkEntry, command: CommandId): void {
    this.#input(link, { kind: 'result-received', command });
  }

  /**
   * The device has a newer session elsewhere: closes its link here, if the epoch of that is `epoch` or lower.
   * @param newerIsGone The newer link has ended already: the device is told that it may come back.
   */
  evict(device: DeviceId, epoch: Epoch, newerIsGone = false): boolean {
    return this.#live.evict(device, epoch, newerIsGone ? 'sessionEnded' : 'sessionTakenOver');
  }

  /**
   * Closes the device's links that came with a ticket of an earlier generation, whether or not they take commands. No such
   * ticket opens another one.
   */
  voidTickets(device: DeviceId, generation: number): void {
    this.#admission.voidTickets(device, generation);
    const live = this.#byDevice.get(device);
    for (const entry of [...this.#admission.unattached.of(device), ...(live ? [live] : [])]) {
      if ((ticketGeneration(entry) ?? generation) < generation) this.#close(entry, 'ticketVoid');
    }
  }

  /**
   * Asserts the session that this worker holds for the device, if it does: the registry may have ended it, or be about to.
   * @param afterMs At most a minute; longer is taken for that.
   */
  checkSession(device: DeviceId, afterMs = 0): void {
    this.#live.check(device, afterMs);
  }

  /** To be called about once a second. */
  tick(): void {
    const { clock, attended } = this.#options;
    const [nowMs, attendedMs] = [clock.now(), attended.now()];
    for (const entry of this.#wheel.takeDue(attendedMs)) {
      // Its device may have been heard meanwhile: then it is only put where it belongs by now.
      this.#wheel.add(entry, endsAtMs(entry.session));
      this.#perform(entry, onClock(entry.session, nowMs, attendedMs));
    }
    for (const entry of this.#busy) this.#perform(entry, onClock(entry.session, nowMs, attendedMs));
    this.#queueBytes = this.#busy.values().reduce((sum, entry) => sum + queueBytesOf(entry), 0);
    this.#live.tick(nowMs);
  }

  /** Redirects a live device. `false`: the device has no live link here, or stays. */
  async redirect(
    device: DeviceId,
    reason: CloseReason,
    decide: DecideRedirect = this.#options.findRedirectTarget,
  ): Promise<boolean> {
    const entry = this.#byDevice.get(device);
    if (entry?.session.state.kind !== 'live') return false;
    const target = await decide(entry.session.state.ticket);
    if (target === 'stay' || !isLive(entry.session)) return false;
    this.#input(entry, target ? { kind: 'close', reason, target } : { kind: 'close', reason });
    return true;
  }

  /** Devices with a live link; with `test`, those that came with such a ticket over such a port. */
  liveDevices(test?: (ticket: Ticket, port: number) => boolean): DeviceId[] {
    return this.#live.devices(test);
  }

  closeAll(reason: CloseReason): void {
    for (const entry of this.#entries) this.#close(entry, reason);
  }

  #close(entry: LinkEntry, reason: CloseReason): void {
    this.#input(entry, { kind: 'close', reason });
  }

  #input(entry: LinkEntry, input: ClusterInput): void {
    const { clock, attended } = this.#options;
    this.#perform(entry, onCluster(entry.session, input, clock.now(), attended.now()));
  }

  #perform(entry: LinkEntry, effects: readonly Effect[]): void {
    this.#admission.unattached.update(entry);
    this.#reschedule(entry);
    for (const effect of effects) {
      // Not by `barrier.run`: this runs for every message, and would make two closures each time.
      try {
        this.#performOne(entry, effect, effects);
      } catch (error) {
        this.#options.barrier.report('session effect', error);
        // What is still to be done, above all the end of the link, is done all the same.
        this.#close(entry, 'internalError');
      }
    }
  }

  #reschedule(entry: LinkEntry): void {
    const isBusy = hasCommands(entry.session);
    if (isBusy !== entry.isBusy) this.#busy[isBusy ? 'add' : 'delete'](entry);
    entry.isBusy = isBusy;
    const atMs = endsAtMs(entry.session);
    // A later end needs no move: the earlier look finds nothing to do.
    if (entry.session.state.kind === 'ended') this.#wheel.remove(entry);
    else if (atMs + wheelStepMs <= this.#wheel.dueAt(entry)) this.#wheel.move(entry, atMs);
  }

  #performOne(entry: LinkEntry, effect: Effect, effects: readonly Effect[]): void {
    const options = this.#options;
    switch (effect.kind) {
      case 'send':
        return this.#send(entry, effect);
      case 'verify-ticket':
        return this.#verifyTicket(entry, effect.ticket);
      case 'open-session':
        return this.#await(entry, 'session', this.#live.open(entry, effect));
      case 'close-session':
        return this.#live.close(entry, effect, reasonOf(effects));
      case 'evict':
        return options.evict(effect.device, effect.previous.epoch, effect.previous, effect.isGone === true);
      case 'report':
        return options.report(effect, entry);
      case 'end':
        return this.#end(entry, effect);
      default:
        return effect satisfies never;
    }
  }

  // A method of its own: a closure in `#performOne` would cost every effect the memory that it captures.
  #verifyTicket(entry: LinkEntry, ticket: string): void {
    const answer = this.#admission.admit(ticket, entry.link.remote, (input) => this.#input(entry, input));
    this.#await(entry, 'ticket', answer);
  }

  #await(entry: LinkEntry, place: string, answer: Promise<void>): void {
    const onFault = () => this.#close(entry, 'internalError');
    void this.#options.barrier.runAsync(place, () => answer, onFault);
  }

  #send(entry: LinkEntry, { message }: Extract<Effect, { kind: 'send' }>): void {
    entry.link.send(message);
    if (entry.link.bufferedBytes > maxBufferedBytes) this.#close(entry, 'tooSlow');
  }

  #end(entry: LinkEntry, { reason, target }: Extract<Effect, { kind: 'end' }>): void {
    meter.count(metrics.linksEnded, reason);
    this.#entries.delete(entry);
    this.#live.remove(entry);
    entry.link.end(reason, target);
    this.#options.logger.debug({ address: entry.link.remote, reason }, 'link ended');
  }
}

/** The reason with which the link ends; `goodbye` where it goes on. */
function reasonOf(effects: readonly Effect[]): CloseReason {
  return effects.find((effect) => effect.kind === 'end')?.reason ?? 'goodbye';
}

function queueBytesOf({ session: { state }, link }: LinkEntry): number {
  const waitingBytes = state.kind === 'live' ? (state.outbox?.waitingBytes ?? 0) : 0;
  return waitingBytes + link.bufferedBytes;
}

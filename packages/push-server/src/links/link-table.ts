import { type CloseReason, type CommandId, type DeviceId, type Epoch, limits } from '@pushfleet/protocol';
import type { AssertVerdict, HeartbeatDelta, OpenedSession, WorkerRef } from '@pushfleet/registry';
import { DeadlineWheel } from '@pushfleet/runtime';
import type { PushedCommand } from '../session/command.ts';
import { onClock } from '../session/on-clock.ts';
import { type ClusterSaid, onCluster } from '../session/on-cluster.ts';
import { onDevice } from '../session/on-device.ts';
import {
  createSession,
  type Effect,
  type Elsewhere,
  endsAt,
  hasCommands,
  isLive,
  type SessionDeadlines,
} from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';
import { Admission } from './admission.ts';
import { type Link, type Listen, maxBufferedBytes } from './link.ts';
import { heldEpoch, heldSession, type LinkEntry, ticketGeneration } from './link-entry.ts';
import type { LinkSurroundings } from './link-surroundings.ts';
import { Rounds } from './rounds.ts';
import { SessionAsserter } from './session-asserter.ts';
import { SessionTeller } from './session-teller.ts';
import { UnattachedLinks } from './unattached-links.ts';
import { VoidGenerations } from './void-generations.ts';

type CloseSession = Extract<Effect, { kind: 'close-session' }>;

const deadlines: SessionDeadlines = { greetingMs: limits.greetingDeadlineMs, attachMs: 60_000 };

/** Every session is asserted about this often: the registry forgets what nobody asserts, and may have lost any. */
const assertEveryMs = 3_600_000;

/** How late a silent link may be ended. */
const wheelStepMs = 1_000;

/** All links of a worker: runs each session's inputs, and does what they ask for. The only place where the two meet. */
export class LinkTable {
  readonly #around: LinkSurroundings;
  readonly #entries = new Set<LinkEntry>();
  readonly #live = new Map<DeviceId, LinkEntry>();
  /** Every link that time alone may end: most are silent, and none of them is looked at before. */
  readonly #wheel: DeadlineWheel<LinkEntry>;
  /** Those with commands under way are looked at every second. */
  readonly #busy = new Set<LinkEntry>();
  readonly #unattached = new UnattachedLinks();
  readonly #void = new VoidGenerations();
  readonly #admission: Admission;
  readonly #teller: SessionTeller;
  readonly #asserter: SessionAsserter;
  /** Whose sessions are asserted next. */
  readonly #rounds: Rounds<DeviceId>;
  #self: WorkerRef;

  constructor(around: LinkSurroundings) {
    this.#around = around;
    this.#self = around.self;
    const { sessions, capacity, clock, attended, logger } = around;
    const self = () => this.#self;
    this.#admission = new Admission(capacity, {
      ...{ live: this.#live, unattached: this.#unattached, sessions },
      nodeId: () => this.#self.nodeId,
      close: (entry) => this.#close(entry, 'tooManyLinks'),
    });
    this.#wheel = new DeadlineWheel(wheelStepMs, attended.now());
    this.#rounds = new Rounds(this.#live, assertEveryMs, clock.now());
    this.#teller = new SessionTeller({ self, clock, logger });
    this.#asserter = new SessionAsserter({
      ...{ sessions, clock, logger, self },
      find: (device) => heldSession(this.#live.get(device)),
      onAsserted: (device) => this.#teller.here(device),
      onLost: (device, epoch, verdict) => this.#onLost(device, epoch, verdict),
    });
  }

  /** How many known devices' links there may be. Those that are too many when it becomes smaller stay until they are sent away. */
  get capacity(): number {
    return this.#admission.capacity;
  }

  set capacity(links: number) {
    this.#admission.capacity = links;
  }

  /** Open sessions. */
  get live(): number {
    return this.#live.size;
  }

  /** All links, those that nobody has introduced included. */
  get links(): number {
    return this.#entries.size;
  }

  /** What happened to sessions since this was last asked. */
  takeNews(): HeartbeatDelta {
    return this.#teller.take();
  }

  /**
   * Tells the registry, from now on as `at`, of every live session, after it has lost them or the worker has begun
   * another life. Links whose devices have newer sessions are closed. Resolves once all is told.
   */
  reassert(at: WorkerRef): Promise<void> {
    this.#self = at;
    return this.#asserter.assert(this.#live.keys());
  }

  accept(link: Link, port: number): Listen {
    const { clock, attended } = this.#around;
    const session = createSession(attended.now(), deadlines);
    const entry: LinkEntry = {
      session,
      link,
      port,
      device: undefined,
      unattached: undefined,
      isBusy: false,
      bucket: 0,
    };
    this.#entries.add(entry);
    this.#wheel.add(entry, endsAt(session));
    return (said) => this.#perform(entry, onDevice(session, said, clock.now(), attended.now()));
  }

  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number {
    return heldEpoch(this.#live.get(device));
  }

  /** Only for a device whose epoch was just asked for. */
  push(device: DeviceId, command: PushedCommand): void {
    const entry = this.#live.get(device);
    if (entry) this.#tell(entry, { kind: 'push', command });
  }

  /** Nothing where the device has no live link here. */
  cancel(device: DeviceId, command: CommandId, reason: string): void {
    const entry = this.#live.get(device);
    if (entry) this.#tell(entry, { kind: 'cancel', command, reason });
  }

  /** As `cancel`, of a command that the device is not told of any more, and may have all the same. */
  discard(device: DeviceId, command: CommandId): void {
    const entry = this.#live.get(device);
    if (entry) this.#tell(entry, { kind: 'discard', command });
  }

  /** The result of a durable command that was said over this link is kept for good. */
  acknowledge(link: LinkEntry, command: CommandId): void {
    this.#tell(link, { kind: 'result-received', command });
  }

  /** The device has a newer session elsewhere: closes the one that it has here, if its epoch is `epoch` or lower. */
  evict(device: DeviceId, epoch: Epoch): boolean {
    const entry = this.#live.get(device);
    const held = heldSession(entry);
    if (!entry || !held || held.epoch > epoch) return false;
    this.#close(entry, 'sessionTakenOver');
    // As a rule the registry has a newer session, and this changes nothing. But it may have lost that one since, and
    // have been told of this one anew.
    this.#around.closer.close(device, held.epoch);
    return true;
  }

  /**
   * Closes the device's links that came with a ticket of an earlier generation, whether or not they take commands. No such
   * ticket opens another one.
   */
  voidTickets(device: DeviceId, generation: number): void {
    this.#void.add(device, generation);
    const live = this.#live.get(device);
    for (const entry of [...this.#unattached.of(device), ...(live ? [live] : [])]) {
      if ((ticketGeneration(entry) ?? generation) < generation) this.#close(entry, 'ticketVoid');
    }
  }

  /** To be called about once a second. */
  tick(): void {
    const { clock, attended } = this.#around;
    const [now, attendedMs] = [clock.now(), attended.now()];
    for (const entry of this.#wheel.takeDue(attendedMs)) {
      // Its device may have been heard meanwhile: then it is only put where it belongs by now.
      this.#wheel.add(entry, endsAt(entry.session));
      this.#perform(entry, onClock(entry.session, now, attendedMs));
    }
    for (const entry of this.#busy) this.#perform(entry, onClock(entry.session, now, attendedMs));
    this.#teller.tick(now);
    const due = this.#rounds.next(now);
    if (due.length > 0) void this.#asserter.assert(due);
  }

  /** Sends a live device elsewhere. `false`: the device has no live link here, or stays. */
  async handOver(
    device: DeviceId,
    reason: CloseReason,
    find: (ticket: Ticket) => Promise<Elsewhere | undefined | 'stay'> = this.#around.findElsewhere,
  ): Promise<boolean> {
    const entry = this.#live.get(device);
    if (entry?.session.state.kind !== 'live') return false;
    const elsewhere = await find(entry.session.state.ticket);
    if (elsewhere === 'stay' || !isLive(entry.session)) return false;
    this.#close(entry, reason, elsewhere);
    return true;
  }

  /** Devices with a live link; with `test`, those that came with such a ticket over such a port. */
  liveDevices(test?: (ticket: Ticket, port: number) => boolean): DeviceId[] {
    if (!test) return [...this.#live.keys()];
    const passing: DeviceId[] = [];
    for (const [device, { session, port }] of this.#live) {
      if (session.state.kind === 'live' && test(session.state.ticket, port)) passing.push(device);
    }
    return passing;
  }

  closeAll(reason: CloseReason): void {
    for (const entry of this.#entries) this.#close(entry, reason);
  }

  #onLost(device: DeviceId, epoch: Epoch, verdict: Exclude<AssertVerdict, 'ok'>): void {
    const entry = this.#live.get(device);
    if (verdict === 'superseded') this.evict(device, epoch);
    else if (entry && heldEpoch(entry) === epoch)
      this.#close(entry, verdict === 'void' ? 'ticketVoid' : 'sessionEnded');
  }

  #close(entry: LinkEntry, reason: CloseReason, elsewhere?: Elsewhere): void {
    this.#tell(entry, elsewhere ? { kind: 'close', reason, elsewhere } : { kind: 'close', reason });
  }

  #tell(entry: LinkEntry, said: ClusterSaid): void {
    const { clock, attended } = this.#around;
    this.#perform(entry, onCluster(entry.session, said, clock.now(), attended.now()));
  }

  #perform(entry: LinkEntry, effects: readonly Effect[]): void {
    this.#unattached.update(entry);
    this.#reschedule(entry);
    for (const effect of effects) {
      // Not by `barrier.run`: this runs for every message, and would make two closures each time.
      try {
        // Before its link ends: of what was never enlisted, or is taken over, nothing is told.
        if (effect.kind === 'close-session') this.#tellDisconnected(entry, effect, effects);
        this.#performOne(entry, effect);
      } catch (error) {
        this.#around.barrier.report('session effect', error);
        // What is still to be done, above all the end of the link, is done all the same.
        this.#close(entry, 'internalError');
      }
    }
  }

  #reschedule(entry: LinkEntry): void {
    const isBusy = hasCommands(entry.session);
    if (isBusy !== entry.isBusy) this.#busy[isBusy ? 'add' : 'delete'](entry);
    entry.isBusy = isBusy;
    const atMs = endsAt(entry.session);
    // A later end needs no move: the earlier look finds nothing to do.
    if (entry.session.state.kind === 'ended') this.#wheel.remove(entry);
    else if (atMs + wheelStepMs <= this.#wheel.dueAt(entry)) this.#wheel.move(entry, atMs);
  }

  #performOne(entry: LinkEntry, effect: Effect): void {
    const around = this.#around;
    switch (effect.kind) {
      case 'send':
        return this.#send(entry, effect);
      case 'verify-ticket':
        return this.#await(entry, 'ticket', this.#verifyTicket(entry, effect.ticket));
      case 'open-session':
        return this.#await(entry, 'session', this.#openSession(entry, effect));
      case 'close-session':
        this.#forget(entry);
        return around.closer.close(effect.device, effect.epoch);
      case 'evict':
        return around.evict(effect.device, effect.previous.epoch, effect.previous);
      case 'report':
        return around.report(effect, entry);
      case 'end':
        return this.#end(entry, effect);
      default:
        return effect satisfies never;
    }
  }

  #await(entry: LinkEntry, place: string, answer: Promise<void>): void {
    const onFault = () => this.#close(entry, 'internalError');
    void this.#around.barrier.runAsync(place, () => answer, onFault);
  }

  #send(entry: LinkEntry, { message }: Extract<Effect, { kind: 'send' }>): void {
    entry.link.send(message);
    if (entry.link.bufferedBytes > maxBufferedBytes) this.#close(entry, 'tooSlow');
  }

  async #verifyTicket(entry: LinkEntry, token: string): Promise<void> {
    const verdict = await this.#around.verifyTicket(token);
    if (verdict.kind === 'bad') return this.#tell(entry, { kind: 'ticket-bad', reason: verdict.reason });
    if (this.#void.has(verdict.ticket)) return this.#tell(entry, { kind: 'ticket-bad', reason: 'ticketVoid' });
    const { device } = verdict.ticket;
    if (!this.#admission.hasPlace(device) && !(await this.#admission.ownsPlace(device))) {
      return this.#close(entry, 'noCapacity', await this.#around.findElsewhere(verdict.ticket));
    }
    this.#tell(entry, { kind: 'ticket-good', ticket: verdict.ticket });
  }

  async #openSession(entry: LinkEntry, { device, by }: Extract<Effect, { kind: 'open-session' }>): Promise<void> {
    const at = this.#self;
    try {
      const opened = await this.#around.sessions.open(device, at, by);
      if (opened === 'void') return this.#tell(entry, { kind: 'open-failed', reason: 'ticketVoid' });
      const { epoch, previous, group } = opened;
      this.#teller.opened(device, opened);
      this.#tell(entry, { kind: 'opened', device, epoch, previous, group });
      if (isLive(entry.session)) this.#enlist(entry, device, opened);
      if (opened.hasCommands && isLive(entry.session)) this.#around.onCommandsWaiting(device);
      // The worker has begun another life since; the registry has the session under the former one.
      if (at !== this.#self) void this.#asserter.assert([device]);
    } catch (error) {
      this.#around.logger.warn({ device, err: error }, 'session not opened');
      this.#tell(entry, { kind: 'open-failed', reason: 'registryUnavailable' });
    }
  }

  /** Two links of one device may open at the same time; the greater epoch stays. */
  #enlist(entry: LinkEntry, device: DeviceId, opened: OpenedSession): void {
    const other = this.#live.get(device);
    if (other && other !== entry && heldEpoch(other) > heldEpoch(entry)) return this.#close(entry, 'sessionTakenOver');
    this.#live.set(device, entry);
    entry.device = device;
    this.#teller.here(device);
    this.#teller.connected(device, opened);
    if (other && other !== entry) this.#close(other, 'sessionTakenOver');
  }

  #end(entry: LinkEntry, { reason, elsewhere }: Extract<Effect, { kind: 'end' }>): void {
    this.#entries.delete(entry);
    this.#forget(entry);
    entry.link.end(reason, elsewhere);
    this.#around.logger.debug({ remote: entry.link.remote, reason }, 'link ended');
  }

  #forget(entry: LinkEntry): void {
    const { device } = entry;
    if (device !== undefined && this.#live.get(device) === entry) {
      this.#live.delete(device);
      this.#teller.gone(device);
    }
    entry.device = undefined;
  }

  #tellDisconnected(entry: LinkEntry, { device, epoch }: CloseSession, effects: readonly Effect[]): void {
    if (entry.device === undefined) return;
    const ending = effects.find((effect) => effect.kind === 'end');
    this.#teller.disconnected(device, epoch, ending?.reason ?? 'goodbye');
  }
}

import { type CloseReason, type DeviceId, type Epoch, limits } from '@pushfleet/protocol';
import type { Sessions, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { ChannelId, PushedCommand } from '../session/command.ts';
import { onClock } from '../session/on-clock.ts';
import { type ClusterSaid, onCluster } from '../session/on-cluster.ts';
import { onDevice } from '../session/on-device.ts';
import {
  createSession,
  type Effect,
  type Elsewhere,
  isLive,
  type Report,
  type Session,
  type SessionDeadlines,
} from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { Verdict } from '../tickets/verifier.ts';
import type { Link, Listen } from './link.ts';
import type { SessionCloser } from './session-closer.ts';

/** What the links of a worker need around them. */
export interface LinkSurroundings {
  self: WorkerRef;
  capacity: number;
  sessions: Sessions;
  closer: SessionCloser;
  verifyTicket(token: string): Promise<Verdict>;
  /** A place elsewhere, for a device that finds no room here or must leave. */
  findElsewhere(ticket: Ticket): Promise<Elsewhere | undefined>;
  evict(device: DeviceId, epoch: Epoch, from: WorkerRef): void;
  report(report: Report, channel: ChannelId | 'every'): void;
  clock: Clock;
  logger: Logger;
}

interface Entry {
  session: Session;
  link: Link;
  /** Set while the entry is the device's live one. */
  device: DeviceId | undefined;
}

const deadlines: SessionDeadlines = { greetingMs: limits.greetingDeadlineMs, attachMs: 60_000 };

/** A link that has this much unread by its device is cut off: four of the largest commands. */
const maxBufferedBytes = 4 * limits.frameBytes;

/** All links of a worker: runs each session's inputs, and does what they ask for. The only place where the two meet. */
export class LinkTable {
  readonly #around: LinkSurroundings;
  readonly #entries = new Set<Entry>();
  readonly #live = new Map<DeviceId, Entry>();
  /** Devices that came since the last heartbeat; their reservations are settled by it. */
  #arrived: DeviceId[] = [];
  /** Sessions that the registry is being asked for; they count against the capacity. */
  #opening = 0;

  constructor(around: LinkSurroundings) {
    this.#around = around;
  }

  /** Open sessions. */
  get live(): number {
    return this.#live.size;
  }

  /** All links, those that nobody has introduced included. */
  get links(): number {
    return this.#entries.size;
  }

  takeArrived(): DeviceId[] {
    const arrived = this.#arrived;
    this.#arrived = [];
    return arrived;
  }

  accept = (link: Link): Listen => {
    const { clock } = this.#around;
    const entry: Entry = { session: createSession(clock.now(), deadlines), link, device: undefined };
    this.#entries.add(entry);
    return (said) => this.#perform(entry, onDevice(entry.session, said, clock.now()));
  };

  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number {
    const state = this.#live.get(device)?.session.state;
    return state?.kind === 'live' ? state.epoch : 0;
  }

  /** Only for a device whose epoch was just asked for. */
  push(device: DeviceId, command: PushedCommand): void {
    const entry = this.#live.get(device);
    if (entry) this.#tell(entry, { kind: 'push', command });
  }

  /** Closes the device's session if its epoch is `epoch` or lower. */
  evict(device: DeviceId, epoch: Epoch): boolean {
    const entry = this.#live.get(device);
    if (!entry || this.epochOf(device) > epoch) return false;
    this.#tell(entry, { kind: 'close', reason: 'sessionTakenOver' });
    return true;
  }

  tick(): void {
    const now = this.#around.clock.now();
    for (const entry of this.#entries) this.#perform(entry, onClock(entry.session, now));
  }

  /** Sends a live device elsewhere. */
  async handOver(device: DeviceId, reason: CloseReason): Promise<void> {
    const entry = this.#live.get(device);
    if (entry?.session.state.kind !== 'live') return;
    this.#close(entry, reason, await this.#around.findElsewhere(entry.session.state.ticket));
  }

  liveDevices(): DeviceId[] {
    return [...this.#live.keys()];
  }

  closeAll(reason: CloseReason): void {
    for (const entry of this.#entries) this.#close(entry, reason);
  }

  #close(entry: Entry, reason: CloseReason, elsewhere?: Elsewhere): void {
    this.#tell(entry, elsewhere ? { kind: 'close', reason, elsewhere } : { kind: 'close', reason });
  }

  #tell(entry: Entry, said: ClusterSaid): void {
    this.#perform(entry, onCluster(entry.session, said, this.#around.clock.now(), deadlines));
  }

  #perform(entry: Entry, effects: Effect[]): void {
    for (const effect of effects) this.#performOne(entry, effect);
  }

  #performOne(entry: Entry, effect: Effect): void {
    const around = this.#around;
    switch (effect.kind) {
      case 'send':
        return this.#send(entry, effect);
      case 'verify-ticket':
        void this.#verifyTicket(entry, effect.ticket);
        return;
      case 'open-session':
        void this.#openSession(entry, effect);
        return;
      case 'close-session':
        this.#forget(entry);
        return around.closer.close(effect.device, effect.epoch);
      case 'evict':
        return around.evict(effect.device, effect.previous.epoch, effect.previous);
      case 'report':
        return around.report(effect.report, effect.channel);
      case 'end':
        return this.#end(entry, effect);
      default:
        return effect satisfies never;
    }
  }

  #send(entry: Entry, { message }: Extract<Effect, { kind: 'send' }>): void {
    entry.link.send(message);
    if (entry.link.bufferedBytes > maxBufferedBytes) this.#close(entry, 'tooSlow');
  }

  async #verifyTicket(entry: Entry, token: string): Promise<void> {
    const verdict = await this.#around.verifyTicket(token);
    if (verdict.kind === 'bad') return this.#tell(entry, { kind: 'ticket-bad', reason: verdict.reason });
    const isFull = this.#live.size + this.#opening >= this.#around.capacity;
    if (isFull && !this.#live.has(verdict.ticket.device)) {
      return this.#close(entry, 'noCapacity', await this.#around.findElsewhere(verdict.ticket));
    }
    this.#tell(entry, { kind: 'ticket-good', ticket: verdict.ticket });
  }

  async #openSession(entry: Entry, { device, link }: Extract<Effect, { kind: 'open-session' }>): Promise<void> {
    this.#opening += 1;
    try {
      const { epoch, previous } = await this.#around.sessions.open(device, this.#around.self, link);
      this.#tell(entry, { kind: 'opened', device, epoch, previous });
      if (isLive(entry.session)) this.#enlist(entry, device);
    } catch (error) {
      this.#around.logger.warn({ device, err: error }, 'session not opened');
      this.#tell(entry, { kind: 'open-failed', reason: 'registryUnavailable' });
    } finally {
      this.#opening -= 1;
    }
  }

  /** Two links of one device may open at the same time; the greater epoch stays. */
  #enlist(entry: Entry, device: DeviceId): void {
    const other = this.#live.get(device);
    const epoch = (candidate: Entry) => (candidate.session.state.kind === 'live' ? candidate.session.state.epoch : 0);
    if (other && other !== entry && epoch(other) > epoch(entry)) return this.#close(entry, 'sessionTakenOver');
    this.#live.set(device, entry);
    entry.device = device;
    this.#arrived.push(device);
    if (other && other !== entry) this.#close(other, 'sessionTakenOver');
  }

  #end(entry: Entry, { reason, elsewhere }: Extract<Effect, { kind: 'end' }>): void {
    this.#entries.delete(entry);
    this.#forget(entry);
    entry.link.end(reason, elsewhere);
    this.#around.logger.debug({ remote: entry.link.remote, reason }, 'link ended');
  }

  #forget(entry: Entry): void {
    if (entry.device !== undefined && this.#live.get(entry.device) === entry) this.#live.delete(entry.device);
    entry.device = undefined;
  }
}

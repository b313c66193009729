import type { CloseReason, DeviceId, Epoch, GroupPath, NodeId } from '@pushfleet/protocol';
import {
  type AssertVerdict,
  type HeartbeatDelta,
  isRefusedWrite,
  type OpenedSession,
  type PushServerRegistry,
  type WorkerRef,
} from '@pushfleet/registry';
import { type Clock, type Logger, meter, metrics } from '@pushfleet/runtime';
import type { ClusterInput } from '../session/on-cluster.ts';
import { type Effect, isLive, type Ticket } from '../session/session.ts';
import { heldEpoch, heldSession, type LinkEntry } from './link.ts';
import { LostOpenings } from './lost-openings.ts';
import { Rounds, SessionAsserter } from './session-asserter.ts';
import type { SessionCloser } from './session-closer.ts';
import { SessionReporter } from './session-reporter.ts';

type OpenSession = Extract<Effect, { kind: 'open-session' }>;
type CloseSession = Extract<Effect, { kind: 'close-session' }>;

/** The interval at which every session is asserted: the registry forgets what nobody asserts, and may have lost any. */
const assertEveryMs = 3_600_000;
const longestCheckDelayMs = 60_000;

export interface LiveSessionsOptions {
  /** The worker, under its boot id at the start. */
  self: WorkerRef;
  sessions: PushServerRegistry['sessions'];
  closer: SessionCloser;
  /** Called where the registry holds durable commands for a device whose session was just opened. */
  onCommandsWaiting(device: DeviceId): void;
  /** Called for a device whose session was just opened, and lives, with the group that it is in. */
  onOpened?(device: DeviceId, group: GroupPath): void;
  /** Ends the links of a device on some push servers, whichever worker has them; see LostOpenings. */
  evictFormer(device: DeviceId, epoch: Epoch, nodes: ReadonlySet<NodeId>): Promise<void>;
  /** Gives an input to the session of a link. */
  input(entry: LinkEntry, input: ClusterInput): void;
  clock: Clock;
  logger: Logger;
}

/** The open sessions of a worker, at most one for each device, as the registry has them or is told of them. */
export class LiveSessions implements Disposable {
  readonly #options: LiveSessionsOptions;
  readonly #entries = new Map<DeviceId, LinkEntry>();
  readonly #reporter: SessionReporter;
  readonly #asserter: SessionAsserter;
  readonly #lost: LostOpenings;
  /** How often all sessions were asserted. */
  #assertions = 0;
  /** How many sessions of each device are being opened. */
  readonly #opening = new Map<DeviceId, number>();
  /** Yields the devices whose sessions are asserted next. */
  readonly #rounds: Rounds<DeviceId>;
  /** When the sessions are asserted of which a change is under way. */
  readonly #checkAtMs = new Map<DeviceId, number>();
  #self: WorkerRef;

  constructor(options: LiveSessionsOptions) {
    const { sessions, clock, logger } = options;
    this.#options = options;
    this.#self = options.self;
    const self = () => this.#self;
    this.#reporter = new SessionReporter({ self, clock, logger });
    this.#rounds = new Rounds(this.#entries, assertEveryMs, clock.now());
    this.#asserter = new SessionAsserter({
      ...{ sessions, clock, logger, self },
      find: (device) => heldSession(this.#entries.get(device)),
      onAsserted: (device) => this.#reporter.here(device),
      onLost: (device, epoch, verdict) => this.#onLost(device, epoch, verdict),
    });
    this.#lost = new LostOpenings({
      ...{ sessions, clock },
      close: (device, epoch) => options.closer.close(device, epoch, 'registryUnavailable'),
      conditionOf: (device, epoch) => this.#conditionOf(device, epoch),
      evict: (device, epoch, nodes) => options.evictFormer(device, epoch, nodes),
    });
  }

  [Symbol.dispose](): void {
    this.#lost[Symbol.dispose]();
  }

  get self(): WorkerRef {
    return this.#self;
  }

  /** The links with an open session, by device; changes as sessions come and go. */
  get entries(): ReadonlyMap<DeviceId, LinkEntry> {
    return this.#entries;
  }

  /** Devices with an open session; with `test`, those that came with such a ticket over such a port. */
  devices(test?: (ticket: Ticket, port: number) => boolean): DeviceId[] {
    if (!test) return [...this.#entries.keys()];
    const passing: DeviceId[] = [];
    for (const [device, { session, port }] of this.#entries) {
      if (session.state.kind === 'live' && test(session.state.ticket, port)) passing.push(device);
    }
    return passing;
  }

  /** Removes and returns the changes since the last call. */
  takeDelta(): HeartbeatDelta {
    return this.#reporter.take();
  }

  /** Asserts every session, from now on under the boot id of `at`. Resolves once all are asserted. */
  reassert(at: WorkerRef): Promise<void> {
    this.#self = at;
    this.#assertions += 1;
    return this.#asserter.assert(this.#entries.keys());
  }

  /** Asserts the session of one device, if there is one here, now or at the first tick after `afterMs`. */
  check(device: DeviceId, afterMs: number): void {
    if (!this.#entries.has(device)) return;
    if (afterMs === 0) void this.#asserter.assert([device]);
    else this.#checkAtMs.set(device, this.#options.clock.now() + Math.min(afterMs, longestCheckDelayMs));
  }

  /** To be called about once a second. */
  tick(nowMs: number): void {
    this.#reporter.tick(nowMs);
    const due = this.#rounds.next(nowMs);
    for (const [device, atMs] of this.#checkAtMs) {
      if (atMs > nowMs) continue;
      this.#checkAtMs.delete(device);
      due.push(device);
    }
    if (due.length > 0) void this.#asserter.assert(due);
  }

  /** Opens the session of a link in the registry. Never rejects because of the registry: the link's session gets the answer. */
  async open(entry: LinkEntry, { device, by }: OpenSession): Promise<void> {
    const { sessions, input, onCommandsWaiting, onOpened, logger } = this.#options;
    const [at, assertions] = [this.#self, this.#assertions];
    this.#opening.set(device, (this.#opening.get(device) ?? 0) + 1);
    try {
      const opened = await sessions.open(device, at, by);
      if (opened === 'void') return input(entry, { kind: 'open-failed', reason: 'ticketVoid' });
      const { epoch, previous, group } = opened;
      meter.count(metrics.sessionsOpened, entry.link.kind);
      this.#onOpened(device, opened, at);
      input(entry, { kind: 'opened', device, epoch, previous, group });
      if (isLive(entry.session)) this.#add(entry, device, opened);
      if (entry.session.state.kind === 'live') onOpened?.(device, entry.session.state.ticket.group);
      if (opened.hasCommands && isLive(entry.session)) onCommandsWaiting(device);
      // The registry may have lost it since, or has it under a former boot id of the worker.
      if (assertions !== this.#assertions) void this.#asserter.assert([device]);
    } catch (error) {
      logger.warn({ deviceId: device, err: error }, 'session not opened');
      if (!isRefusedWrite(error)) this.#lost.add(device, at.bootId);
      input(entry, { kind: 'open-failed', reason: 'registryUnavailable' });
    } finally {
      const others = (this.#opening.get(device) ?? 1) - 1;
      if (others > 0) this.#opening.set(device, others);
      else this.#opening.delete(device);
    }
  }

  #onOpened(device: DeviceId, opened: OpenedSession, { bootId }: WorkerRef): void {
    if (opened.previous) meter.count(metrics.takeovers, '');
    // Whoever was the previous one may not have ended the link before it.
    if (opened.takeovers > 1) this.#lost.add(device, bootId);
    this.#reporter.opened(device, opened);
  }

  /**
   * Closes the session in the registry. It is reported if it was the device's live one: nothing is reported of one that was
   * never entered here, or is taken over.
   * @param reason Why the link ends; `goodbye` where the device only detaches.
   */
  close(entry: LinkEntry, { device, group, epoch }: CloseSession, reason: CloseReason): void {
    if (entry.device !== undefined) this.#reporter.disconnected(device, group, epoch, reason);
    this.remove(entry);
    this.#options.closer.close(device, epoch, reason);
  }

  /** Closes the device's link if its epoch is `epoch` or lower, because the device has a newer session. `false`: it is not. */
  evict(device: DeviceId, epoch: Epoch, reason: 'sessionTakenOver' | 'sessionEnded'): boolean {
    const entry = this.#entries.get(device);
    const held = heldSession(entry);
    if (!entry || !held || held.epoch > epoch) return false;
    this.#end(entry, reason);
    // As a rule the registry has a newer session, and this changes nothing. But it may have lost that one since, and
    // have got this one by an assertion.
    this.#options.closer.close(device, held.epoch, reason);
    return true;
  }

  #conditionOf(device: DeviceId, epoch: Epoch): 'held' | 'opening' | 'absent' {
    if (heldEpoch(this.#entries.get(device)) === epoch) return 'held';
    return this.#opening.has(device) ? 'opening' : 'absent';
  }

  /** The link is no longer the live one of its device. */
  remove(entry: LinkEntry): void {
    const { device } = entry;
    if (device !== undefined && this.#entries.get(device) === entry) {
      this.#entries.delete(device);
      this.#checkAtMs.delete(device);
      meter.count(metrics.liveLinks, entry.link.kind, -1);
      this.#reporter.gone(device);
    }
    entry.device = undefined;
  }

  /** Two links of one device may open at the same time; the greater epoch stays. */
  #add(entry: LinkEntry, device: DeviceId, opened: OpenedSession): void {
    const other = this.#entries.get(device);
    if (other && other !== entry && heldEpoch(other) > heldEpoch(entry)) return this.#end(entry, 'sessionTakenOver');
    if (other) meter.count(metrics.liveLinks, other.link.kind, -1);
    meter.count(metrics.liveLinks, entry.link.kind);
    this.#entries.set(device, entry);
    entry.device = device;
    this.#reporter.here(device);
    this.#reporter.connected(device, opened);
    if (other && other !== entry) this.#end(other, 'sessionTakenOver');
  }

  #onLost(device: DeviceId, epoch: Epoch, verdict: Exclude<AssertVerdict, 'ok'>): void {
    const entry = this.#entries.get(device);
    // Whoever has taken a device over says so itself. What only the registry knows of may be an older question of this device's, which it
    // took for lost and which arrived after the newer one: it comes back, and has the greater epoch then.
    if (verdict === 'superseded') this.evict(device, epoch, 'sessionEnded');
    else if (entry && heldEpoch(entry) === epoch) this.#end(entry, verdict === 'void' ? 'ticketVoid' : 'sessionEnded');
  }

  #end(entry: LinkEntry, reason: CloseReason): void {
    this.#options.input(entry, { kind: 'close', reason });
  }
}

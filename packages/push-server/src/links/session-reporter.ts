import type { CloseReason, DeviceId, Epoch, GroupPath } from '@pushfleet/protocol';
import type { HeartbeatDelta, HeldDevice, NewFleetEvent, OpenedSession, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

/** Events that wait for a heartbeat; beyond this the oldest are dropped. */
const maxEvents = 20_000;

/**
 * Changes of sessions that gather until the next heartbeat. A device that comes and goes on one worker counts by its last state:
 * it is in `left` if it is gone, and in both lists if it also came.
 */
export class SessionDelta {
  readonly #arrived = new Map<string, HeldDevice>();
  readonly #left = new Map<string, HeldDevice>();
  #events: NewFleetEvent[] = [];
  #dropped = 0;

  arrive(device: HeldDevice): void {
    this.#left.delete(keyOf(device));
    this.#arrived.set(keyOf(device), device);
  }

  leave(device: HeldDevice): void {
    this.#left.set(keyOf(device), device);
  }

  addEvent(event: NewFleetEvent): void {
    this.#events.push(event);
    // Dropping one at a time would move all the others each time.
    if (this.#events.length >= 2 * maxEvents) this.#dropOldest();
  }

  /** Adds changes that are later than everything that was gathered so far. */
  add({ arrived, left, events }: HeartbeatDelta): void {
    for (const device of arrived) this.arrive(device);
    for (const device of left) this.leave(device);
    for (const event of events) this.addEvent(event);
  }

  /** Removes and returns everything that has gathered. */
  take(): HeartbeatDelta {
    this.#dropOldest();
    const delta = { arrived: [...this.#arrived.values()], left: [...this.#left.values()], events: this.#events };
    this.#arrived.clear();
    this.#left.clear();
    this.#events = [];
    return delta;
  }

  /** Number of events dropped since the last call. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  #dropOldest(): void {
    const excess = this.#events.length - maxEvents;
    if (excess <= 0) return;
    this.#events.splice(0, excess);
    this.#dropped += excess;
  }
}

function keyOf({ device, bootId }: HeldDevice): string {
  return `${bootId} ${device}`;
}

export interface SessionReporterOptions {
  /** The worker under its present boot id. */
  self(): WorkerRef;
  clock: Clock;
  logger: Logger;
}

/** A device with this many takeovers of its session within a minute is probably two devices. */
const suspectTakeovers = 4;
const suspectAgainAfterMs = 60_000;

/** Gathers, for the next heartbeat, the changes of a worker's sessions and the events about them. */
export class SessionReporter {
  readonly #options: SessionReporterOptions;
  readonly #delta = new SessionDelta();
  /** Devices that were reported as possible clones, with the time. */
  readonly #suspected = new Map<DeviceId, number>();

  constructor(options: SessionReporterOptions) {
    this.#options = options;
  }

  /** Removes and returns everything since the last call. */
  take(): HeartbeatDelta {
    const delta = this.#delta.take();
    const dropped = this.#delta.takeDropped();
    if (dropped > 0) this.#options.logger.warn({ dropped }, 'events dropped: more happened than a heartbeat takes');
    return delta;
  }

  /** The device is here, whether it has just come or was here before. */
  here(device: DeviceId): void {
    this.#delta.arrive({ device, bootId: this.#options.self().bootId });
  }

  gone(device: DeviceId): void {
    this.#delta.leave({ device, bootId: this.#options.self().bootId });
  }

  connected(device: DeviceId, { epoch, previous, group }: OpenedSession): void {
    const isMoved = previous !== undefined && previous.bootId !== this.#options.self().bootId;
    this.#addEvent({ kind: isMoved ? 'device-moved' : 'device-connected', device, epoch }, group);
  }

  /** @param group As it was when the session was opened. */
  disconnected(device: DeviceId, group: GroupPath | undefined, epoch: Epoch, reason: CloseReason): void {
    this.#addEvent({ kind: 'device-disconnected', device, epoch, reason }, group);
  }

  /** To be called for every session that is opened, whether or not the link that it was opened for is still there. */
  opened(device: DeviceId, { epoch, takeovers, group }: OpenedSession): void {
    if (takeovers < suspectTakeovers || this.#suspected.has(device)) return;
    this.#suspected.set(device, this.#options.clock.now());
    const reason = `${takeovers} takeovers within a minute`;
    this.#addEvent({ kind: 'device-clone-suspected', device, epoch, reason }, group);
  }

  /** To be called about once a second. */
  tick(nowMs: number): void {
    for (const [device, reportedAtMs] of this.#suspected) {
      if (nowMs - reportedAtMs >= suspectAgainAfterMs) this.#suspected.delete(device);
    }
  }

  #addEvent(event: Pick<NewFleetEvent, 'kind' | 'device' | 'epoch' | 'reason'>, group: GroupPath | undefined): void {
    const { nodeId: node, workerId: worker } = this.#options.self();
    const atMs = this.#options.clock.wallMs();
    this.#delta.addEvent({ ...event, ...(group !== undefined && { group }), atMs, node, worker });
  }
}

import type { CommandId, DeviceId } from '@pushfleet/protocol';
import type { StatusUpdate } from '@pushfleet/registry';
import type { LinkEntry } from '../links/link.ts';
import type { ReportEffect } from '../session/session.ts';

/** A status update, and who gets to know once it is stored. */
export interface QueuedUpdate {
  update: StatusUpdate;
  /** The memory that it occupies, roughly. */
  bytes: number;
  /** The report for balancers; `undefined`: none. */
  effect: ReportEffect | undefined;
  /** The link whose device waits for the acknowledgement of its result. */
  from: LinkEntry | undefined;
  /** The update may have been stored before, without an answer. */
  retried: boolean;
}

/** Bounds of a queue, or of one batch. */
export interface QueueLimits {
  updates: number;
  bytes: number;
}

/**
 * Status updates that wait for the registry, one for each command: the latest that matters. Progress of a command passes once
 * from one `tick` to the next, the latest that came meanwhile. When the queue is full, the oldest progress is dropped; where there
 * is none, the update that is to be added. No device has more in the queue than what is left for all others: one alone fills at
 * most half of it, whatever it invents.
 */
export class StatusUpdateQueue {
  readonly #limits: QueueLimits;
  #ready = new Map<string, QueuedUpdate>();
  /** Updates that are ready at the next tick: progress, and those that were held back. */
  readonly #held = new Map<string, QueuedUpdate>();
  #writing = new Map<string, QueuedUpdate>();
  /** Commands whose progress was written since the last tick. */
  readonly #progressWritten = new Set<string>();
  /** Keys of the progress in `#ready` and `#held`, the oldest first. */
  readonly #progress = new Set<string>();
  #bytes = 0;
  /** Number and bytes of each device's updates. */
  readonly #shares = new Map<DeviceId, QueueLimits>();

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  /** Number of updates that are not written yet. */
  get size(): number {
    return this.#ready.size + this.#held.size + this.#writing.size;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** `false`: the update was not taken. */
  add(added: QueuedUpdate): boolean {
    const key = keyOf(added.update);
    const older = this.#remove(key);
    const queued = older ? latest(older, added) : added;
    const hasRoom = this.#isFair(queued) && this.#makeRoom(queued.bytes);
    if (hasRoom) this.#put(key, queued);
    else if (older) this.#put(key, older);
    return hasRoom;
  }

  /** The updates to write now, at least one; `written` or `putBack` must follow. */
  take(limit: QueueLimits): QueuedUpdate[] {
    let bytes = 0;
    for (const [key, queued] of this.#ready) {
      bytes += queued.bytes;
      const isFull = this.#writing.size >= limit.updates || bytes > limit.bytes;
      if (isFull && this.#writing.size > 0) break;
      this.#ready.delete(key);
      this.#writing.set(key, queued);
      if (this.#progress.delete(key)) this.#progressWritten.add(key);
    }
    return [...this.#writing.values()];
  }

  /** Puts off to the next tick those of the taken updates that failed. To be called before `written`. */
  holdBack(failed: readonly QueuedUpdate[]): void {
    for (const queued of failed) {
      const key = keyOf(queued.update);
      this.#writing.delete(key);
      this.#count(queued, -1);
      const newer = this.#remove(key);
      const older = { ...queued, retried: true };
      const kept = newer ? latest(older, newer) : older;
      this.#count(kept, 1);
      if (kept.update.kind === 'running') this.#progress.add(key);
      this.#held.set(key, kept);
    }
  }

  written(): void {
    for (const queued of this.#writing.values()) this.#count(queued, -1);
    this.#writing.clear();
  }

  /** Puts the taken updates back in front of all others: the updates of one command are stored in order. */
  putBack(): void {
    const [writing, ready] = [this.#writing, this.#ready];
    this.#writing = new Map();
    this.#ready = new Map();
    for (const [key, queued] of writing) {
      this.#count(queued, -1);
      const newer = ready.get(key) ?? this.#held.get(key);
      if (newer) this.#forget(key, newer, ready);
      const older = { ...queued, retried: true };
      this.#progressWritten.delete(key);
      this.#put(key, newer ? latest(older, newer) : older);
    }
    for (const [key, queued] of ready) this.#ready.set(key, queued);
  }

  /** Whether the queue holds the end of the command. */
  hasEnd(device: DeviceId, id: CommandId): boolean {
    const key = keyOf({ device, id });
    const queued = this.#ready.get(key) ?? this.#held.get(key) ?? this.#writing.get(key);
    return queued?.update.kind === 'ended';
  }

  /** To be called about once a second. */
  tick(): void {
    this.#progressWritten.clear();
    for (const [key, queued] of this.#held) this.#ready.set(key, queued);
    this.#held.clear();
  }

  #put(key: string, queued: QueuedUpdate): void {
    this.#count(queued, 1);
    const isProgress = queued.update.kind === 'running';
    if (isProgress) this.#progress.add(key);
    if (isProgress && this.#progressWritten.has(key)) this.#held.set(key, queued);
    else this.#ready.set(key, queued);
  }

  #remove(key: string): QueuedUpdate | undefined {
    const queued = this.#ready.get(key) ?? this.#held.get(key);
    if (queued) this.#forget(key, queued, this.#ready);
    return queued;
  }

  #forget(key: string, queued: QueuedUpdate, ready: Map<string, QueuedUpdate>): void {
    this.#count(queued, -1);
    this.#progress.delete(key);
    this.#held.delete(key);
    ready.delete(key);
  }

  #count({ update, bytes }: QueuedUpdate, sign: 1 | -1): void {
    this.#bytes += sign * bytes;
    const share = this.#shares.get(update.device);
    const [updates, sum] = [(share?.updates ?? 0) + sign, (share?.bytes ?? 0) + sign * bytes];
    if (updates === 0) this.#shares.delete(update.device);
    else this.#shares.set(update.device, { updates, bytes: sum });
  }

  /** A device's first update is always fair. */
  #isFair({ update, bytes }: QueuedUpdate): boolean {
    const share = this.#shares.get(update.device);
    if (!share) return true;
    const count = this.size;
    return share.updates < this.#limits.updates - count && share.bytes + bytes <= this.#limits.bytes - this.#bytes;
  }

  #makeRoom(bytes: number): boolean {
    const isFull = () => this.size >= this.#limits.updates || this.#bytes + bytes > this.#limits.bytes;
    while (isFull()) {
      const [oldest] = this.#progress;
      if (oldest === undefined) return false;
      this.#remove(oldest);
    }
    return true;
  }
}

/** The one of two updates of a command that counts. A later end changes nothing, but its link waits for the acknowledgement. */
function latest(older: QueuedUpdate, newer: QueuedUpdate): QueuedUpdate {
  if (rank(newer.update) < rank(older.update)) return older;
  if (older.update.kind === 'ended') return { ...older, from: newer.from ?? older.from };
  return newer;
}

function rank({ kind }: StatusUpdate): number {
  switch (kind) {
    case 'released':
    case 'attempt-failed':
    case 'delivered':
      return 0;
    case 'running':
      return 1;
    case 'ended':
      return 2;
    default:
      return kind satisfies never;
  }
}

/** A failed attempt to send has a key of its own: it replaces nothing that the device has reported. */
function keyOf({ device, id, kind }: Pick<StatusUpdate, 'device' | 'id'> & { kind?: StatusUpdate['kind'] }): string {
  return kind === 'attempt-failed' ? `${device} ${id} ${kind}` : `${device} ${id}`;
}

import type { CommandId, DeviceId } from '@pushfleet/protocol';
import type { StatusUpdate } from '@pushfleet/registry';
import type { LinkEntry } from '../links/link-entry.ts';
import type { ReportEffect } from '../session/session.ts';

/** A note, and who is told once it is written. */
export interface QueuedNote {
  note: StatusUpdate;
  /** About what it occupies. */
  bytes: number;
  /** What balancers are told; `undefined`: nothing. */
  said: ReportEffect | undefined;
  /** The link whose device waits to hear that its result is kept. */
  from: LinkEntry | undefined;
  /** It may have been written before, without an answer. */
  retried: boolean;
}

/** How much there may be, of what waits or of one batch. */
export interface NoteLimits {
  notes: number;
  bytes: number;
}

/**
 * Notes that wait for the registry. Of each command there is one, the latest that matters. Progress of a command is let
 * through once from one `tick` to the next, the latest of what came meanwhile. When the queue is full, the oldest
 * progress is dropped; where there is none, what is to be added. No device has more in it than what is left for all
 * others: one alone fills at most half of it, whatever it invents.
 */
export class NoteQueue {
  readonly #limits: NoteLimits;
  #ready = new Map<string, QueuedNote>();
  /** What has its turn at the next tick: progress, and what was held back. */
  readonly #held = new Map<string, QueuedNote>();
  #writing = new Map<string, QueuedNote>();
  /** Commands of which progress was written since the last tick. */
  readonly #toldProgress = new Set<string>();
  /** Where there is progress in `#ready` or `#held`, the oldest first. */
  readonly #progress = new Set<string>();
  #bytes = 0;
  /** What of it is of which device. */
  readonly #shares = new Map<DeviceId, NoteLimits>();

  constructor(limits: NoteLimits) {
    this.#limits = limits;
  }

  get hasReady(): boolean {
    return this.#ready.size > 0;
  }

  /** False: it was not taken. */
  add(added: QueuedNote): boolean {
    const key = keyOf(added.note);
    const older = this.#remove(key);
    const queued = older ? latest(older, added) : added;
    const hasRoom = this.#isFair(queued) && this.#makeRoom(queued.bytes);
    if (hasRoom) this.#put(key, queued);
    else if (older) this.#put(key, older);
    return hasRoom;
  }

  /** What is to be written now, at least one; then either `written` or `putBack` is called. */
  take(limit: NoteLimits): QueuedNote[] {
    let bytes = 0;
    for (const [key, queued] of this.#ready) {
      bytes += queued.bytes;
      const isFull = this.#writing.size >= limit.notes || bytes > limit.bytes;
      if (isFull && this.#writing.size > 0) break;
      this.#ready.delete(key);
      this.#writing.set(key, queued);
      if (this.#progress.delete(key)) this.#toldProgress.add(key);
    }
    return [...this.#writing.values()];
  }

  /** These of what is being written could not be; they have their turn at the next tick. Comes before `written`. */
  holdBack(failed: readonly QueuedNote[]): void {
    for (const queued of failed) {
      const key = keyOf(queued.note);
      this.#writing.delete(key);
      this.#count(queued, -1);
      const newer = this.#remove(key);
      const older = { ...queued, retried: true };
      const kept = newer ? latest(older, newer) : older;
      this.#count(kept, 1);
      if (kept.note.kind === 'running') this.#progress.add(key);
      this.#held.set(key, kept);
    }
  }

  written(): void {
    for (const queued of this.#writing.values()) this.#count(queued, -1);
    this.#writing.clear();
  }

  /** In front of all others: of one command, what is noted first is also written first. */
  putBack(): void {
    const [writing, ready] = [this.#writing, this.#ready];
    this.#writing = new Map();
    this.#ready = new Map();
    for (const [key, queued] of writing) {
      this.#count(queued, -1);
      const newer = ready.get(key) ?? this.#held.get(key);
      if (newer) this.#forget(key, newer, ready);
      const older = { ...queued, retried: true };
      this.#toldProgress.delete(key);
      this.#put(key, newer ? latest(older, newer) : older);
    }
    for (const [key, queued] of ready) this.#ready.set(key, queued);
  }

  /** True where the end of the command is known here, and is only to be written. */
  hasEnd(device: DeviceId, id: CommandId): boolean {
    const key = keyOf({ device, id });
    const queued = this.#ready.get(key) ?? this.#held.get(key) ?? this.#writing.get(key);
    return queued?.note.kind === 'ended';
  }

  /** Called about once a second. */
  tick(): void {
    this.#toldProgress.clear();
    for (const [key, queued] of this.#held) this.#ready.set(key, queued);
    this.#held.clear();
  }

  #put(key: string, queued: QueuedNote): void {
    this.#count(queued, 1);
    const isProgress = queued.note.kind === 'running';
    if (isProgress) this.#progress.add(key);
    if (isProgress && this.#toldProgress.has(key)) this.#held.set(key, queued);
    else this.#ready.set(key, queued);
  }

  #remove(key: string): QueuedNote | undefined {
    const queued = this.#ready.get(key) ?? this.#held.get(key);
    if (queued) this.#forget(key, queued, this.#ready);
    return queued;
  }

  #forget(key: string, queued: QueuedNote, ready: Map<string, QueuedNote>): void {
    this.#count(queued, -1);
    this.#progress.delete(key);
    this.#held.delete(key);
    ready.delete(key);
  }

  #count({ note, bytes }: QueuedNote, sign: 1 | -1): void {
    this.#bytes += sign * bytes;
    const share = this.#shares.get(note.device);
    const [notes, sum] = [(share?.notes ?? 0) + sign, (share?.bytes ?? 0) + sign * bytes];
    if (notes === 0) this.#shares.delete(note.device);
    else this.#shares.set(note.device, { notes, bytes: sum });
  }

  /** A first note is always fair. */
  #isFair({ note, bytes }: QueuedNote): boolean {
    const share = this.#shares.get(note.device);
    if (!share) return true;
    const count = this.#ready.size + this.#held.size + this.#writing.size;
    return share.notes < this.#limits.notes - count && share.bytes + bytes <= this.#limits.bytes - this.#bytes;
  }

  #makeRoom(bytes: number): boolean {
    const isFull = () =>
      this.#ready.size + this.#held.size + this.#writing.size >= this.#limits.notes ||
      this.#bytes + bytes > this.#limits.bytes;
    while (isFull()) {
      const [oldest] = this.#progress;
      if (oldest === undefined) return false;
      this.#remove(oldest);
    }
    return true;
  }
}

/** Of two notes of one command. A later end changes nothing, but its link is the one that waits for an answer. */
function latest(older: QueuedNote, newer: QueuedNote): QueuedNote {
  if (rank(newer.note) < rank(older.note)) return older;
  if (older.note.kind === 'ended') return { ...older, from: newer.from ?? older.from };
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

/** That an attempt to send it failed takes nothing away from what the device has said of the command. */
function keyOf({ device, id, kind }: Pick<StatusUpdate, 'device' | 'id'> & { kind?: StatusUpdate['kind'] }): string {
  return kind === 'attempt-failed' ? `${device} ${id} ${kind}` : `${device} ${id}`;
}

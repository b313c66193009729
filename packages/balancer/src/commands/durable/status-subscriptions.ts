import type { node } from '@pushfleet/protocol';
import type { Commands, StoredCommand } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Clock,
  concurrentBatches,
  DeadlineWheel,
  type Timed,
  type TurnBatch,
  unscheduled,
} from '@pushfleet/runtime';
import { type CommandListener, type CommandRef, notify, type Status, type Subscription } from '../engine.ts';
import { forgottenReason, mergeStatus } from './command-status.ts';
import type { RegistryClock } from './put-queue.ts';

const sweepMs = 100;
const firstReadDelayMs = 2_000;
const lastReadDelayMs = 30_000;
/** The registry is asked this long after a deadline, when it has it behind itself for certain. */
const pastDeadlineMs = 200;
/** A command that a registry has lost is written again by whichever balancer has accepted it, long before this. */
const lostAfterMs = 15_000;
/** How many commands may wait to be read from the registry; any more are read in a later turn. */
const maxReads = 20_000;

/** A command that has listeners. */
interface Subscribed extends Timed {
  ref: CommandRef;
  /** `undefined`: not known yet. */
  status: Status | undefined;
  nodeId: string;
  /** By this process' monotonic clock; infinite where not known. */
  deliverByMs: number;
  finishByMs: number;
  subscriptions: Subscription[];
  readDelayMs: number;
  /** The command is being read from the registry, or about to be. */
  isReading: boolean;
  /** Since when the registry has not had it. */
  missingSinceMs: number | undefined;
}

export interface StatusSubscriptionsOptions {
  commands: Pick<Commands, 'getMany'>;
  registryClock: RegistryClock;
  clock: Clock;
  attended: AttendedTime;
}

/**
 * Listeners of durable commands. Workers report what they have written into the registry; a report that goes astray is made up
 * for by reading the registry, ever more rarely. Who subscribes bounds how many there are.
 */
export class StatusSubscriptions implements Disposable {
  readonly #options: StatusSubscriptionsOptions;
  readonly #subscribed = new Map<string, Subscribed>();
  readonly #wheel: DeadlineWheel<Subscribed>;
  readonly #reads: TurnBatch<Subscribed>;
  readonly #sweep: Disposable;
  #awaited = 0;

  constructor(options: StatusSubscriptionsOptions) {
    this.#options = options;
    const { clock, attended } = options;
    this.#wheel = new DeadlineWheel(sweepMs, clock.now());
    const run = (batch: Subscribed[]) => this.#read(batch);
    this.#reads = concurrentBatches({ capacity: maxReads, batchItems: 256, concurrency: 2, run });
    this.#sweep = attended.every(sweepMs, () => this.#onTime());
  }

  /** Number of commands that have listeners. */
  get size(): number {
    return this.#subscribed.size;
  }

  /** Number of listeners that wait for a step that has not been reached. */
  get awaited(): number {
    return this.#awaited;
  }

  /** Subscribes to a command as the registry has just said that it stands; the listener hears of that too. */
  add(command: StoredCommand, subscription: Subscription): void {
    const known = this.#subscribed.get(command.id);
    if (known) {
      this.#learn(known, command);
      this.#update(known, command.status);
    }
    const { status, nodeId } = known ?? command;
    if (status && notify(subscription, command, status, nodeId)) return;
    if (known && this.#subscribed.has(command.id)) return this.#keep(known, subscription);
    const subscribed = this.#create({ device: command.device, id: command.id }, subscription);
    subscribed.status = command.status;
    this.#learn(subscribed, command);
    this.#wheel.add(subscribed, this.#nextReadAt(subscribed));
  }

  /** Subscribes to a command of which nothing is known yet: the registry is asked at once. */
  ask(ref: CommandRef, subscription: Subscription): void {
    const known = this.#subscribed.get(ref.id);
    if (known) {
      if (known.status && notify(subscription, known.ref, known.status, known.nodeId)) return;
      this.#keep(known, subscription);
      this.#readSoon(known);
      return;
    }
    const subscribed = this.#create({ device: ref.device, id: ref.id }, subscription);
    this.#wheel.add(subscribed, this.#nextReadAt(subscribed));
    this.#readSoon(subscribed);
  }

  remove({ id }: CommandRef, listener: CommandListener): void {
    const subscribed = this.#subscribed.get(id);
    if (subscribed) this.#retain(subscribed, (one) => one.listener !== listener);
  }

  removeAll(listener: CommandListener): void {
    for (const subscribed of this.#subscribed.values()) this.#retain(subscribed, (one) => one.listener !== listener);
  }

  /** Tells those who wait for a step how their commands stand now, and no more. */
  answerAwaited(): void {
    for (const subscribed of this.#subscribed.values()) {
      const { ref, status, nodeId } = subscribed;
      this.#retain(subscribed, ({ listener, tag, on }) => {
        if (on === 'change' || !status) return true;
        if (!listener.closed) listener.onStatus(ref, status, nodeId, tag);
        return false;
      });
    }
  }

  /** @param status By the report; `undefined`: it says nothing by itself, and the registry is asked. */
  onReport(report: node.CommandReport, status: Status | undefined, nodeId: string): void {
    const subscribed = this.#subscribed.get(report.commandId);
    if (subscribed?.ref.device !== report.deviceId) return;
    if (status) this.#update(subscribed, status, nodeId);
    else this.#readSoon(subscribed);
  }

  /** Takes over a status that the registry has just said. */
  onStatus({ id }: CommandRef, status: Status): void {
    const subscribed = this.#subscribed.get(id);
    if (subscribed) this.#update(subscribed, status);
  }

  [Symbol.dispose](): void {
    this.#sweep[Symbol.dispose]();
    this.#subscribed.clear();
    this.#awaited = 0;
  }

  #create(ref: CommandRef, subscription: Subscription): Subscribed {
    const never = Number.POSITIVE_INFINITY;
    const times = {
      deliverByMs: never,
      finishByMs: never,
      readDelayMs: firstReadDelayMs,
      ...unscheduled,
      isReading: false,
      missingSinceMs: undefined,
    };
    const subscribed: Subscribed = { ref, status: undefined, nodeId: '', subscriptions: [], ...times };
    this.#subscribed.set(ref.id, subscribed);
    this.#keep(subscribed, subscription);
    return subscribed;
  }

  #keep(subscribed: Subscribed, subscription: Subscription): void {
    subscribed.subscriptions.push(subscription);
    if (subscription.on !== 'change') this.#awaited += 1;
  }

  /** Drops the subscriptions that are not to be kept, and the command with the last of them. */
  #retain(subscribed: Subscribed, isKept: (subscription: Subscription) => boolean): void {
    const before = subscribed.subscriptions;
    const kept = before.filter(isKept);
    if (kept.length === before.length) return;
    for (const one of before) if (one.on !== 'change' && !kept.includes(one)) this.#awaited -= 1;
    subscribed.subscriptions = kept;
    if (kept.length > 0 || this.#subscribed.get(subscribed.ref.id) !== subscribed) return;
    this.#subscribed.delete(subscribed.ref.id);
    this.#wheel.remove(subscribed);
  }

  #learn(subscribed: Subscribed, { nodeId, deliverByMs, finishByMs }: StoredCommand): void {
    const { registryClock } = this.#options;
    subscribed.nodeId = nodeId;
    subscribed.deliverByMs = registryClock.toLocal(deliverByMs);
    subscribed.finishByMs = registryClock.toLocal(finishByMs);
  }

  #update(subscribed: Subscribed, said: Status, nodeId?: string): void {
    const status = mergeStatus(subscribed.status, said);
    if (!status) return;
    subscribed.status = status;
    if (nodeId !== undefined) subscribed.nodeId = nodeId;
    this.#retain(subscribed, (one) => !notify(one, subscribed.ref, status, subscribed.nodeId));
  }

  #nextReadAt({ readDelayMs, deliverByMs, finishByMs }: Subscribed): number {
    const nowMs = this.#options.clock.now();
    let atMs = nowMs + readDelayMs;
    if (deliverByMs + pastDeadlineMs > nowMs) atMs = Math.min(atMs, deliverByMs + pastDeadlineMs);
    if (finishByMs + pastDeadlineMs > nowMs) atMs = Math.min(atMs, finishByMs + pastDeadlineMs);
    return atMs;
  }

  /** `false`: too many wait to be read. */
  #readSoon(subscribed: Subscribed): boolean {
    if (!subscribed.isReading) subscribed.isReading = this.#reads.add(subscribed);
    return subscribed.isReading;
  }

  #onTime(): void {
    for (const subscribed of this.#wheel.takeDue(this.#options.clock.now())) {
      const isReading = this.#readSoon(subscribed);
      // One that found no room is due again before those that were read.
      subscribed.readDelayMs = isReading ? Math.min(subscribed.readDelayMs * 2, lastReadDelayMs) : firstReadDelayMs;
      this.#wheel.add(subscribed, this.#nextReadAt(subscribed));
    }
  }

  async #read(batch: Subscribed[]): Promise<void> {
    // A report from now on may be newer than this answer: it must be able to ask again.
    for (const subscribed of batch) subscribed.isReading = false;
    try {
      const found = await this.#options.commands.getMany(batch.map(({ ref }) => ref));
      for (const [index, subscribed] of batch.entries()) this.#onRead(subscribed, found[index]);
    } catch {
      // The registry does not answer; everything is looked at again.
    }
  }

  #onRead(subscribed: Subscribed, command: StoredCommand | undefined): void {
    if (this.#subscribed.get(subscribed.ref.id) !== subscribed) return;
    if (!command) return this.#onMissing(subscribed);
    subscribed.missingSinceMs = undefined;
    this.#learn(subscribed, command);
    this.#update(subscribed, command.status);
  }

  /** One that was there once may come back; see ConfirmedCommands. */
  #onMissing(subscribed: Subscribed): void {
    const { clock, registryClock } = this.#options;
    subscribed.missingSinceMs ??= clock.now();
    const isGone = subscribed.status === undefined || clock.now() - subscribed.missingSinceMs >= lostAfterMs;
    if (isGone) {
      const status = { outcome: 'OUTCOME_UNKNOWN', reason: forgottenReason, atMs: registryClock.wallMs() } as const;
      return this.#update(subscribed, status);
    }
    subscribed.readDelayMs = firstReadDelayMs;
    this.#wheel.move(subscribed, this.#nextReadAt(subscribed));
  }
}

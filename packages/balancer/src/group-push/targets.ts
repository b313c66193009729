import { hash } from 'node:crypto';
import {
  type CommandId,
  type DeviceId,
  durableCommandId,
  type GroupPushId,
  operationBytes,
  parseCommandId,
} from '@pushfleet/protocol';
import type { DeviceQuery, Fleet, GroupPushRecord, GroupPushRequest } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { CommandRef } from '../commands/engine.ts';
import { Pacer, spacingMs } from './pacer.ts';

const pageSize = 1_000;
/** Commands that are recorded and sent together. */
const maxBatch = 500;
/** The operations of durable commands that are recorded and sent together; each command carries its own. */
const maxBatchBytes = 4_194_304;
/** A paced group push goes out in so few steps that its checkpoints cost little; at a low rate each command waits its time. */
const stepMs = 50;
const backOffMs = 250;

/**
 * The id of a device's command in a group push. It is the same whoever computes it, so that whichever balancer goes on with the
 * group push sends nothing twice.
 */
export function groupCommandId(groupPush: GroupPushId, device: DeviceId, isDurable: boolean): CommandId {
  const unique = hash('sha256', `${groupPush}/${device}`, 'hex').slice(0, 32);
  return isDurable ? durableCommandId(unique) : parseCommandId(unique);
}

/** The devices of a group push, in the order of their ids; the next page is read while the one before is worked off. */
export class DevicePager {
  readonly #fleet: Pick<Fleet, 'listDeviceIds'>;
  readonly #query: Omit<DeviceQuery, 'after' | 'limit'>;
  #after: DeviceId | undefined;
  #devices: DeviceId[] = [];
  #reading: Promise<void> | undefined;
  #isComplete = false;

  /** @param after Devices up to this one are left out. */
  constructor(fleet: Pick<Fleet, 'listDeviceIds'>, request: GroupPushRequest, after: DeviceId | undefined) {
    const { group, includeSubgroups, labels } = request;
    this.#fleet = fleet;
    this.#query = { ...(group === undefined ? {} : { group }), includeSubgroups, labels };
    this.#after = after;
  }

  /** How many devices have been read and not been taken. */
  get waiting(): number {
    return this.#devices.length;
  }

  /** All devices have been read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** All devices have been read and taken. */
  get isEmpty(): boolean {
    return this.#isComplete && this.#devices.length === 0;
  }

  take(count: number): DeviceId[] {
    return this.#devices.splice(0, count);
  }

  /**
   * Reads the next page, unless one waits already or is being read. `undefined`: there is nothing to read now.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: the next call tries again.
   */
  readNext(): Promise<void> | undefined {
    if (this.#reading || this.#isComplete || this.#devices.length >= pageSize) return undefined;
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** How many devices have not been read. @throws PushfleetError REGISTRY_UNAVAILABLE */
  async count(): Promise<number> {
    let total = 0;
    for (let after = this.#after; ; ) {
      const page = await this.#page(after);
      total += page.length;
      after = page.at(-1);
      if (page.length < pageSize) return total;
    }
  }

  async #read(): Promise<void> {
    const page = await this.#page(this.#after);
    this.#devices.push(...page);
    this.#after = page.at(-1) ?? this.#after;
    this.#isComplete = page.length < pageSize;
  }

  #page(after: DeviceId | undefined): Promise<DeviceId[]> {
    const query = { ...this.#query, ...(after === undefined ? {} : { after }), limit: pageSize };
    return this.#fleet.listDeviceIds(query);
  }
}

/** Commands that go out together. */
export interface Batch {
  commands: CommandRef[];
  /** They are in a checkpoint already, and were not sent, or not accepted, after that. */
  isRecorded: boolean;
}

export interface PendingTargetsOptions {
  fleet: Pick<Fleet, 'listDeviceIds'>;
  clock: Clock;
  /** Called when commands may go out that could not before. */
  wake: () => void;
  /** How many commands may be in flight, not counting those that wait for their device. */
  maxInFlight: number;
}

type Found = Partial<Pick<GroupPushRecord, 'devices' | 'allFound'>>;

/** The commands of a group push that have not gone out, and how many may: by its pace, the room in flight, the size of a batch. */
export class PendingTargets implements Disposable {
  readonly #record: GroupPushRecord;
  readonly #options: PendingTargetsOptions;
  readonly #pager: DevicePager;
  readonly #isPaced: boolean;
  #pacer = new Pacer(0, 0);
  #unsent: CommandRef[] = [];
  #notBeforeMs = 0;
  #timer: Disposable | undefined;

  constructor(record: GroupPushRecord, options: PendingTargetsOptions) {
    const { request, handedOutTo } = record;
    this.#record = record;
    this.#options = options;
    this.#pager = new DevicePager(options.fleet, request, handedOutTo);
    this.#isPaced = request.ratePerSecond > 0 || request.jitterWindowMs > 0;
  }

  /** Whether there are, or may be, commands that have not gone out. */
  get isLeft(): boolean {
    return !this.#pager.isEmpty || this.#unsent.length > 0;
  }

  /** The number of devices, as far as it can be told when `recorded` commands are in checkpoints; nothing where it is known. */
  found(recorded: number): Found {
    const { isComplete, waiting } = this.#pager;
    if (this.#isPaced && !isComplete) return {};
    return { devices: recorded + waiting, allFound: isComplete };
  }

  /**
   * Begins to count time. How far apart commands of a paced group push go out follows from the number of its devices: they are
   * counted, and that is answered, where it was not known. @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async open(recorded: number): Promise<Found> {
    const { devices, allFound, request } = this.#record;
    const isToBeCounted = this.#isPaced && !allFound;
    const total = isToBeCounted ? recorded + (await this.#pager.count()) : devices;
    this.#pacer = new Pacer(spacingMs(request, total), this.#options.clock.now());
    return isToBeCounted ? { devices: total, allFound: true } : {};
  }

  /** Reads the next page of devices, as `DevicePager.readNext` does; where that fails, nothing goes out for a moment. */
  readNext(): Promise<void> | undefined {
    return this.#pager.readNext()?.catch((error: unknown) => {
      this.backOff();
      throw error;
    });
  }

  /**
   * The commands that go out now; `undefined`: none. Where time stands in the way, `wake` is called when it has passed.
   * @param maySend `false` while the group push is paused or over: no time is saved up then.
   */
  take(maySend: boolean, inFlight: number): Batch | undefined {
    const isRecorded = this.#unsent.length > 0;
    const waiting = isRecorded ? this.#unsent.length : this.#pager.waiting;
    const count = this.#allowance(maySend ? waiting : 0, inFlight);
    if (count === 0) return undefined;
    return { commands: isRecorded ? this.#unsent.splice(0, count) : this.#newCommands(count), isRecorded };
  }

  /** These are in a checkpoint, and have not gone out after all. */
  putBack(commands: readonly CommandRef[]): void {
    for (const command of commands) this.#unsent.push(command);
  }

  /** Takes out those that are in a checkpoint: they will not go out. */
  withdraw(): CommandRef[] {
    return this.#unsent.splice(0);
  }

  /** Something did not accept what was sent, or does not answer: nothing goes out for a moment. */
  backOff(): void {
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#options.clock.now() + backOffMs);
    this.#wakeIn(backOffMs);
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** At most `waiting`. */
  #allowance(waiting: number, inFlight: number): number {
    const { clock, maxInFlight } = this.#options;
    const nowMs = clock.now();
    // While the group push is paused, or nobody is left, time is not saved up.
    if (waiting === 0) this.#pacer.rest(nowMs);
    const room = Math.min(waiting, this.#batchSize, maxInFlight - inFlight);
    if (room <= 0) return 0;
    const count = nowMs < this.#notBeforeMs ? 0 : this.#pacer.take(nowMs, room);
    if (count === 0) this.#wakeIn(Math.max(this.#pacer.waitMs(nowMs), this.#notBeforeMs - nowMs));
    else if (this.#isPaced) this.#notBeforeMs = nowMs + stepMs;
    return count;
  }

  get #batchSize(): number {
    const { operation, ttlMs } = this.#record.request;
    if (ttlMs === 0) return maxBatch;
    return Math.max(1, Math.min(maxBatch, Math.floor(maxBatchBytes / operationBytes(operation))));
  }

  #newCommands(count: number): CommandRef[] {
    const { id, request } = this.#record;
    const isDurable = request.ttlMs > 0;
    return this.#pager.take(count).map((device) => ({ device, id: groupCommandId(id, device, isDurable) }));
  }

  #wakeIn(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#options.clock.after(Math.ceil(delayMs), this.#options.wake);
  }
}

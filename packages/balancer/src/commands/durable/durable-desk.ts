import { randomUUID } from 'node:crypto';
import { type CommandId, durableCommandId, hasEnded, type node, PushfleetError } from '@pushfleet/protocol';
import type {
  CancelResult,
  Commands,
  Fleet,
  NewCommand,
  PutResult,
  StoredCommand,
  WorkerRef,
} from '@pushfleet/registry';
import type { AttendedTime } from '@pushfleet/runtime';
import type { Caller } from '../caller.ts';
import type { DurableTerms } from '../durable-terms.ts';
import { fingerprint } from '../fingerprint.ts';
import type { Push } from '../push.ts';
import type { CommandRef, DurableFollower } from '../push-desk.ts';
import { alreadyTaken, overloaded, shuttingDown } from '../refusal.ts';
import { DurableDispatch, type DurableDispatchOptions } from './dispatch.ts';
import { DurablePush } from './durable-push.ts';
import { Follows } from './follows.ts';
import { deviceNotFound, KnownDevices } from './known-devices.ts';
import { type DurableSettings, PutQueue } from './put-queue.ts';
import { RegistryClock } from './registry-clock.ts';

export interface DurableDeskOptions extends DurableSettings, Omit<DurableDispatchOptions, 'commands' | 'follows'> {
  commands: Commands;
  fleet: Pick<Fleet, 'getDevices'>;
  /** How many pushes may wait for their answer. */
  capacity: number;
  attended: AttendedTime;
}

export type FailureListener = (command: CommandRef, error: unknown) => void;

const queueFullRetryMs = 1_000;

/** Takes durable commands: into the registry first, then to the worker that it names, or whenever the device comes. */
export class DurableDesk implements Disposable {
  readonly follows: Follows;
  readonly dispatch: DurableDispatch;
  readonly devices: KnownDevices;
  readonly #commands: Commands;
  readonly #puts: PutQueue;
  readonly #capacity: number;
  readonly #waiting = new Set<DurablePush>();
  readonly #onTold = (push: DurablePush) => this.#forget(push);
  #drained: (() => void) | undefined;

  constructor(options: DurableDeskOptions) {
    const { commands, fleet, clock, attended, capacity } = options;
    const registryClock = new RegistryClock(clock);
    this.#commands = commands;
    this.#capacity = capacity;
    this.follows = new Follows({ commands, registryClock, clock, attended });
    this.dispatch = new DurableDispatch({ ...options, follows: this.follows });
    this.devices = new KnownDevices(fleet, clock, capacity);
    this.#puts = new PutQueue(commands, registryClock, options, capacity);
  }

  /** The caller is told, perhaps before this returns. */
  push(push: Push, terms: DurableTerms, caller: Caller, tag: number): DurablePush {
    const command = newCommand(push, terms);
    const durable = new DurablePush(command, push.wait, caller, tag, this.#onTold);
    const refusal = this.#refusal();
    if (refusal) durable.refuse(refusal);
    else if (this.devices.has(command.device)) this.#accept(durable);
    else {
      this.#waiting.add(durable);
      this.devices.ask(command.device, (error) => {
        if (error !== undefined) durable.refuse(error);
        else if (!caller.gone) this.#accept(durable);
      });
    }
    return durable;
  }

  /** As PushDesk. */
  putMany(commands: readonly NewCommand[], follower: DurableFollower): Promise<PutResult[]> {
    if (this.#drained) return Promise.reject(shuttingDown());
    const puts = commands.map((command) => this.#put(command, follower));
    return Promise.all(puts);
  }

  /** As CommandEngine; the command's first status is what the registry made of it. */
  submitMany(commands: readonly NewCommand[], follower: DurableFollower, onFailed: FailureListener): void {
    for (const command of commands) {
      const failed = (error: unknown) => onFailed(command, error);
      const onPut = (put: PutResult) => {
        if (!('command' in put)) return failed(this.#refusalOf(command, put));
        const { status, nodeId } = put.command;
        const isTold = !hasEnded(status.outcome) && this.follows.add(put.command, follower);
        if (!isTold) follower(put.command, status, nodeId);
        if (put.kind === 'routed') this.dispatch.handOver(command, put.session);
      };
      if (this.#drained) failed(shuttingDown());
      else if (!this.#puts.add({ command, onPut, onFailed: failed })) failed(overloaded('too many commands wait'));
    }
  }

  async cancel(ref: CommandRef, reason: string): Promise<CancelResult> {
    const cancelled = await this.#commands.cancel(ref.device, ref.id, reason);
    if (cancelled.kind === 'unknown') return cancelled;
    this.follows.onStatus(ref, cancelled.command.status);
    if (cancelled.kind === 'asked' && cancelled.session) this.dispatch.cancel(ref, cancelled.session, reason);
    return cancelled;
  }

  onReport(channel: { readonly worker: WorkerRef }, report: node.CommandReport): void {
    if (!this.dispatch.onReport(report)) this.follows.onReport(report, channel.worker.nodeId);
  }

  /** The command goes on; nobody waits for it. */
  letGo(push: DurablePush): void {
    this.#forget(push);
  }

  onCallerGone(caller: Caller): void {
    for (const push of this.#waiting) if (push.caller === caller) this.#forget(push);
  }

  /**
   * Takes no more, and answers callers with where their commands stand: these go on without this balancer. Waits for
   * those that the registry is just being told of.
   */
  async drain(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#drained = resolve;
    this.#answerAll();
    if (this.#waiting.size === 0) return;
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (!signal.aborted) await promise;
  }

  [Symbol.dispose](): void {
    this.#drained ??= () => {};
    this.#answerAll();
    for (const push of this.#waiting) push.refuse(shuttingDown());
    this.follows[Symbol.dispose]();
  }

  #answerAll(): void {
    for (const push of this.#waiting) if (push.ref) push.answer();
  }

  #refusal(): PushfleetError | undefined {
    if (this.#drained) return shuttingDown();
    if (this.#waiting.size < this.#capacity) return undefined;
    return overloaded(`${this.#capacity} callers wait for durable commands`);
  }

  #accept(push: DurablePush): void {
    this.#waiting.add(push);
    const taken = this.#puts.add({
      command: push.command,
      onPut: (put) => this.#onPut(push, put),
      onFailed: (error) => push.refuse(error),
    });
    if (!taken) push.refuse(overloaded('too many durable commands wait for the registry'));
  }

  #onPut(push: DurablePush, put: PutResult): void {
    if (!('command' in put)) return push.refuse(this.#refusalOf(push.command, put));
    const waits = push.onStored(put.command);
    if (waits && this.#waiting.has(push)) this.follows.add(put.command, push.follower);
    if (put.kind === 'routed') this.dispatch.handOver(push.command, put.session);
    if (this.#drained && push.ref && this.#waiting.has(push)) push.answer();
  }

  #put(command: NewCommand, follower: DurableFollower): Promise<PutResult> {
    return new Promise((resolve, reject) => {
      const onPut = (put: PutResult) => {
        if ('command' in put) this.#follow(put.command, follower);
        if (put.kind === 'routed') this.dispatch.handOver(command, put.session);
        resolve(put);
      };
      if (!this.#puts.add({ command, onPut, onFailed: reject })) reject(overloaded('too many commands wait'));
    });
  }

  #follow(command: StoredCommand, follower: DurableFollower): void {
    if (!hasEnded(command.status.outcome)) this.follows.add(command, follower);
  }

  #forget(push: DurablePush): void {
    if (!this.#waiting.delete(push)) return;
    if (push.ref) this.follows.remove(push.ref, push.follower);
    if (this.#waiting.size === 0) this.#drained?.();
  }

  #refusalOf(command: NewCommand, put: Exclude<PutResult, { command: StoredCommand }>): PushfleetError {
    if (put.kind === 'deleted') return deviceNotFound(command.device);
    return put.kind === 'conflict' ? conflict(command, put.id) : this.#queueFull(command);
  }

  #queueFull({ device }: NewCommand): PushfleetError {
    const message = `no room in the queue of "${device}": it holds ${this.#puts.maxCommands} commands, or their size is at its limit`;
    return new PushfleetError('QUEUE_FULL', message, { retryAfterMs: queueFullRetryMs });
  }
}

function newCommand(push: Push, { idempotencyKey, ...terms }: DurableTerms): NewCommand {
  const { deviceId: device, operation, deliverWithinMs: ttlMs, finishWithinMs } = push;
  const asked = { operation, ...terms, ttlMs, finishWithinMs };
  const isCompared = idempotencyKey !== '' || push.id !== undefined;
  const id = push.id ?? durableCommandId(randomUUID());
  return { id, device, idempotencyKey, fingerprint: isCompared ? fingerprint(asked) : '', ...asked };
}

function conflict({ id, idempotencyKey }: NewCommand, known: CommandId): PushfleetError {
  const isById = id === known || idempotencyKey === '';
  return alreadyTaken(isById ? 'command_id' : 'idempotency_key', `command ${known} of this device`);
}

import { type ErrorCode, hasEnded, PushfleetError } from '@pushfleet/protocol';
import type { Commands, DeviceOutcome, GroupPushRequest } from '@pushfleet/registry';
import { type Clock, createLimiter, type Logger } from '@pushfleet/runtime';
import type { CommandEngine, CommandListener, CommandRef, CommandTerms, Status } from '../commands/engine.ts';
import { toPushfleetError } from '../errors.ts';
import type { GroupPushTrace } from './group-push-trace.ts';

/** Between recording a command in a checkpoint and sending it. */
const longestDelayMs = 3_600_000;
const cancelsAtOnce = 64;
const cancelReason = 'the group push was cancelled';
/** With these a command may be sent again. */
const transient: readonly ErrorCode[] = ['OVERLOADED', 'REGISTRY_UNAVAILABLE', 'SHUTTING_DOWN'];

export type CommandStatus = Pick<Status, 'outcome' | 'reason' | 'atMs'>;

/** Hears what becomes of the commands that a sender was given. */
export interface SenderListener {
  onStatus(command: CommandRef, status: CommandStatus): void;
  /** The command was not sent, and may be with the same id. */
  onUnsent(command: CommandRef): void;
}

export interface SenderOptions extends SenderListener {
  engine: Pick<CommandEngine, 'submitMany' | 'subscribe' | 'unsubscribe' | 'cancel'>;
  registry: { commands: Pick<Commands, 'getMany'> };
  /** For how long the registry keeps durable commands that have ended. */
  outcomesKeptMs: number;
  clock: Clock;
  logger: Logger;
  /** Absent: nobody traces the group push. */
  trace?: GroupPushTrace | undefined;
}

/** Commands that another balancer recorded, and of which it did not record the end. */
export interface Recovered {
  live: CommandRef[];
  /** They were never sent. */
  unsent: CommandRef[];
  ended: DeviceOutcome[];
}

/** Sends the commands of one group push, withdraws them, and reports what becomes of them. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #terms: CommandTerms;
  readonly #isDurable: boolean;
  readonly #listener: CommandListener;
  readonly #cancelled = new Set<string>();
  #cancelling: Promise<unknown> | undefined;
  #hasLeft = false;

  constructor(request: GroupPushRequest, options: SenderOptions) {
    const { operation, ttlMs, deliverWithinMs, finishWithinMs, priority, collapseKey } = request;
    this.#options = options;
    this.#isDurable = ttlMs > 0;
    this.#terms = this.#isDurable
      ? { operation, deliverWithinMs: ttlMs, finishWithinMs, queueing: { priority, collapseKey, idempotencyKey: '' } }
      : { operation, deliverWithinMs, finishWithinMs };
    const sender = this;
    this.#listener = {
      // Direct commands go on when they are left; nobody else could.
      get closed() {
        return sender.#isDurable && sender.#hasLeft;
      },
      onStatus: (command, status) => {
        options.trace?.onStatus(command, status);
        options.onStatus(command, status);
      },
      onFailed: (command, error) => this.#onFailed(command, error),
    };
  }

  /** Whether another balancer may go on with what is in flight. */
  get canBeLeft(): boolean {
    return this.#isDurable;
  }

  send(commands: readonly CommandRef[]): void {
    const { engine, trace } = this.#options;
    engine.submitMany(trace ? trace.begin(commands) : commands, this.#terms, {
      listener: this.#listener,
      tag: 0,
      on: 'change',
    });
  }

  /** Reports what becomes of these, which another balancer has sent, and where they stand now. */
  subscribe(commands: readonly CommandRef[]): void {
    for (const command of commands) {
      this.#options.engine.subscribe(command, { listener: this.#listener, tag: 0, on: 'change' });
    }
  }

  /** Nothing more is reported of these. */
  leave(commands: readonly CommandRef[]): void {
    this.#hasLeft = true;
    for (const command of commands) this.#options.engine.unsubscribe(command, this.#listener);
  }

  /**
   * Withdraws each of these once, 64 at a time. Those that could not be, because they are not known yet or the registry does not
   * answer, are withdrawn by the next call; nothing happens while an earlier call is at it.
   */
  cancel(commands: readonly CommandRef[]): void {
    const limit = createLimiter(cancelsAtOnce);
    const left = commands.filter(({ id }) => !this.#cancelled.has(id));
    this.#cancelling ??= Promise.all(left.map((command) => limit(() => this.#cancel(command)))).finally(() => {
      this.#cancelling = undefined;
    });
  }

  /**
   * Finds what became of commands that another balancer recorded. Direct ones are known to that balancer alone, even whether
   * they were sent. @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async recover(recorded: readonly DeviceOutcome[]): Promise<Recovered> {
    const recovered: Recovered = { live: [], unsent: [], ended: [] };
    if (!this.#isDurable) {
      const reason = 'the balancer that sent it was lost before a result came';
      recovered.ended = recorded.map((before) => ({ ...before, ...this.#now('OUTCOME_UNKNOWN', reason) }));
      return recovered;
    }
    const refs = recorded.map(({ device, command }): CommandRef => ({ device, id: command }));
    const found = await this.#options.registry.commands.getMany(refs);
    for (const [index, before] of recorded.entries()) {
      const [ref, status] = [refs[index] as CommandRef, found[index]?.status];
      if (!status) this.#recoverMissing(ref, before, recovered);
      else if (!hasEnded(status.outcome)) recovered.live.push(ref);
      else recovered.ended.push({ ...before, outcome: status.outcome, reason: status.reason, atMs: status.atMs });
    }
    return recovered;
  }

  /** One that was recorded lately was never sent; an older one may have been, have ended, and have been forgotten. */
  #recoverMissing(ref: CommandRef, before: DeviceOutcome, { unsent, ended }: Recovered): void {
    const { clock, outcomesKeptMs } = this.#options;
    // Of two clocks: by half the time they will not be apart.
    const mayBeForgotten = clock.wallMs() - before.atMs >= Math.min(longestDelayMs, outcomesKeptMs / 2);
    if (mayBeForgotten) ended.push({ ...before, ...this.#now('OUTCOME_UNKNOWN', 'the command is no longer kept') });
    else unsent.push(ref);
  }

  #onFailed(command: CommandRef, error: unknown): void {
    const { onStatus, onUnsent, logger, trace } = this.#options;
    trace?.onFailed(command, toPushfleetError(error, logger));
    // A durable one that is submitted again is found by its id where it is there all the same.
    const mayTryAgain = error instanceof PushfleetError ? transient.includes(error.code) : this.#isDurable;
    if (mayTryAgain) return onUnsent(command);
    const { code, message } = toPushfleetError(error, logger);
    if (this.#isDurable && code === 'DEVICE_NOT_FOUND') {
      return onStatus(command, this.#now('OUTCOME_CANCELLED', 'the device was deleted'));
    }
    const reason = code === 'QUEUE_FULL' ? "the device's queue is full" : message;
    onStatus(command, this.#now('OUTCOME_REJECTED', reason));
  }

  async #cancel(command: CommandRef): Promise<void> {
    const answer = await this.#options.engine.cancel(command, cancelReason).catch(() => undefined);
    if (answer && answer.kind !== 'unknown') this.#cancelled.add(command.id);
  }

  #now(outcome: CommandStatus['outcome'], reason: string): CommandStatus {
    return { outcome, reason, atMs: this.#options.clock.wallMs() };
  }
}

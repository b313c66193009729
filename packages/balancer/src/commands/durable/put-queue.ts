import { limits } from '@pushfleet/protocol';
import type { Commands, FailedPut, NewCommand, PutResult, QueuePolicy } from '@pushfleet/registry';
import { type Clock, concurrentBatches, type TurnBatch } from '@pushfleet/runtime';

/** Settings of operators. */
export interface DurableSettings {
  queueCommands: number;
  queueBytes: number;
  outcomesKeptMs: number;
}

export interface PutRequest {
  readonly command: NewCommand;
  onPut(put: PutResult): void;
  /** Nobody knows whether it was written. */
  onFailed(error: unknown): void;
}

/** Puts commands into the registry, those of one turn of the event loop together. */
export class PutQueue {
  readonly #commands: Pick<Commands, 'putMany'>;
  readonly #registryClock: RegistryClock;
  readonly #policy: QueuePolicy;
  readonly #requests: TurnBatch<PutRequest>;

  constructor(
    commands: Pick<Commands, 'putMany'>,
    registryClock: RegistryClock,
    { queueCommands, queueBytes, outcomesKeptMs }: DurableSettings,
    capacity: number,
  ) {
    this.#commands = commands;
    this.#registryClock = registryClock;
    const keepEndedMs = outcomesKeptMs;
    this.#policy = { maxCommands: queueCommands, maxBytes: queueBytes, window: limits.durableWindow, keepEndedMs };
    const run = (batch: PutRequest[]) => this.#put(batch);
    this.#requests = concurrentBatches({ capacity, batchItems: 256, concurrency: 4, run });
  }

  /** How many commands may wait for one device. */
  get maxCommands(): number {
    return this.#policy.maxCommands;
  }

  /** `false`: there is no room. */
  add(request: PutRequest): boolean {
    return this.#requests.add(request);
  }

  async #put(batch: PutRequest[]): Promise<void> {
    let puts: (PutResult | FailedPut)[];
    try {
      puts = await this.#commands.putMany(
        batch.map(({ command }) => command),
        this.#policy,
      );
    } catch (error) {
      for (const request of batch) request.onFailed(error);
      return;
    }
    const fresh = puts.findLast((put) => put.kind === 'queued' || put.kind === 'routed');
    if (fresh?.kind === 'queued' || fresh?.kind === 'routed') this.#registryClock.onHeard(fresh.command.acceptedAtMs);
    batch.forEach((request, index) => {
      const put = puts[index] as PutResult | FailedPut;
      if (put.kind === 'failed') request.onFailed(put.error);
      else request.onPut(put);
    });
  }
}

/** The registry's wall clock, as far as its last answer tells: late by as long as that answer took. */
export class RegistryClock {
  readonly #clock: Clock;
  /** Ahead of this process' monotonic clock; before the first answer both machines' wall clocks are taken to agree. */
  #aheadMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#aheadMs = clock.wallMs() - clock.now();
  }

  /** The registry has just said that it was this late there. */
  onHeard(atMs: number): void {
    this.#aheadMs = atMs - this.#clock.now();
  }

  wallMs(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  /** The same moment by this process' monotonic clock. */
  toLocal(atMs: number): number {
    return atMs - this.#aheadMs;
  }
}

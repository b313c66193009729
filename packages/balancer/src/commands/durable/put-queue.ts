import { limits } from '@pushfleet/protocol';
import type { Commands, FailedPut, NewCommand, PutResult, QueuePolicy } from '@pushfleet/registry';
import { BatchRunner } from '../batch-runner.ts';
import type { RegistryClock } from './registry-clock.ts';

/** What operators set. */
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

/** Puts what comes in one turn of the event loop into the registry together. */
export class PutQueue {
  readonly #commands: Pick<Commands, 'putMany'>;
  readonly #registryClock: RegistryClock;
  readonly #policy: QueuePolicy;
  readonly #requests: BatchRunner<PutRequest>;

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
    this.#requests = new BatchRunner({ capacity, batchItems: 256, concurrency: 4, run });
  }

  /** How many may wait for one device. */
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

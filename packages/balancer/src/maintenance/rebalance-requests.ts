import type { admin } from '@pushfleet/protocol';
import type { RebalanceRecord, Registry } from '@pushfleet/registry';
import { type Clock, pollUntil } from '@pushfleet/runtime';
import { overloaded } from '../errors.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { planMoves, readLoads } from '../rebalance/plan.ts';
import { viewMove, viewRebalance } from './view.ts';

/** The lease of a leader that has died must expire before the next one can take requests up. */
const takenUp = { withinMs: 8_000, everyMs: 100 };
/** A leader that was just writing how far it is has forgotten a request that came in that moment. */
const askAgainMs = 1_500;

export interface RebalanceRequestsOptions {
  registry: Pick<Registry, 'fleet' | 'rebalances'>;
  directory: Pick<NodeDirectory, 'nodes' | 'refreshSoon'>;
  clock: Clock;
}

/** The requests for rebalances, which any balancer takes; the leader among them carries them out. */
export class RebalanceRequests {
  readonly #options: RebalanceRequestsOptions;

  constructor(options: RebalanceRequestsOptions) {
    this.#options = options;
  }

  async plan(): Promise<admin.PlanRebalanceResponseInit> {
    const { registry, directory } = this.#options;
    await directory.refreshSoon();
    const points = await registry.fleet.listDistributionPoints();
    const { moves, largestToMean } = planMoves(readLoads(directory.nodes, points));
    return { moves: moves.map((move) => viewMove(move, 0)), largestToMean };
  }

  /** One that is under way is answered as if it had just been started. */
  async start(): Promise<admin.StartRebalanceResponseInit> {
    const { rebalances } = this.#options.registry;
    const before = await rebalances.get();
    if (before?.state === 'running') return { rebalance: viewRebalance(before) };
    const record = await this.#request(
      () => rebalances.requestStart(),
      (now) => now !== undefined && now.id !== before?.id,
    );
    return answer(record);
  }

  async get(): Promise<admin.GetRebalanceResponseInit> {
    return answer(await this.#options.registry.rebalances.get());
  }

  async abort(): Promise<admin.AbortRebalanceResponseInit> {
    const { rebalances } = this.#options.registry;
    const record = await this.#request(
      () => rebalances.requestAbort(),
      (now) => now?.state !== 'running',
    );
    return answer(record);
  }

  /** Asks, and asks again, until the leader has taken the request up. @throws PushfleetError OVERLOADED: none has within 8 s. */
  async #request(
    ask: () => Promise<unknown>,
    isDone: (record: RebalanceRecord | undefined) => boolean,
  ): Promise<RebalanceRecord | undefined> {
    const { registry, clock } = this.#options;
    let askAtMs = clock.now();
    const read = async () => {
      if (clock.now() >= askAtMs) {
        askAtMs = clock.now() + askAgainMs;
        await ask();
      }
      return registry.rebalances.get();
    };
    const record = await pollUntil(clock, { ...takenUp, read, isDone });
    if (isDone(record)) return record;
    const message = 'no balancer has taken the request up yet; GetRebalance tells when one has';
    throw overloaded(message);
  }
}

function answer(record: RebalanceRecord | undefined): { rebalance?: admin.RebalanceInit } {
  return record ? { rebalance: viewRebalance(record) } : {};
}

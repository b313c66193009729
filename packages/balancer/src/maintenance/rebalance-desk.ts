import { setTimeout as sleep } from 'node:timers/promises';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import type { RebalanceRecord, Registry } from '@pushfleet/registry';
import type { NodeDirectory } from '../node-directory.ts';
import { readLoads } from '../rebalance/loads.ts';
import { planMoves } from '../rebalance/plan.ts';
import { viewMove, viewRebalance } from './view.ts';

/** The lease of a leader that has died must lapse before the next one can take requests up. */
const patienceMs = 8_000;
const pollMs = 100;
/** A leader that was just writing how far it is has forgotten a request that came in that moment. */
const askAgainMs = 1_500;

/** Takes what is asked of rebalancing; whoever holds the lease does it. */
export class RebalanceDesk {
  readonly #registry: Pick<Registry, 'fleet' | 'rebalances'>;
  readonly #directory: Pick<NodeDirectory, 'nodes' | 'refreshSoon'>;

  constructor(
    registry: Pick<Registry, 'fleet' | 'rebalances'>,
    directory: Pick<NodeDirectory, 'nodes' | 'refreshSoon'>,
  ) {
    this.#registry = registry;
    this.#directory = directory;
  }

  async plan(): Promise<admin.PlanRebalanceResponseInit> {
    await this.#directory.refreshSoon();
    const points = await this.#registry.fleet.listDistributionPoints();
    const { moves, largestToMean } = planMoves(readLoads(this.#directory.nodes, points));
    return { moves: moves.map((move) => viewMove(move, 0)), largestToMean };
  }

  /** One that is under way is answered as if it had just been started. */
  async start(): Promise<admin.StartRebalanceResponseInit> {
    const { rebalances } = this.#registry;
    const before = await rebalances.get();
    if (before?.state === 'running') return { rebalance: viewRebalance(before) };
    const record = await this.#until(
      () => rebalances.requestStart(),
      (now) => now !== undefined && now.id !== before?.id,
    );
    return answer(record);
  }

  async get(): Promise<admin.GetRebalanceResponseInit> {
    return answer(await this.#registry.rebalances.get());
  }

  async abort(): Promise<admin.AbortRebalanceResponseInit> {
    const { rebalances } = this.#registry;
    const record = await this.#until(
      () => rebalances.requestAbort(),
      (now) => now?.state !== 'running',
    );
    return answer(record);
  }

  async #until(
    ask: () => Promise<unknown>,
    isDone: (record: RebalanceRecord | undefined) => boolean,
  ): Promise<RebalanceRecord | undefined> {
    const { rebalances } = this.#registry;
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      if (waitedMs % askAgainMs === 0) await ask();
      const record = await rebalances.get();
      if (isDone(record)) return record;
      await sleep(pollMs);
    }
    const message = 'no balancer has taken the request up yet; GetRebalance tells when one has';
    throw new PushfleetError('OVERLOADED', message, { retryAfterMs: 1_000 });
  }
}

function answer(record: RebalanceRecord | undefined): { rebalance?: admin.RebalanceInit } {
  return record ? { rebalance: viewRebalance(record) } : {};
}

import { randomUUID } from 'node:crypto';
import type { RebalanceRecord, Registry } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { LeaderTask, LeaderTerm } from '../leader/leader.ts';
import type { JudgedNode, NodeDirectory } from '../node-directory.ts';
import { isFit, type LoadedNode, type Plan, planMoves, readLoads } from './plan.ts';
import { RebalanceRun, type Redirector } from './rebalance-run.ts';
import { evenRatio, type Thresholds, Trigger } from './trigger.ts';

/** How long devices that were redirected may take to arrive. */
const settleMs = 10_000;
/** A rebalance looks again at what it has achieved, and moves what came in between. */
const maxRounds = 3;

export interface RebalanceSettings {
  /** `false`: only when asked for. */
  rebalance: boolean;
  rebalanceRate: number;
  rebalanceCooldownMs: number;
  rebalanceMinLinks: number;
  rebalanceMinPercent: number;
}

export interface RebalancerOptions {
  registry: Pick<Registry, 'fleet' | 'maintenance' | 'rebalances' | 'rollingRestarts'>;
  directory: Pick<NodeDirectory, 'nodes' | 'node'>;
  redirector: Redirector;
  settings: RebalanceSettings;
  /** `false`: good push servers may still look as if they were not ready. */
  isSettled: () => boolean;
  clock: Clock;
  logger: Logger;
}

interface Rebalance {
  record: RebalanceRecord;
  run: RebalanceRun;
  round: number;
  /** When devices that were redirected are waited for no longer, by the monotonic clock. `undefined`: not all have been redirected. */
  settleByMs: number | undefined;
}

/** Starts rebalances and carries them out, for as long as this balancer leads. */
export class Rebalancer implements LeaderTask {
  readonly name = 'rebalancing';
  readonly #options: RebalancerOptions;
  readonly #trigger: Trigger;
  #term: LeaderTerm | undefined;
  #current: Rebalance | undefined;

  constructor(options: RebalancerOptions) {
    const { rebalanceMinLinks, rebalanceMinPercent, rebalanceCooldownMs } = options.settings;
    const thresholds: Thresholds = {
      minLinks: rebalanceMinLinks,
      minPercent: rebalanceMinPercent,
      cooldownMs: rebalanceCooldownMs,
    };
    this.#options = options;
    this.#trigger = new Trigger(thresholds);
  }

  async tick(term: LeaderTerm): Promise<void> {
    if (!this.#options.isSettled()) return;
    const { rebalances, fleet } = this.#options.registry;
    const loads = readLoads(this.#options.directory.nodes, await fleet.listDistributionPoints());
    if (term !== this.#term) await this.#takeOver(term, loads);
    const requests = await rebalances.requests();
    if (term.lost.aborted) return;
    if (!this.#current) return this.#consider(loads, requests.start);
    const isInTheWay = this.#current.record.cause !== 'asked' && (await this.#isMaintained());
    if (requests.abort || isInTheWay) return this.#end('aborted');
    return this.#goOn(this.#current, loads);
  }

  /** Plans what an earlier leader began anew, from where devices are now; what that one did is not repeated. */
  async #takeOver(term: LeaderTerm, loads: readonly LoadedNode[]): Promise<void> {
    this.#current = undefined;
    const record = await this.#options.registry.rebalances.get();
    this.#term = term;
    if (record?.state !== 'running') return;
    const past = record.moves
      .filter(({ redirected }) => redirected > 0)
      .map((move) => ({ ...move, devices: move.redirected }));
    this.#current = this.#begin(record, past, planMoves(loads), 1);
  }

  async #consider(loads: readonly LoadedNode[], isAsked: boolean): Promise<void> {
    const { settings, clock, directory } = this.#options;
    const plan = planMoves(loads);
    // One that is left out for the silence of a worker is there: it does not join when that one is heard again.
    const ready = [...directory.nodes].filter(isFit).map(({ nodeId }) => nodeId);
    // Nearly always nothing starts, and then nobody needs to be asked.
    const isMaintained = plan.excess >= settings.rebalanceMinLinks && (await this.#isMaintained());
    const wanted = this.#trigger.check({ plan, ready, isMaintained, nowMs: clock.now() });
    const cause = isAsked ? 'asked' : settings.rebalance ? wanted : undefined;
    if (cause) await this.#start(cause, plan);
  }

  async #start(cause: RebalanceRecord['cause'], plan: Plan): Promise<void> {
    const { clock, logger } = this.#options;
    const record: RebalanceRecord = {
      id: randomUUID(),
      state: 'running',
      cause,
      moves: [],
      startedAtMs: clock.wallMs(),
    };
    logger.info({ rebalanceId: record.id, cause, moves: plan.moves }, 'rebalancing');
    const rebalance = this.#begin(record, [], plan, 1);
    this.#current = rebalance;
    if (plan.moves.length === 0) return this.#end('done');
    await this.#save();
    if (this.#current === rebalance) rebalance.run.step((id) => this.#node(id));
  }

  #begin(record: RebalanceRecord, past: RebalanceRecord['moves'], plan: Plan, round: number): Rebalance {
    const { redirector, settings } = this.#options;
    const run = new RebalanceRun({ past, moves: plan.moves, redirector, devicesPerSecond: settings.rebalanceRate });
    return { record, run, round, settleByMs: undefined };
  }

  async #goOn(rebalance: Rebalance, loads: readonly LoadedNode[]): Promise<void> {
    const nowMs = this.#options.clock.now();
    rebalance.run.step((id) => this.#node(id));
    if (!rebalance.run.isComplete) return this.#save();
    rebalance.settleByMs ??= nowMs + settleMs;
    const plan = planMoves(loads);
    const isEven = plan.moves.length === 0 || plan.largestToMean <= evenRatio;
    if (!isEven && nowMs < rebalance.settleByMs) return this.#save();
    if (isEven || rebalance.round >= maxRounds) return this.#end('done');
    this.#current = this.#begin(rebalance.record, rebalance.run.moves, plan, rebalance.round + 1);
    return this.#save();
  }

  async #end(state: 'done' | 'aborted'): Promise<void> {
    const { clock, logger } = this.#options;
    if (!this.#current) return;
    this.#current.record = { ...this.#current.record, state, endedAtMs: clock.wallMs() };
    await this.#save();
    const { id } = this.#current?.record ?? {};
    this.#current = undefined;
    this.#trigger.onEnded(clock.now());
    logger.info({ rebalanceId: id, state }, 'rebalancing has ended');
  }

  async #save(): Promise<void> {
    if (!this.#current || !this.#term || this.#term.lost.aborted) return;
    const { record, run } = this.#current;
    const written = await this.#options.registry.rebalances.put({ ...record, moves: run.moves }, this.#term.token);
    // Somebody else leads by now; this one's lease just has not been found out to be gone.
    if (!written) this.#current = undefined;
  }

  #node(id: JudgedNode['nodeId']): JudgedNode | undefined {
    return this.#options.directory.node(id);
  }

  async #isMaintained(): Promise<boolean> {
    const { maintenance, rollingRestarts } = this.#options.registry;
    // Between two of its restarts nobody is drained; while it waits for an administrator, nothing stands in the way.
    const rolling = await rollingRestarts.get();
    if (rolling?.state === 'running' && rolling.desiredState !== 'paused') return true;
    const known = await Promise.all([...this.#options.directory.nodes].map(({ nodeId }) => maintenance.get(nodeId)));
    return known.some((record) => record && record.phase !== 'done');
  }
}

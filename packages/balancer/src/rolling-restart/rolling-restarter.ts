import { randomUUID } from 'node:crypto';
import type { NodeId } from '@pushfleet/protocol';
import type { Registry, RollingRestartRecord, RollingRestartStep, RollingRestartView } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { statusOf } from '../fleet/view.ts';
import type { LeaderTask, LeaderTerm } from '../leader/leader.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { planMoves, readLoads } from '../rebalance/plan.ts';
import { evenRatio } from '../rebalance/trigger.ts';
import { advanceStep } from './advance-step.ts';
import { describeNode, roomProblem } from './plan.ts';

/** Devices that were on their way when a rebalance was planned make another one necessary, now and then. */
const maxRebalances = 3;
/** A push server without devices goes through several states at once. */
const changesPerTick = 4;
/** The most that counts as the time between two looks: what lies beyond it nobody has seen. */
const longestLookMs = 2_000;

export interface RollingRestarterOptions {
  registry: Pick<Registry, 'fleet' | 'maintenance' | 'rebalances' | 'rollingRestarts'>;
  directory: Pick<NodeDirectory, 'nodes' | 'node'>;
  /** `false`: good push servers may still look as if they were not ready. */
  isSettled: () => boolean;
  clock: Clock;
  logger: Logger;
}

/**
 * Restarts one push server after the other, for as long as this balancer leads. Each comes back empty, and is refilled by the devices
 * of the next one, which go to the least loaded; evening out after each would move them twice. What the last one lacks is evened out
 * at the end. Everything that decides what comes next is in the registry: another leader goes on from there.
 */
export class RollingRestarter implements LeaderTask {
  readonly name = 'rolling restart';
  readonly #options: RollingRestarterOptions;
  #term: LeaderTerm | undefined;
  #watched = { step: '', status: '', inStateMs: 0, inStatusMs: 0, lookedAtMs: 0 };

  constructor(options: RollingRestarterOptions) {
    this.#options = options;
  }

  async tick(term: LeaderTerm): Promise<void> {
    if (!this.#options.isSettled()) return;
    if (term !== this.#term) this.#watched.step = '';
    this.#term = term;
    const { rollingRestarts } = this.#options.registry;
    let view = await rollingRestarts.get();
    for (let changes = 0; view && view.endedAtMs === undefined && changes < changesPerTick; changes += 1) {
      const next = await this.#next(view, term);
      if (next === view || term.lost.aborted) return;
      view = await rollingRestarts.advance(next, term.token);
    }
  }

  /** The same object where nothing changes. */
  async #next(view: RollingRestartView, term: LeaderTerm): Promise<RollingRestartView> {
    const current = view.steps.findIndex(({ state }) => begunStates.has(state));
    if (current >= 0) return this.#goOn(view, current, term);
    if (view.desiredState === 'cancelled') return this.#cancel(view);
    if (view.desiredState === 'paused') return view;
    const waiting = view.steps.findIndex(({ state }) => state === 'waiting');
    return waiting >= 0 ? this.#goOn(view, waiting, term) : this.#evenOut(view);
  }

  async #goOn(view: RollingRestartView, at: number, term: LeaderTerm): Promise<RollingRestartView> {
    const step = view.steps[at] as RollingRestartStep;
    const next =
      step.state === 'chosen' ? await this.#request(view, step, term) : advanceStep(step, await this.#look(view, step));
    if (next === step) return view;
    const changed = this.#stamp(next);
    const steps = view.steps.with(at, changed);
    const { logger } = this.#options;
    if (next.state !== step.state) {
      const { nodeId, state, reason } = changed;
      logger.info({ rollingRestartId: view.id, node: nodeId, state, reason }, 'the rolling restart goes on');
    }
    if (next.state !== 'failed') return { ...view, steps };
    return this.#end({ ...view, steps }, 'failed', `${next.nodeId} ${next.reason}`);
  }

  /** Asked again after the death of a leader, it is the same restart. */
  async #request(
    { ratePerSecond, deadlineMs }: RollingRestartRecord,
    step: RollingRestartStep,
    term: LeaderTerm,
  ): Promise<RollingRestartStep> {
    if (term.lost.aborted) return step;
    const order = { kind: 'restart', ratePerSecond, deadlineMs } as const;
    const ordered = await this.#options.registry.maintenance.request(step.nodeId, order, step.maintenanceId);
    // Somebody was faster. A restart is a restart, whoever has asked for it.
    if (ordered.kind === 'drain') return { ...step, state: 'left-out', reason: 'draining' };
    return { ...step, state: 'draining', maintenanceId: ordered.id };
  }

  #stamp(step: RollingRestartStep): RollingRestartStep {
    const nowMs = this.#options.clock.wallMs();
    if (step.state === 'chosen') return { ...step, maintenanceId: randomUUID(), startedAtMs: nowMs };
    return endedStates.has(step.state) ? { ...step, endedAtMs: nowMs } : step;
  }

  async #look({ id, deadlineMs, ignoreCapacity }: RollingRestartRecord, { nodeId, state }: RollingRestartStep) {
    const { registry, directory } = this.#options;
    const maintenance = state === 'waiting' ? undefined : await registry.maintenance.get(nodeId);
    const node = directory.node(nodeId);
    const asksForRoom = state === 'waiting' && node !== undefined && !ignoreCapacity;
    const noRoom = asksForRoom
      ? roomProblem(node, directory.nodes, await registry.fleet.listDistributionPoints())
      : undefined;
    return { node, maintenance, deadlineMs, noRoom, ...this.#watch(`${id}/${nodeId}/${state}`, nodeId) };
  }

  /** Counts the time in which the leader could look, by its own clock. */
  #watch(step: string, nodeId: NodeId): { inStateMs: number; inStatusMs: number } {
    const nowMs = this.#options.clock.now();
    const node = this.#options.directory.node(nodeId);
    const status = node ? statusOf(node) : describeNode(node);
    const before = this.#watched;
    const isSame = before.step === step;
    const passedMs = isSame ? Math.min(nowMs - before.lookedAtMs, longestLookMs) : 0;
    const inStateMs = isSame ? before.inStateMs + passedMs : 0;
    const inStatusMs = isSame && before.status === status ? before.inStatusMs + passedMs : 0;
    this.#watched = { step, status, inStateMs, inStatusMs, lookedAtMs: nowMs };
    return { inStateMs, inStatusMs };
  }

  async #evenOut(view: RollingRestartView): Promise<RollingRestartView> {
    const { registry, directory } = this.#options;
    // In this order: a request is forgotten when what it asked for is under way.
    const { start } = await registry.rebalances.requests();
    const last = await registry.rebalances.get();
    if (start || last?.state === 'running')
      return view.state === 'rebalancing' ? view : { ...view, state: 'rebalancing' };
    const loads = readLoads(directory.nodes, await registry.fleet.listDistributionPoints());
    const { moves, largestToMean } = planMoves(loads);
    const isEven = moves.length === 0 || largestToMean <= evenRatio;
    if (isEven || view.rebalances >= maxRebalances) return this.#end(view, 'done', '');
    await registry.rebalances.requestStart();
    return { ...view, state: 'rebalancing', rebalances: view.rebalances + 1 };
  }

  async #cancel(view: RollingRestartView): Promise<RollingRestartView> {
    if (view.state === 'rebalancing') await this.#options.registry.rebalances.requestAbort();
    return this.#end(view, 'cancelled', '');
  }

  #end(view: RollingRestartView, state: 'done' | 'failed' | 'cancelled', reason: string): RollingRestartView {
    const { clock, logger } = this.#options;
    logger.info({ rollingRestartId: view.id, state, reason }, 'the rolling restart has ended');
    return { ...view, state, reason, endedAtMs: clock.wallMs() };
  }
}

const begunStates: ReadonlySet<RollingRestartStep['state']> = new Set(['chosen', 'draining', 'restarting', 'starting']);
const endedStates: ReadonlySet<RollingRestartStep['state']> = new Set(['ready', 'failed', 'left-out']);

import { randomUUID } from 'node:crypto';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import type { DesiredState, Registry, RollingRestartRecord, RollingRestartView } from '@pushfleet/registry';
import { type Clock, pollUntil } from '@pushfleet/runtime';
import { overloaded } from '../errors.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { leastPushServers, planRollingRestart, type RollingRestartPlan } from '../rolling-restart/plan.ts';
import { parsePace } from './node-maintenance.ts';
import { viewRollingRestart, viewRollingRestartStep } from './view.ts';

/** A balancer that has just started has tried all push servers within this time. */
const settles = { withinMs: 8_000, everyMs: 100 };

export interface RollingRestartRequestsOptions {
  registry: Pick<Registry, 'fleet' | 'rollingRestarts'>;
  directory: Pick<NodeDirectory, 'nodes' | 'refreshSoon'>;
  /** `false`: good push servers may still look as if they were not ready. */
  isSettled: () => boolean;
  clock: Clock;
}

/** The requests for rolling restarts, which any balancer takes; the leader among them carries them out. */
export class RollingRestartRequests {
  readonly #options: RollingRestartRequestsOptions;

  constructor(options: RollingRestartRequestsOptions) {
    this.#options = options;
  }

  async plan(): Promise<admin.PlanRollingRestartResponseInit> {
    const { steps, obstacle = '' } = await this.#plan();
    return { steps: steps.map(viewRollingRestartStep), obstacle };
  }

  /** @throws PushfleetError ALREADY_EXISTS: one is under way; WOULD_DISCONNECT: devices would have nowhere to go meanwhile. */
  async start(request: admin.StartRollingRestartRequest): Promise<admin.StartRollingRestartResponseInit> {
    const { clock, registry } = this.#options;
    const { ignoreCapacity } = request;
    const pace = parsePace(request);
    const { steps, obstacle } = await this.#plan();
    const isTooFew = steps.filter(({ state }) => state === 'waiting').length < leastPushServers;
    if (obstacle !== undefined && (isTooFew || !ignoreCapacity)) throw new PushfleetError('WOULD_DISCONNECT', obstacle);
    const record: RollingRestartRecord = {
      ...{ id: randomUUID(), state: 'running', reason: '', ignoreCapacity, ...pace, steps, rebalances: 0 },
      startedAtMs: clock.wallMs(),
    };
    const { kind, view } = await registry.rollingRestarts.begin(record);
    if (kind === 'begun') return { rollingRestart: viewRollingRestart(view) };
    const message = 'a rolling restart is under way; GetRollingRestart says how it goes, CancelRollingRestart ends it';
    throw new PushfleetError('ALREADY_EXISTS', message);
  }

  async get(): Promise<admin.GetRollingRestartResponseInit> {
    return answer(await this.#options.registry.rollingRestarts.get());
  }

  /** Asks the leader for a state; it is in the registry when this answers. */
  async setDesiredState(desiredState: DesiredState): Promise<{ rollingRestart?: admin.RollingRestartInit }> {
    return answer(await this.#options.registry.rollingRestarts.setDesiredState(desiredState));
  }

  async #plan(): Promise<RollingRestartPlan> {
    const { clock, directory, isSettled, registry } = this.#options;
    const isDone = (settled: boolean) => settled;
    const settled = await pollUntil(clock, { ...settles, read: async () => isSettled(), isDone });
    if (!settled) throw overloaded('this balancer has not tried all push servers yet');
    await directory.refreshSoon();
    return planRollingRestart(directory.nodes, await registry.fleet.listDistributionPoints());
  }
}

function answer(view: RollingRestartView | undefined): { rollingRestart?: admin.RollingRestartInit } {
  return view ? { rollingRestart: viewRollingRestart(view) } : {};
}

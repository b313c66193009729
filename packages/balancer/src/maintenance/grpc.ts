import type { admin } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../errors.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { NodeMaintenance } from './node-maintenance.ts';
import { RebalanceRequests, type RebalanceRequestsOptions } from './rebalance-requests.ts';
import { RollingRestartRequests, type RollingRestartRequestsOptions } from './rolling-restart-requests.ts';

export interface MaintenanceOptions extends RebalanceRequestsOptions, RollingRestartRequestsOptions {
  registry: Pick<Registry, 'fleet' | 'maintenance' | 'rebalances' | 'rollingRestarts'>;
  directory: Pick<NodeDirectory, 'node' | 'nodes' | 'refreshSoon'>;
  logger: Logger;
}

export function maintenanceHandlers(options: MaintenanceOptions): admin.MaintenanceServiceHandlers {
  const { logger, registry, directory } = options;
  const nodes = new NodeMaintenance(registry.maintenance, directory);
  const rebalances = new RebalanceRequests(options);
  const rollingRestarts = new RollingRestartRequests(options);
  return {
    DrainNode: unary(logger, (request: admin.DrainNodeRequest) => nodes.drain(request)),
    UndrainNode: unary(logger, (request: admin.UndrainNodeRequest) => nodes.undrain(request)),
    RestartNode: unary(logger, (request: admin.RestartNodeRequest) => nodes.restart(request)),
    GetMaintenance: unary(logger, (request: admin.GetMaintenanceRequest) => nodes.get(request)),
    PlanRebalance: unary(logger, () => rebalances.plan()),
    StartRebalance: unary(logger, () => rebalances.start()),
    GetRebalance: unary(logger, () => rebalances.get()),
    AbortRebalance: unary(logger, () => rebalances.abort()),
    PlanRollingRestart: unary(logger, () => rollingRestarts.plan()),
    StartRollingRestart: unary(logger, (request: admin.StartRollingRestartRequest) => rollingRestarts.start(request)),
    GetRollingRestart: unary(logger, () => rollingRestarts.get()),
    PauseRollingRestart: unary(logger, () => rollingRestarts.setDesiredState('paused')),
    ResumeRollingRestart: unary(logger, () => rollingRestarts.setDesiredState('running')),
    CancelRollingRestart: unary(logger, () => rollingRestarts.setDesiredState('cancelled')),
  };
}

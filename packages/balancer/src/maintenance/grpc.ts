import type { admin } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../errors.ts';
import type { NodeMaintenance } from './node-maintenance.ts';
import type { RebalanceRequests } from './rebalance-requests.ts';

export function maintenanceHandlers(
  nodes: NodeMaintenance,
  rebalances: RebalanceRequests,
  logger: Logger,
): admin.MaintenanceServiceHandlers {
  return {
    DrainNode: unary(logger, (request: admin.DrainNodeRequest) => nodes.drain(request)),
    UndrainNode: unary(logger, (request: admin.UndrainNodeRequest) => nodes.undrain(request)),
    RestartNode: unary(logger, (request: admin.RestartNodeRequest) => nodes.restart(request)),
    GetMaintenance: unary(logger, (request: admin.GetMaintenanceRequest) => nodes.get(request)),
    PlanRebalance: unary(logger, () => rebalances.plan()),
    StartRebalance: unary(logger, () => rebalances.start()),
    GetRebalance: unary(logger, () => rebalances.get()),
    AbortRebalance: unary(logger, () => rebalances.abort()),
  };
}

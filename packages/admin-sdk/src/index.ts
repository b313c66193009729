export { type admin, type common, PushfleetError } from '@pushfleet/protocol';
export type { CallOptions, PutOptions } from './call.ts';
export type { AdminClientOptions } from './channel.ts';
export { AdminClient, createAdminClient } from './client.ts';
export {
  type Cancellation,
  type CommandRef,
  type Commands,
  hasEnded,
  type ListCommandsOptions,
  type OutcomeName,
  outcomeName,
} from './commands.ts';
export type {
  CreatedEnrollmentToken,
  DeviceFilter,
  DeviceMove,
  Devices,
  NewDevice,
  NewDevices,
  NewEnrollmentToken,
} from './devices.ts';
export type { DistributionPoints, Nodes } from './distribution-points.ts';
export type { AuditFilter, EventFilter, Events, WatchOptions } from './events.ts';
export type { GroupPushes, OutcomeFilter } from './group-pushes.ts';
export type { GroupMove, Groups } from './groups.ts';
export type { DrainRequest, Maintenance, RollingRestartRequest } from './maintenance.ts';
export type { OverviewOfCluster } from './overview.ts';
export type { PushAnswer, PushManyOptions } from './push-many.ts';
export type { CreatedToken, NewToken, Tokens } from './tokens.ts';
export type { Tunnel, Tunnels, TunnelTarget } from './tunnels.ts';

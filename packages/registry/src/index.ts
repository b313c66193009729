export { type ApiTokenRecord, type ApiTokens, maxApiTokens } from './api-tokens.ts';
export type { Assignments, ReservationRequest, ReserveResult } from './assignments.ts';
export type { AnnouncementAnswer, BalancerRecord, Balancers } from './balancers.ts';
export { attemptWeight } from './command-state.ts';
export type {
  CancelResult,
  Commands,
  ConfirmedCommand,
  EndedPlace,
  FailedPut,
  NewCommand,
  Priority,
  PutResult,
  QueuePolicy,
  StatusUpdate,
  StatusUpdateResult,
  StoredCommand,
  StoredStatus,
  TakenCommand,
} from './commands.ts';
export { type CredentialEventsOptions, reportCredentials } from './credential-events.ts';
export {
  type EnrollmentTokenRecord,
  type EnrollmentTokens,
  hasEnded,
  type KeptEnrollmentToken,
  maxEnrollmentTokens,
} from './enrollment-tokens.ts';
export type {
  AuditEvent,
  AuditTrail,
  EventCursor,
  EventLog,
  Events,
  FleetEvent,
  FleetEventKind,
  Logged,
  NewAuditEvent,
  NewFleetEvent,
  TunnelRecord,
} from './events.ts';
export type {
  AddressCheck,
  Device,
  DeviceQuery,
  DeviceSearch,
  DistributionPoint,
  Fleet,
  FoundDevices,
  GroupUsers,
  PushServerSettings,
  SessionCondition,
  StoredDevice,
  VoidedTickets,
} from './fleet.ts';
export { type MoveRefusal, moveGroup } from './group-move.ts';
export type {
  DesiredState,
  DeviceOutcome,
  GroupPushes,
  GroupPushRecord,
  GroupPushRequest,
  GroupPushState,
  GroupPushView,
  OutcomeCounts,
} from './group-pushes.ts';
export type { LeaseName, Leases } from './leases.ts';
export type { Maintenance, MaintenancePhase, MaintenanceRecord, MaintenanceRequest } from './maintenance.ts';
export { orphansAmong } from './node-state.ts';
export type {
  FoundProblem,
  HeartbeatAnswer,
  HeartbeatDelta,
  HeartbeatVerdict,
  HeldDevice,
  ListedNode,
  Liveness,
  LivenessLimits,
  NodeProblem,
  NodeProblemKind,
  NodeRecord,
  NodeSightings,
  Nodes,
  RegistryPosition,
  WorkerRecord,
} from './nodes.ts';
export {
  describeRedisUrl,
  localRedisProcesses,
  type OpenOptions,
  openRegistry,
  probeRedis,
  removeRedisUser,
} from './open-registry.ts';
export { type PushServerRegistry, pushServerCalls } from './push-server-registry.ts';
export type { PlannedMove, RebalanceRecord, Rebalances } from './rebalances.ts';
export { type RedisUser, redisUserLine, redisUserName } from './redis/access-rules.ts';
export type { RedisCredentials } from './redis/clients.ts';
export type { RedisProbe } from './redis/probe.ts';
export type { UserRemoval } from './redis/remove-user.ts';
export { loadRedisCredentials, watchRedisCredentials } from './redis-credentials.ts';
export {
  isRefusedWrite,
  type RefusedAccess,
  type Registry,
  type RegistryFinding,
  toRegistryError,
} from './registry.ts';
export { type RedisValues, type RegistryValues, registrySettings } from './registry-settings.ts';
export type { Revocations } from './revocations.ts';
export type {
  RollingRestartRecord,
  RollingRestartStep,
  RollingRestartStepState,
  RollingRestarts,
  RollingRestartView,
} from './rolling-restarts.ts';
export { hashSecret, verifySecret } from './secret.ts';
export { rememberedMoves, type SessionMove } from './session-moves.ts';
export type {
  AssertVerdict,
  Credentials,
  LinkKind,
  OpenedSession,
  SessionRef,
  Sessions,
  WorkerRef,
} from './sessions.ts';
export { reportLockedSignIns, type SignInEventsOptions } from './sign-in-events.ts';
export { defaultAcceptsPerSecond, slotLimits } from './slots.ts';
export type { TicketKey, TicketKeys } from './ticket-keys.ts';
export type { SealedTicketKeys, TlsTicketKeys } from './tls-ticket-keys.ts';
export { type KeptTokenGrant, maxTokenGrants, type TokenGrant, type TokenGrants } from './token-grants.ts';
export { type EventWriting, rareEvents, writeEvent } from './write-event.ts';

export type { Assignments, ReservationRequest, Reserved } from './assignments.ts';
export type { Device, DeviceQuery, DistributionPoint, Fleet, PushServerSettings } from './fleet.ts';
export type { ListedNode, Liveness, LivenessLimits, NodeRecord, Nodes, WorkerRecord } from './nodes.ts';
export { openRegistry, type RegistryValues } from './open-registry.ts';
export type { Registry } from './registry.ts';
export { registrySettings } from './registry-settings.ts';
export { hashSecret, verifySecret } from './secret.ts';
export type { LinkKind, SessionRef, Sessions, WorkerRef } from './sessions.ts';
export type { TicketKey, TicketKeys } from './ticket-keys.ts';

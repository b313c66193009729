import type { admin, Role } from '@pushfleet/protocol';

/** The part of the fleet that a request is about, for tokens with a scope. Ids and paths are as they came, not validated. */
export type Concern =
  | { kind: 'device'; id: string }
  /** One that is put: it need not exist. */
  | { kind: 'new-device'; id: string }
  /** `''`: all groups. */
  | { kind: 'group'; path: string }
  | { kind: 'group-push'; id: string }
  | { kind: 'enrollment-token'; id: string }
  /** The fleet as a whole: not for tokens with a scope. */
  | { kind: 'fleet' };

export interface AccessRule {
  /** The least role that may call the method. */
  role: Role;
  /** Empty: whoever has the role, with any scope. `in messages`: its handler asks for each message of the stream. */
  concerns: 'in messages' | ((request: never) => Concern[]);
  /** Each call leaves an audit event; else only a refused one does. `in messages`: its handler records each message of the stream. */
  audited: boolean | 'in messages';
}

type Service = 'Command' | 'Event' | 'Fleet' | 'Maintenance' | 'Overview' | 'Token' | 'Tunnel';
type Handlers = {
  Command: admin.CommandServiceHandlers;
  Event: admin.EventServiceHandlers;
  Fleet: admin.FleetServiceHandlers;
  Maintenance: admin.MaintenanceServiceHandlers;
  Overview: admin.OverviewServiceHandlers;
  Token: admin.TokenServiceHandlers;
  Tunnel: admin.TunnelServiceHandlers;
};
/** `CommandService/Push` and so on: a method without a row does not compile. */
export type Method = { [Name in Service]: `${Name}Service/${Extract<keyof Handlers[Name], string>}` }[Service];

const fleet = (): Concern[] => [{ kind: 'fleet' }];
const anyScope = (): Concern[] => [];
const device = ({ deviceId }: { deviceId: string }): Concern[] => [{ kind: 'device', id: deviceId }];
const groupAt = (path: string): Concern => ({ kind: 'group', path });
const group = (request: { group: string }): Concern[] => [groupAt(request.group)];
const groupPush = ({ groupPushId }: { groupPushId: string }): Concern[] => [{ kind: 'group-push', id: groupPushId }];

const sees = (concerns: AccessRule['concerns']): AccessRule => ({ role: 'viewer', concerns, audited: false });
const operates = (concerns: AccessRule['concerns']): AccessRule => ({ role: 'operator', concerns, audited: true });
const changes = (concerns: AccessRule['concerns']): AccessRule => ({ role: 'admin', concerns, audited: true });

/** Who may call what. */
export const accessTable: Readonly<Record<Method, AccessRule>> = {
  'CommandService/Push': operates(device),
  'CommandService/PushStream': { role: 'operator', concerns: 'in messages', audited: 'in messages' },
  'CommandService/GetCommand': sees(device),
  'CommandService/WatchCommand': sees(device),
  'CommandService/CancelCommand': operates(device),
  'CommandService/ListCommands': sees(device),
  'CommandService/PushToGroup': operates(group),
  'CommandService/GetGroupPush': sees(groupPush),
  'CommandService/WatchGroupPush': sees(groupPush),
  // Pushes to other groups are left out by the scope.
  'CommandService/ListGroupPushes': sees(anyScope),
  'CommandService/ListGroupPushOutcomes': sees(groupPush),
  'CommandService/PauseGroupPush': operates(groupPush),
  'CommandService/ResumeGroupPush': operates(groupPush),
  'CommandService/CancelGroupPush': operates(groupPush),

  // Events of what is not in the scope are left out.
  'EventService/Watch': sees((request: admin.WatchRequest) => (request.deviceId === '' ? anyScope() : device(request))),
  'EventService/WatchAudit': { role: 'admin', concerns: fleet, audited: false },

  'FleetService/PutGroup': changes((request: admin.PutGroupRequest) => [groupAt(request.group?.path ?? '')]),
  'FleetService/ListGroups': sees(anyScope),
  'FleetService/MoveGroup': changes(({ path, newPath }: admin.MoveGroupRequest) => [groupAt(path), groupAt(newPath)]),
  'FleetService/DeleteGroup': changes(({ path }: admin.DeleteGroupRequest) => [groupAt(path)]),
  'FleetService/PutDistributionPoint': changes(fleet),
  'FleetService/GetDistributionPoint': sees(anyScope),
  'FleetService/ListDistributionPoints': sees(anyScope),
  'FleetService/DeleteDistributionPoint': changes(fleet),
  // One that exists may be moved by it.
  'FleetService/PutDevice': changes(({ device: put }: admin.PutDeviceRequest) => [
    groupAt(put?.group ?? ''),
    { kind: 'new-device', id: put?.deviceId ?? '' },
  ]),
  'FleetService/ImportDevices': changes(fleet),
  'FleetService/MoveDevices': changes(({ deviceIds, group: to }: admin.MoveDevicesRequest) => [
    groupAt(to),
    ...deviceIds.flatMap((deviceId) => device({ deviceId })),
  ]),
  'FleetService/GetDevice': sees(device),
  'FleetService/GetDeviceHistory': sees(device),
  'FleetService/ListDevices': sees(group),
  'FleetService/DeleteDevice': changes(device),
  'FleetService/DisconnectDevice': operates(device),
  'FleetService/CreateEnrollmentToken': changes(group),
  'FleetService/ListEnrollmentTokens': { role: 'admin', concerns: group, audited: false },
  'FleetService/RevokeEnrollmentToken': changes(({ enrollmentTokenId: id }: admin.RevokeEnrollmentTokenRequest) => [
    { kind: 'enrollment-token', id },
  ]),
  'FleetService/ListNodes': sees(anyScope),

  'MaintenanceService/DrainNode': changes(fleet),
  'MaintenanceService/UndrainNode': changes(fleet),
  'MaintenanceService/RestartNode': changes(fleet),
  'MaintenanceService/GetMaintenance': sees(anyScope),
  'MaintenanceService/PlanRebalance': sees(anyScope),
  'MaintenanceService/StartRebalance': changes(fleet),
  'MaintenanceService/GetRebalance': sees(anyScope),
  'MaintenanceService/AbortRebalance': changes(fleet),
  'MaintenanceService/PlanRollingRestart': sees(anyScope),
  'MaintenanceService/StartRollingRestart': changes(fleet),
  'MaintenanceService/GetRollingRestart': sees(anyScope),
  'MaintenanceService/PauseRollingRestart': changes(fleet),
  'MaintenanceService/ResumeRollingRestart': changes(fleet),
  'MaintenanceService/CancelRollingRestart': changes(fleet),

  // Alarms about devices are left out by the scope.
  'OverviewService/GetOverview': sees(anyScope),
  'OverviewService/WatchOverview': sees(anyScope),
  'OverviewService/GetOverviewHistory': sees(anyScope),

  'TokenService/CreateToken': changes(fleet),
  'TokenService/ListTokens': { role: 'admin', concerns: fleet, audited: false },
  'TokenService/RevokeToken': changes(fleet),
  'TokenService/GetOwnToken': sees(anyScope),
  'TokenService/CreateSignInCode': { role: 'viewer', concerns: anyScope, audited: true },

  'TunnelService/Open': { role: 'operator', concerns: 'in messages', audited: 'in messages' },
};

const prefix = '/pushfleet.admin.v1.';

/** @param path As gRPC has it: `/pushfleet.admin.v1.CommandService/Push`. `undefined`: it is no method of the admin API. */
export function accessRuleOf(path: string): AccessRule | undefined {
  const method = path.slice(prefix.length);
  return path.startsWith(prefix) && Object.hasOwn(accessTable, method) ? accessTable[method as Method] : undefined;
}

import type { Method } from '../access/access-table.ts';

/** One resource or action of the REST API, and the method of the admin API that it stands for. */
export interface RestRoute {
  verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With names of the request's fields, as JSON has them, for what is in the path: `/v1/devices/:deviceId`. */
  path: string;
  method: Method;
  /** Fields of the request that stand in the path under a shorter name. */
  params?: Readonly<Record<string, string>>;
  /** Field of the request that the body is; absent: the body holds the request's fields. Without meaning to GET and DELETE. */
  body?: string;
  /** Fields without which the body is refused. */
  required?: readonly string[];
  /** Field of the answer that is shown alone; absent: the whole. */
  answer?: string;
  /** Field of the request that the header If-Match sets, and of the answer that is shown as ETag. */
  etag?: { request: string; answer: string };
  /** Not for sessions of the console, which could go on without end by it. */
  needsToken?: true;
  /** Default 200. */
  success?: 201 | 202 | 204;
  summary: string;
}

const device = '/v1/devices/:deviceId';
const command = `${device}/commands/:commandId`;
const groupPush = '/v1/group-pushes/:groupPushId';
const point = '/v1/distribution-points/:distributionPointId';
const node = '/v1/nodes/:nodeId';
const pointEtag = { request: 'distributionPoint.etag', answer: 'etag' };

export const ownTokenRoute: RestRoute = {
  verb: 'GET',
  path: '/v1/token',
  method: 'TokenService/GetOwnToken',
  answer: 'apiToken',
  summary: 'The token that this request shows',
};

/** All of the REST API. What is in no path, query or body has the default that its field has. */
export const restRoutes: readonly RestRoute[] = [
  ownTokenRoute,
  {
    verb: 'POST',
    path: '/v1/sign-in-codes',
    method: 'TokenService/CreateSignInCode',
    needsToken: true,
    success: 201,
    summary: 'Make a code that signs a browser in to the console, once',
  },
  { verb: 'GET', path: '/v1/tokens', method: 'TokenService/ListTokens', summary: 'All API tokens' },
  {
    verb: 'POST',
    path: '/v1/tokens',
    method: 'TokenService/CreateToken',
    required: ['name', 'role'],
    success: 201,
    summary: 'Make an API token; its secret is shown this once',
  },
  {
    verb: 'DELETE',
    path: '/v1/tokens/:name',
    method: 'TokenService/RevokeToken',
    success: 204,
    summary: 'End an API token',
  },

  { verb: 'GET', path: '/v1/groups', method: 'FleetService/ListGroups', summary: 'All administration groups' },
  {
    verb: 'PUT',
    path: '/v1/groups/:path',
    method: 'FleetService/PutGroup',
    params: { path: 'group.path' },
    answer: 'group',
    summary: 'Create a group, and those above it',
  },
  {
    verb: 'POST',
    path: '/v1/groups/:path/move',
    method: 'FleetService/MoveGroup',
    required: ['newPath'],
    summary: 'Move a group with all below it',
  },
  {
    verb: 'DELETE',
    path: '/v1/groups/:path',
    method: 'FleetService/DeleteGroup',
    success: 204,
    summary: 'Delete a group that nothing uses',
  },

  {
    verb: 'GET',
    path: '/v1/distribution-points',
    method: 'FleetService/ListDistributionPoints',
    summary: 'All distribution points with the settings of their push servers',
  },
  {
    verb: 'GET',
    path: point,
    method: 'FleetService/GetDistributionPoint',
    answer: 'distributionPoint',
    etag: pointEtag,
    summary: 'One distribution point',
  },
  {
    verb: 'PUT',
    path: point,
    method: 'FleetService/PutDistributionPoint',
    required: ['groups'],
    params: { distributionPointId: 'distributionPoint.distributionPointId' },
    body: 'distributionPoint',
    answer: 'distributionPoint',
    etag: pointEtag,
    summary: 'Create or change a distribution point',
  },
  {
    verb: 'DELETE',
    path: point,
    method: 'FleetService/DeleteDistributionPoint',
    success: 204,
    summary: 'Delete a distribution point',
  },

  { verb: 'GET', path: '/v1/devices', method: 'FleetService/ListDevices', summary: 'Devices, by group and labels' },
  {
    verb: 'POST',
    path: '/v1/devices/move',
    method: 'FleetService/MoveDevices',
    required: ['deviceIds', 'group'],
    success: 204,
    summary: 'Move devices to another group',
  },
  { verb: 'GET', path: device, method: 'FleetService/GetDevice', answer: 'device', summary: 'One device and its link' },
  {
    verb: 'GET',
    path: `${device}/history`,
    method: 'FleetService/GetDeviceHistory',
    summary: 'Where a device was connected: the last changes, newest first',
  },
  {
    verb: 'PUT',
    path: device,
    method: 'FleetService/PutDevice',
    required: ['device'],
    params: { deviceId: 'device.deviceId' },
    answer: 'device',
    summary: 'Create or change a device',
  },
  { verb: 'DELETE', path: device, method: 'FleetService/DeleteDevice', success: 204, summary: 'Delete a device' },
  {
    verb: 'POST',
    path: `${device}/disconnect`,
    method: 'FleetService/DisconnectDevice',
    success: 202,
    summary: 'End the link of a device; it may come back',
  },

  {
    verb: 'GET',
    path: '/v1/enrollment-tokens',
    method: 'FleetService/ListEnrollmentTokens',
    summary: 'Tokens with which new devices register themselves',
  },
  {
    verb: 'POST',
    path: '/v1/enrollment-tokens',
    method: 'FleetService/CreateEnrollmentToken',
    required: ['group', 'count'],
    success: 201,
    summary: 'Make an enrollment token; its secret is shown this once',
  },
  {
    verb: 'DELETE',
    path: '/v1/enrollment-tokens/:enrollmentTokenId',
    method: 'FleetService/RevokeEnrollmentToken',
    success: 204,
    summary: 'End an enrollment token',
  },

  {
    verb: 'GET',
    path: `${device}/commands`,
    method: 'CommandService/ListCommands',
    summary: 'Durable commands of a device',
  },
  {
    verb: 'POST',
    path: `${device}/commands`,
    method: 'CommandService/Push',
    required: ['operation'],
    summary: 'Send a command to a device',
  },
  { verb: 'GET', path: command, method: 'CommandService/GetCommand', answer: 'command', summary: 'One command' },
  {
    verb: 'GET',
    path: `${command}/watch`,
    method: 'CommandService/WatchCommand',
    summary: 'One command, from where it stands to its end (server-sent events)',
  },
  {
    verb: 'POST',
    path: `${command}/cancel`,
    method: 'CommandService/CancelCommand',
    answer: 'command',
    summary: 'Withdraw a command, or ask its device to cancel it',
  },

  {
    verb: 'GET',
    path: '/v1/group-pushes',
    method: 'CommandService/ListGroupPushes',
    summary: 'Group pushes, the newest first',
  },
  {
    verb: 'POST',
    path: '/v1/group-pushes',
    method: 'CommandService/PushToGroup',
    required: ['operation'],
    answer: 'groupPush',
    success: 202,
    summary: 'Send a command to each device of a group',
  },
  {
    verb: 'GET',
    path: groupPush,
    method: 'CommandService/GetGroupPush',
    answer: 'groupPush',
    summary: 'One group push',
  },
  {
    verb: 'GET',
    path: `${groupPush}/watch`,
    method: 'CommandService/WatchGroupPush',
    summary: 'One group push, from where it stands to its end (server-sent events)',
  },
  {
    verb: 'GET',
    path: `${groupPush}/outcomes`,
    method: 'CommandService/ListGroupPushOutcomes',
    summary: 'What has become of its devices’ commands',
  },
  {
    verb: 'POST',
    path: `${groupPush}/pause`,
    method: 'CommandService/PauseGroupPush',
    answer: 'groupPush',
    summary: 'Pause a group push',
  },
  {
    verb: 'POST',
    path: `${groupPush}/resume`,
    method: 'CommandService/ResumeGroupPush',
    answer: 'groupPush',
    summary: 'Go on with a group push',
  },
  {
    verb: 'POST',
    path: `${groupPush}/cancel`,
    method: 'CommandService/CancelGroupPush',
    answer: 'groupPush',
    summary: 'End a group push',
  },

  {
    verb: 'GET',
    path: '/v1/nodes',
    method: 'FleetService/ListNodes',
    summary: 'Push servers with their status and load',
  },
  {
    verb: 'GET',
    path: `${node}/maintenance`,
    method: 'MaintenanceService/GetMaintenance',
    answer: 'maintenance',
    summary: 'The last drain or restart of a push server',
  },
  {
    verb: 'POST',
    path: `${node}/drain`,
    method: 'MaintenanceService/DrainNode',
    answer: 'maintenance',
    success: 202,
    summary: 'Empty a push server and keep it empty',
  },
  {
    verb: 'POST',
    path: `${node}/undrain`,
    method: 'MaintenanceService/UndrainNode',
    success: 204,
    summary: 'Let a push server take devices again',
  },
  {
    verb: 'POST',
    path: `${node}/restart`,
    method: 'MaintenanceService/RestartNode',
    answer: 'maintenance',
    success: 202,
    summary: 'Drain a push server and replace its workers',
  },
  { verb: 'GET', path: '/v1/rebalance', method: 'MaintenanceService/GetRebalance', summary: 'The last rebalance' },
  {
    verb: 'GET',
    path: '/v1/rebalance/plan',
    method: 'MaintenanceService/PlanRebalance',
    summary: 'The moves that a rebalance would make now',
  },
  {
    verb: 'POST',
    path: '/v1/rebalance',
    method: 'MaintenanceService/StartRebalance',
    answer: 'rebalance',
    success: 202,
    summary: 'Start a rebalance',
  },
  {
    verb: 'POST',
    path: '/v1/rebalance/abort',
    method: 'MaintenanceService/AbortRebalance',
    summary: 'Stop a rebalance',
  },
  {
    verb: 'GET',
    path: '/v1/rolling-restart',
    method: 'MaintenanceService/GetRollingRestart',
    summary: 'The last rolling restart, and how far it has come',
  },
  {
    verb: 'GET',
    path: '/v1/rolling-restart/plan',
    method: 'MaintenanceService/PlanRollingRestart',
    summary: 'What a rolling restart would do now',
  },
  {
    verb: 'POST',
    path: '/v1/rolling-restart',
    method: 'MaintenanceService/StartRollingRestart',
    answer: 'rollingRestart',
    success: 202,
    summary: 'Restart all push servers, one after the other',
  },
  {
    verb: 'POST',
    path: '/v1/rolling-restart/pause',
    method: 'MaintenanceService/PauseRollingRestart',
    summary: 'Let no further push server begin',
  },
  {
    verb: 'POST',
    path: '/v1/rolling-restart/resume',
    method: 'MaintenanceService/ResumeRollingRestart',
    summary: 'Go on with a rolling restart',
  },
  {
    verb: 'POST',
    path: '/v1/rolling-restart/cancel',
    method: 'MaintenanceService/CancelRollingRestart',
    summary: 'End a rolling restart after the push server whose turn it is',
  },

  {
    verb: 'GET',
    path: '/v1/overview',
    method: 'OverviewService/GetOverview',
    answer: 'overview',
    summary: 'How the whole cluster is doing',
  },
  {
    verb: 'GET',
    path: '/v1/overview/watch',
    method: 'OverviewService/WatchOverview',
    summary: 'The same, at once and then every 2 seconds (server-sent events)',
  },
  {
    verb: 'GET',
    path: '/v1/overview/history',
    method: 'OverviewService/GetOverviewHistory',
    summary: 'Links, spread and rates of the last hour',
  },

  {
    verb: 'GET',
    path: '/v1/events',
    method: 'EventService/Watch',
    summary: 'What happens in the cluster (server-sent events)',
  },
  {
    verb: 'GET',
    path: '/v1/audit',
    method: 'EventService/WatchAudit',
    summary: 'Who did what by the admin API (server-sent events)',
  },
];

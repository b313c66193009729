import { type admin, type device, fromErrorReason, fromRpcStatus, type node } from '@pushfleet/protocol';
import { type Field, protoName, type Type } from './wire.ts';

/** The part of the reflection of protobufjs that is read here. */
interface Reflected {
  nestedArray?: unknown[];
  methodsArray?: {
    name: string;
    parent: { fullName: string } | null;
    resolvedRequestType: unknown;
    resolvedResponseType: unknown;
    requestStream?: boolean | undefined;
    responseStream?: boolean | undefined;
  }[];
}

export interface Outcome {
  /** Name of a gRPC status, or a code of ours where the answer itself has it. `OK` also where a stream has begun to answer. */
  code: string;
  field: string | undefined;
  details: string;
}

export interface Method {
  /** The path of the call: `/pushfleet.admin.v1.CommandService/Push`. */
  path: string;
  request: Type;
  response: Type;
  streams: { request: boolean; response: boolean };
}

/** Every method of every service that the proto files have. */
export function allMethods({ methodsArray = [], nestedArray = [] }: Reflected): Method[] {
  const own = methodsArray.map(({ parent, name, requestStream, responseStream, ...types }) => ({
    path: `/${parent?.fullName.slice(1)}/${name}`,
    request: types.resolvedRequestType as Type,
    response: types.resolvedResponseType as Type,
    streams: { request: requestStream === true, response: responseStream === true },
  }));
  return [...own, ...nestedArray.flatMap((nested) => allMethods(nested as Reflected))];
}

/** How one method is asked. */
export interface Row {
  port: 'admin' | 'assign' | 'device' | 'control' | 'peer';
  /** A request that is right but for the field at the end of this path. */
  base(path: readonly string[]): object;
  /** A device has one link, and a balancer few imports. */
  oneAtATime?: boolean;
  /** The name of the request that field names of errors leave out. */
  unnamed?: string;
  /** Reads from the answer what became of one request among several. */
  read?(response: object): Pick<Outcome, 'code' | 'field' | 'details'> | undefined;
  /** The messages before and after the request, on a stream that carries other messages as well. */
  around?(
    path: readonly string[],
    ticket: string,
  ): { before: object[]; after: object[]; isAnswer(response: object): boolean };
}

const nobody = 'no-such-device';
const operations: Readonly<Record<string, object>> = {
  forceSync: { reason: 'r' },
  runTask: { taskId: 't' },
  stopTask: { taskId: 't' },
  getStatistics: { applicationId: 'a' },
  openTunnel: { tunnelId: 't', target: 'h:1', token: 't' },
  custom: { name: 'n' },
};

/** With the kind of operation that the path leads into. */
function operationFor(path: readonly string[]): object {
  const at = path.indexOf('operation');
  const kind = (at >= 0 && path[at + 1]) || 'forceSync';
  return { [kind]: operations[kind] };
}

const ofDurable = ['ttl', 'priority', 'collapseKey', 'idempotencyKey'];

function push(path: readonly string[]): object {
  const isDurable = path.some((name) => ofDurable.includes(name));
  const rest = isDurable ? { ttl: { seconds: 60 } } : {};
  return { deviceId: 'ghost', operation: operationFor(path), wait: 1, ...rest };
}

function pushToGroup(path: readonly string[]): object {
  const isDurable = path.some((name) => ofDurable.includes(name) && name !== 'idempotencyKey');
  const delivery = isDurable ? { ttl: { seconds: 60 } } : {};
  return { group: 'Empty', operation: operationFor(path), delivery, pace: {} };
}

const putDevice = { device: { deviceId: 'put-device', group: 'Test' }, secret: 'a-secret-of-sixteen-bytes' };
const noNode = { nodeId: 'no-such-node' };
const command = { deviceId: 'ghost', commandId: 'd-none' };
const directCommand = { deviceId: 'ghost', commandId: 'none' };
const groupPush = { groupPushId: 'none' };

const adminRow = (base: object | ((path: readonly string[]) => object) = {}): Row => ({
  port: 'admin',
  base: typeof base === 'function' ? (base as Row['base']) : () => base,
});

const command_ = '/pushfleet.admin.v1.CommandService/';
const fleet = '/pushfleet.admin.v1.FleetService/';
const maintenance = '/pushfleet.admin.v1.MaintenanceService/';

export const rows: Readonly<Record<string, Row>> = {
  '/grpc.health.v1.Health/Check': adminRow(),
  '/grpc.health.v1.Health/Watch': adminRow(),
  '/grpc.health.v1.Health/List': adminRow(),
  [`${command_}Push`]: adminRow(push),
  [`${command_}PushStream`]: {
    port: 'admin',
    base: (path) => ({ pushes: [{ correlationId: 1, push: push(path) }] }),
    unnamed: 'pushes.push',
    read: (response) => {
      const [answer] = (response as admin.PushStreamResponse).answers;
      if (!answer?.error) return undefined;
      const { code, message, field } = fromRpcStatus(answer.error);
      return { code, details: message, field };
    },
  },
  [`${command_}GetCommand`]: adminRow(command),
  [`${command_}WatchCommand`]: adminRow(command),
  [`${command_}CancelCommand`]: adminRow(command),
  [`${command_}ListCommands`]: adminRow({ deviceId: 'ghost' }),
  [`${command_}PushToGroup`]: adminRow(pushToGroup),
  [`${command_}GetGroupPush`]: adminRow(groupPush),
  [`${command_}WatchGroupPush`]: adminRow(groupPush),
  [`${command_}ListGroupPushes`]: adminRow(),
  [`${command_}ListGroupPushOutcomes`]: adminRow(groupPush),
  [`${command_}PauseGroupPush`]: adminRow(groupPush),
  [`${command_}ResumeGroupPush`]: adminRow(groupPush),
  [`${command_}CancelGroupPush`]: adminRow(groupPush),
  [`${fleet}PutGroup`]: adminRow({ group: { path: 'Test' } }),
  [`${fleet}ListGroups`]: adminRow(),
  [`${fleet}MoveGroup`]: adminRow({ path: 'Nowhere', newPath: 'Nowhere else' }),
  [`${fleet}DeleteGroup`]: adminRow({ path: 'Nowhere' }),
  [`${fleet}PutDistributionPoint`]: adminRow({
    distributionPoint: { distributionPointId: 'dp-asked', groups: ['Test'], pushServer: { address: '10.0.0.1' } },
  }),
  [`${fleet}GetDistributionPoint`]: adminRow({ distributionPointId: 'dp-asked' }),
  [`${fleet}ListDistributionPoints`]: adminRow(),
  [`${fleet}DeleteDistributionPoint`]: adminRow({ distributionPointId: 'dp-asked' }),
  [`${fleet}PutDevice`]: adminRow(putDevice),
  [`${fleet}ImportDevices`]: {
    port: 'admin',
    oneAtATime: true,
    base: () => putDevice,
    read: (response) => {
      const [error] = (response as admin.ImportDevicesResponse).errors;
      return error && { code: fromErrorReason(error.reason), field: error.field, details: error.message };
    },
  },
  [`${fleet}MoveDevices`]: adminRow({ deviceIds: ['ghost'], group: 'Test' }),
  [`${fleet}GetDevice`]: adminRow({ deviceId: nobody }),
  [`${fleet}GetDeviceHistory`]: adminRow({ deviceId: nobody }),
  [`${fleet}ListDevices`]: adminRow(),
  [`${fleet}DeleteDevice`]: adminRow({ deviceId: nobody }),
  [`${fleet}DisconnectDevice`]: adminRow({ deviceId: nobody }),
  [`${fleet}ListNodes`]: adminRow(),
  [`${maintenance}DrainNode`]: adminRow(noNode),
  [`${maintenance}UndrainNode`]: adminRow(noNode),
  [`${maintenance}RestartNode`]: adminRow(noNode),
  [`${maintenance}GetMaintenance`]: adminRow(noNode),
  [`${maintenance}PlanRebalance`]: adminRow(),
  [`${maintenance}StartRebalance`]: adminRow(),
  [`${maintenance}GetRebalance`]: adminRow(),
  [`${maintenance}AbortRebalance`]: adminRow(),
  [`${maintenance}PlanRollingRestart`]: adminRow(),
  [`${maintenance}StartRollingRestart`]: adminRow(),
  [`${maintenance}GetRollingRestart`]: adminRow(),
  [`${maintenance}PauseRollingRestart`]: adminRow(),
  [`${maintenance}ResumeRollingRestart`]: adminRow(),
  [`${maintenance}CancelRollingRestart`]: adminRow(),
  '/pushfleet.admin.v1.EventService/Watch': adminRow(),
  '/pushfleet.admin.v1.EventService/WatchAudit': adminRow(),
  '/pushfleet.admin.v1.OverviewService/GetOverview': adminRow(),
  '/pushfleet.admin.v1.OverviewService/WatchOverview': adminRow(),
  '/pushfleet.admin.v1.OverviewService/GetOverviewHistory': adminRow(),
  [`${fleet}CreateEnrollmentToken`]: adminRow({ group: 'Test', count: 1 }),
  [`${fleet}ListEnrollmentTokens`]: adminRow(),
  [`${fleet}RevokeEnrollmentToken`]: adminRow({ enrollmentTokenId: '0123456789abcdef' }),
  '/pushfleet.admin.v1.TokenService/CreateToken': adminRow({ name: 'asked', role: 'ROLE_VIEWER' }),
  '/pushfleet.admin.v1.TokenService/ListTokens': adminRow(),
  '/pushfleet.admin.v1.TokenService/RevokeToken': adminRow({ name: 'nobody' }),
  '/pushfleet.admin.v1.TokenService/GetOwnToken': adminRow(),
  '/pushfleet.admin.v1.TokenService/CreateSignInCode': adminRow(),
  '/pushfleet.admin.v1.TunnelService/Open': adminRow({ target: { deviceId: 'ghost', target: '127.0.0.1:22' } }),
  '/pushfleet.device.v1.AssignmentService/Assign': {
    port: 'assign',
    base: () => ({ deviceId: 'ghost', secret: 'a secret of the tests' }),
  },
  '/pushfleet.device.v1.AssignmentService/Enroll': {
    port: 'assign',
    base: () => ({
      ...{ deviceId: 'ghost', secret: 'a secret of the tests' },
      enrollmentToken: `pushfleet_enroll_${'x'.repeat(43)}`,
    }),
  },
  '/pushfleet.device.v1.DeviceLinkService/Connect': {
    port: 'device',
    oneAtATime: true,
    base: (path) => ({ [path[0] ?? 'ping']: {} }),
    around: (path, ticket) => ({
      before: path[0] === 'hello' ? [] : [{ hello: { ticket } }],
      after: [{ ping: {} }],
      isAnswer: (response) => (response as device.ConnectResponse).pong !== null,
    }),
  },
  '/pushfleet.device.v1.DeviceLinkService/Tunnel': { port: 'device', base: () => ({ hello: { token: 'none' } }) },
  '/pushfleet.device.v1.DeviceLinkService/Identify': { port: 'device', base: () => ({}) },
  '/pushfleet.balancer.v1.PeerService/GetCommand': { port: 'peer', base: () => directCommand },
  '/pushfleet.balancer.v1.PeerService/WatchCommand': { port: 'peer', base: () => directCommand },
  '/pushfleet.balancer.v1.PeerService/GetStatus': { port: 'peer', base: () => ({}) },
  '/pushfleet.balancer.v1.PeerService/CancelCommand': { port: 'peer', base: () => directCommand },
  '/pushfleet.node.v1.NodeControlService/Channel': {
    port: 'control',
    base: () => ({}),
    around: () => ({
      before: [],
      after: [{ pushes: [{ commandId: 'asked-last', deviceId: 'nobody', epoch: 1, operation: { forceSync: {} } }] }],
      isAnswer: (response) =>
        (response as node.ChannelResponse).reports.some(({ commandId }) => commandId === 'asked-last'),
    }),
  },
  '/pushfleet.node.v1.NodeControlService/Evict': { port: 'control', base: () => ({}) },
  '/pushfleet.node.v1.NodeControlService/Tunnel': { port: 'control', base: () => ({ attach: { tunnelId: 'none' } }) },
};

/** The name of a field in errors. */
export function fieldName(path: readonly Field[], { unnamed }: Row): string {
  const full = path.map(({ name }) => protoName(name)).join('.');
  if (full === unnamed) return protoName(path.at(-1)?.name ?? '');
  return unnamed && full.startsWith(`${unnamed}.`) ? full.slice(unnamed.length + 1) : full;
}

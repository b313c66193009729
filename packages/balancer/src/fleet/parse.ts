import {
  type admin,
  type DeviceId,
  type GroupPath,
  invalidArgument,
  limits,
  linkKinds as linkKindNames,
  type NodeId,
  parseDeviceId,
  parseGroupPath,
  parseLabels,
  parseLinkKinds,
  parseNodeId,
  parseReachableHost,
} from '@pushfleet/protocol';
import {
  type AddressCheck,
  type Device,
  type DeviceQuery,
  type DistributionPoint,
  hashSecret,
  type LinkKind,
  type PushServerSettings,
  verifySecret,
} from '@pushfleet/registry';
import { badPageToken, decodePageToken, parsePageSize } from '../net/paging.ts';

const defaultPort = 13_295;
const defaultMaxConnections = 50_000;
const defaultWeight = 100;
const greatestMove = 1_000;

/** @throws PushfleetError INVALID_ARGUMENT that names the field, as do all of these. */
export function parseDistributionPoint(message: admin.DistributionPoint | null): DistributionPoint {
  const at = 'distribution_point';
  if (!message) throw invalidArgument(at, 'there');
  const id = parseNodeId(message.distributionPointId, `${at}.distribution_point_id`);
  const groups = message.groups.map((path, index) => parseGroupPath(path, `${at}.groups[${index}]`));
  if (groups.length === 0) throw invalidArgument(`${at}.groups`, 'at least one group');
  return {
    id,
    groups: [...new Set(groups)],
    pushServer: parsePushServer(message.pushServer, `${at}.push_server`),
  };
}

function parsePushServer(message: admin.PushServerSettings | null, at: string): PushServerSettings {
  const { enabled = false, port = 0, address = '', maxConnections = 0, weight = 0 } = message ?? {};
  if (port > 65_535) throw invalidArgument(`${at}.port`, '1 to 65535, or 0 for 13295');
  if (maxConnections > limits.maxConnectionsMax) {
    throw invalidArgument(
      `${at}.max_connections`,
      `1 to ${limits.maxConnectionsMax}, or 0 for ${defaultMaxConnections}`,
    );
  }
  if (weight > limits.weightMax) {
    throw invalidArgument(`${at}.weight`, `1 to ${limits.weightMax} percent, or 0 for ${defaultWeight}`);
  }
  const addressCheck = parseAddressCheck(message?.addressCheck, `${at}.address_check`);
  // Devices cannot come without it; a push server that does not run needs none.
  if (enabled || address !== '') parseReachableHost(address, `${at}.address`);
  return {
    enabled,
    port: port || defaultPort,
    address,
    maxConnections: maxConnections || defaultMaxConnections,
    weight: weight || defaultWeight,
    ...(addressCheck ? { addressCheck } : {}),
  };
}

const addressChecks = {
  ADDRESS_CHECK_UNSPECIFIED: undefined,
  ADDRESS_CHECK_ON: 'on',
  ADDRESS_CHECK_WARN: 'warn',
  ADDRESS_CHECK_OFF: 'off',
} as const satisfies Record<admin.AddressCheck, AddressCheck | undefined>;

/** A number that this version has no name for comes as a number. */
function parseAddressCheck(value: unknown = 'ADDRESS_CHECK_UNSPECIFIED', field: string): AddressCheck | undefined {
  const names = Object.keys(addressChecks);
  if (typeof value !== 'string' || !names.includes(value)) throw invalidArgument(field, `one of ${names.join(', ')}`);
  return addressChecks[value as admin.AddressCheck];
}

/** A device without its secret's hash, and its new secret where there is one. */
export interface PutDevice extends Omit<Device, 'secretHash'> {
  secret: string | undefined;
}

export function parsePutDevice(request: Pick<admin.PutDeviceRequest, 'device' | 'secret'>): PutDevice {
  const { device } = request;
  if (!device) throw invalidArgument('device', 'there');
  return {
    id: parseDeviceId(device.deviceId, 'device.device_id'),
    group: parseGroupPath(device.group, 'device.group'),
    labels: parseLabels(device.labels, 'device.labels'),
    linkKinds: parseLinkKinds(device.linkKinds, 'device.link_kinds'),
    secret: request.secret === '' ? undefined : parseSecret(request.secret),
  };
}

export function parseMoveDevices(request: admin.MoveDevicesRequest): { ids: DeviceId[]; group: GroupPath } {
  const { deviceIds, group } = request;
  if (deviceIds.length === 0 || deviceIds.length > greatestMove) {
    throw invalidArgument('device_ids', `1 to ${greatestMove} ids of devices`);
  }
  const ids = deviceIds.map((id, index) => parseDeviceId(id, `device_ids[${index}]`));
  return { ids, group: parseGroupPath(group) };
}

function parseSecret(secret: string): string {
  const bytes = Buffer.byteLength(secret);
  if (bytes >= limits.secretMinBytes && bytes <= limits.secretMaxBytes) return secret;
  throw invalidArgument('secret', secretRule);
}

/** The device is not known yet, and no secret is given with it. */
export function secretNeeded() {
  return invalidArgument('secret', `given, because the device is new: ${secretRule}`);
}

const secretRule = `${limits.secretMinBytes} to ${limits.secretMaxBytes} bytes`;

export function parseDeviceQuery(request: admin.ListDevicesRequest): DeviceQuery {
  const after = request.pageToken === '' ? undefined : parseDevicePageToken(request.pageToken);
  return {
    ...(request.group === '' ? {} : { group: parseGroupPath(request.group) }),
    includeSubgroups: !request.excludeSubgroups,
    labels: parseLabels(request.labels),
    ...(after === undefined ? {} : { after }),
    limit: parsePageSize(request.pageSize),
  };
}

/** Conditions of a list of devices that no index knows. */
export interface DeviceWishes {
  /** Empty: none. */
  search: string;
  connected: boolean | undefined;
  nodeId: NodeId | undefined;
  link: LinkKind | undefined;
}

/** The length of the longest id. */
const searchBytes = 128;

/** @throws PushfleetError INVALID_ARGUMENT */
export function parseDeviceWishes({ search, connected, nodeId, linkKind }: admin.ListDevicesRequest): DeviceWishes {
  if (Buffer.byteLength(search) > searchBytes) throw invalidArgument('search', `at most ${searchBytes} bytes`);
  const link = (['grpc', 'mqtt'] as const).find((kind) => linkKindNames[kind] === linkKind);
  if (!link && linkKind !== 'LINK_KIND_UNSPECIFIED') {
    throw invalidArgument('link_kind', `absent, or one of ${Object.values(linkKindNames).join(', ')}`);
  }
  const node = nodeId === '' ? undefined : parseNodeId(nodeId);
  if (connected === false && (node || link)) {
    throw invalidArgument('connected', 'true or absent where node_id or link_kind is given');
  }
  return { search, connected: connected ?? undefined, nodeId: node, link };
}

/** @throws PushfleetError INVALID_ARGUMENT that names page_token. */
export function parseDevicePageToken(token: string): DeviceId {
  const last = decodePageToken(token);
  try {
    return parseDeviceId(last);
  } catch {
    throw badPageToken();
  }
}

/**
 * The hash to keep: the known one, where no secret is given or it is the same, because another hash is another secret to
 * the registry and makes the device's tickets void. `undefined`: there is none.
 */
export function resolveHash(secret: string | undefined, known: string | undefined): string | undefined {
  if (known !== undefined && (secret === undefined || verifySecret(secret, known))) return known;
  return secret === undefined ? undefined : hashSecret(secret);
}

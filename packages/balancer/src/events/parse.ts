import { closeReasonName, type DeviceId, invalidArgument, parseCloseReason, parseDeviceId } from '@pushfleet/protocol';
import { admin } from '@pushfleet/protocol/admin';
import type { AuditEvent, EventCursor, FleetEvent, FleetEventKind, TunnelRecord } from '@pushfleet/registry';

/** The events that a watcher wants. */
export interface WatchQuery {
  /** Absent: from now on. */
  from?: EventCursor;
  /** Absent: all. */
  kinds?: ReadonlySet<FleetEventKind>;
  device?: DeviceId;
}

const wireKinds = {
  'device-connected': 'EVENT_KIND_DEVICE_CONNECTED',
  'device-disconnected': 'EVENT_KIND_DEVICE_DISCONNECTED',
  'device-moved': 'EVENT_KIND_DEVICE_MOVED',
  'device-clone-suspected': 'EVENT_KIND_DEVICE_CLONE_SUSPECTED',
  'device-enrolled': 'EVENT_KIND_DEVICE_ENROLLED',
  'node-ready': 'EVENT_KIND_NODE_READY',
  'node-suspect': 'EVENT_KIND_NODE_SUSPECT',
  'node-dead': 'EVENT_KIND_NODE_DEAD',
  'node-draining': 'EVENT_KIND_NODE_DRAINING',
  'node-overloaded': 'EVENT_KIND_NODE_OVERLOADED',
  'node-overload-ended': 'EVENT_KIND_NODE_OVERLOAD_ENDED',
  'node-problem': 'EVENT_KIND_NODE_PROBLEM',
  'node-problem-solved': 'EVENT_KIND_NODE_PROBLEM_SOLVED',
  'registry-lost': 'EVENT_KIND_REGISTRY_LOST',
  'credentials-replaced': 'EVENT_KIND_CREDENTIALS_REPLACED',
  'credentials-refused': 'EVENT_KIND_CREDENTIALS_REFUSED',
  'certificate-ending': 'EVENT_KIND_CERTIFICATE_ENDING',
  'tunnel-opened': 'EVENT_KIND_TUNNEL_OPENED',
  'tunnel-closed': 'EVENT_KIND_TUNNEL_CLOSED',
  'tunnel-refused': 'EVENT_KIND_TUNNEL_REFUSED',
  'sign-ins-locked': 'EVENT_KIND_SIGN_INS_LOCKED',
  'member-refused': 'EVENT_KIND_MEMBER_REFUSED',
  'member-revoked': 'EVENT_KIND_MEMBER_REVOKED',
} as const satisfies Record<FleetEventKind, admin.EventKind>;

const kindsByWire = new Map<unknown, FleetEventKind>(
  Object.entries(wireKinds).map(([kind, wire]) => [wire, kind as FleetEventKind]),
);

const maxTokenChars = 64;

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseWatch({ resumeToken, kinds, deviceId }: admin.WatchRequest): WatchQuery {
  return {
    ...(resumeToken === '' ? {} : { from: decodeToken(resumeToken) }),
    ...(kinds.length === 0 ? {} : { kinds: new Set(kinds.map(parseKind)) }),
    ...(deviceId === '' ? {} : { device: parseDeviceId(deviceId) }),
  };
}

function parseKind(wire: admin.EventKind, index: number): FleetEventKind {
  const kind = kindsByWire.get(wire);
  if (!kind) throw invalidArgument(`kinds[${index}]`, `one of ${Object.keys(admin.EventKind).slice(1).join(', ')}`);
  return kind;
}

export function matches({ kinds, device }: WatchQuery, event: FleetEvent): boolean {
  return (!kinds || kinds.has(event.kind)) && (device === undefined || event.device === device);
}

export function viewEvent(event: FleetEvent): admin.EventInit {
  const { cursor, kind, atMs, device = '', epoch = 0, node = '', worker = '', reason = '', tunnel } = event;
  const closeReason = kind === 'device-disconnected' ? parseCloseReason(reason) : undefined;
  return {
    resumeToken: encodeToken(cursor),
    kind: wireKinds[kind],
    atMs,
    deviceId: device,
    epoch,
    nodeId: node,
    workerId: worker,
    reason,
    ...(closeReason ? { closeReason: closeReasonName(closeReason) } : {}),
    ...(tunnel ? { tunnel: viewTunnel(tunnel) } : {}),
  };
}

function viewTunnel({ id, target, bytesToDevice, bytesFromDevice }: TunnelRecord): admin.TunnelRecordInit {
  return { tunnelId: id, target, bytesToDevice, bytesFromDevice };
}

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseAuditWatch({ resumeToken, caller }: admin.WatchAuditRequest) {
  return { from: resumeToken === '' ? undefined : decodeToken(resumeToken), caller };
}

export function viewAuditEvent({ cursor, operation = '', ...event }: AuditEvent): admin.AuditEventInit {
  return { ...event, operation, resumeToken: encodeToken(cursor) };
}

/** A token is a cursor of the registry, opaque to clients. */
export function encodeToken(cursor: EventCursor): string {
  return Buffer.from(cursor).toString('base64url');
}

function decodeToken(token: string): EventCursor {
  const cursor = Buffer.from(token, 'base64url').toString('utf8');
  const isOurs = token.length <= maxTokenChars && encodeToken(cursor) === token && /^[0-9-]+$/.test(cursor);
  if (!isOurs) throw invalidArgument('resume_token', 'the resume_token of an event');
  return cursor;
}

import { type admin, linkKinds as linkKindNames } from '@pushfleet/protocol';
import type {
  AddressCheck,
  Device,
  DistributionPoint,
  NodeProblemKind,
  SessionMove,
  SessionRef,
} from '@pushfleet/registry';
import { fingerprint } from '../commands/push-request.ts';
import type { JudgedNode } from '../node-directory.ts';

/** Equal for equal settings, and for no others. */
export function pointEtag({ groups, pushServer }: DistributionPoint): string {
  return fingerprint({ groups, pushServer });
}

/** The same of a device. Its secret goes in by its salted hash. */
export function deviceEtag({ group, secretHash, labels, linkKinds }: Device): string {
  return fingerprint({ group, secretHash, labels, linkKinds });
}

export function viewDistributionPoint(point: DistributionPoint): admin.DistributionPointInit {
  const { id, groups, pushServer } = point;
  const { addressCheck, ...settings } = pushServer;
  const check = addressCheck ? { addressCheck: addressChecks[addressCheck] } : {};
  return { distributionPointId: id, groups, pushServer: { ...settings, ...check }, etag: pointEtag(point) };
}

const addressChecks = {
  on: 'ADDRESS_CHECK_ON',
  warn: 'ADDRESS_CHECK_WARN',
  off: 'ADDRESS_CHECK_OFF',
} as const satisfies Record<AddressCheck, admin.AddressCheck>;

export function viewDevice(device: Device, session: SessionRef | undefined): admin.DeviceInit {
  const { id, group, labels, linkKinds } = device;
  return {
    deviceId: id,
    group,
    labels: { ...labels },
    linkKinds: linkKinds.map((kind) => linkKindNames[kind]),
    etag: deviceEtag(device),
    ...(session ? { session: viewSession(session) } : {}),
  };
}

function viewSession({ nodeId, workerId, link, epoch, openedAtMs }: SessionRef): admin.SessionInit {
  return { nodeId, workerId, link: linkKindNames[link], epoch, openedAtMs };
}

export function viewMove({ kind, atMs, nodeId, link, reason }: SessionMove): admin.DeviceMoveInit {
  return { timeMs: atMs, kind: moveKinds[kind], nodeId, linkKind: linkKindNames[link], reason };
}

const moveKinds = {
  connected: 'DEVICE_MOVE_KIND_CONNECTED',
  moved: 'DEVICE_MOVE_KIND_MOVED',
  disconnected: 'DEVICE_MOVE_KIND_DISCONNECTED',
} as const satisfies Record<SessionMove['kind'], admin.DeviceMoveKind>;

export function viewNode(node: JudgedNode): admin.NodeInit {
  const { nodeId, address, port, live, reserved, capacity, bootId, silentMs, problem, weight, acceptsPerSecond } = node;
  return {
    nodeId,
    status: statusOf(node),
    address,
    port,
    live,
    reserved,
    capacity,
    workers: node.workers.map((worker) => ({
      workerId: worker.workerId,
      live: worker.live,
      capacity: worker.capacity,
      pid: worker.pid,
    })),
    bootId,
    silentForMs: Math.round(silentMs),
    ...(problem ? { problem: problems[problem.kind], problemDetail: problem.detail } : {}),
    weight,
    acceptsPerSecond,
  };
}

const problems = {
  'port-in-use': 'NODE_PROBLEM_PORT_IN_USE',
  'worker-silent': 'NODE_PROBLEM_WORKER_SILENT',
  'too-few-files': 'NODE_PROBLEM_TOO_FEW_FILES',
  failed: 'NODE_PROBLEM_FAILED',
  'control-unreachable': 'NODE_PROBLEM_CONTROL_UNREACHABLE',
  'address-unreachable': 'NODE_PROBLEM_ADDRESS_UNREACHABLE',
  'wrong-server': 'NODE_PROBLEM_WRONG_SERVER',
  'certificate-expired': 'NODE_PROBLEM_CERTIFICATE_EXPIRED',
  'certificate-not-yet-valid': 'NODE_PROBLEM_CERTIFICATE_NOT_YET_VALID',
  'certificate-name-mismatch': 'NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH',
  'certificate-incomplete': 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE',
  'certificate-untrusted': 'NODE_PROBLEM_CERTIFICATE_UNTRUSTED',
  'clock-skew': 'NODE_PROBLEM_CLOCK_SKEW',
} as const satisfies Record<NodeProblemKind, admin.NodeProblem>;

const statuses = {
  starting: 'NODE_STATUS_STARTING',
  ready: 'NODE_STATUS_READY',
  draining: 'NODE_STATUS_DRAINING',
  disabled: 'NODE_STATUS_DISABLED',
  failed: 'NODE_STATUS_FAILED',
  unreachable: 'NODE_STATUS_UNREACHABLE',
} as const satisfies Record<JudgedNode['status'], admin.NodeStatus>;

/** The status of a push server: its own word counts only as long as it is heard. */
export function statusOf({
  status,
  liveness,
  overloaded,
}: Pick<JudgedNode, 'status' | 'liveness' | 'overloaded'>): admin.NodeStatus {
  switch (liveness) {
    case 'alive':
      return status === 'ready' && overloaded ? 'NODE_STATUS_OVERLOADED' : statuses[status];
    case 'suspect':
      return 'NODE_STATUS_SUSPECT';
    case 'dead':
      return 'NODE_STATUS_DEAD';
    default:
      return liveness satisfies never;
  }
}

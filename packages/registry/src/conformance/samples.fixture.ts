import {
  type BootId,
  type DeviceId,
  type GroupPath,
  type NodeId,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { expect } from 'vitest';
import type { ReservationRequest } from '../assignments.ts';
import type { NewAuditEvent } from '../events.ts';
import type { Device, StoredDevice } from '../fleet.ts';
import { orphansAmong } from '../node-state.ts';
import type {
  FoundProblem,
  HeartbeatDelta,
  HeartbeatVerdict,
  NodeProblem,
  NodeRecord,
  RegistryPosition,
} from '../nodes.ts';
import type { Registry } from '../registry.ts';
import type { Credentials, LinkKind, OpenedSession, WorkerRef } from '../sessions.ts';

export interface NodeSample {
  id?: string;
  boot?: string;
  status?: NodeRecord['status'];
  capacity?: number;
  weight?: number;
  live?: number;
  acceptsPerSecond?: number;
  overloaded?: boolean;
}

export function nodeId(id: string): NodeId {
  return parseNodeId(id);
}

export function nodeRecord({
  id = 'dp-1',
  boot = `${id.replaceAll('.', '-')}-boot`,
  status = 'ready',
  capacity = 100,
  weight = 100,
  live = 0,
  ...pace
}: NodeSample = {}): NodeRecord {
  const half = Math.floor(live / 2);
  const worker = (name: string, links: number) => ({
    workerId: parseWorkerId(name),
    bootId: parseBootId(`${boot}-${name}`),
    pid: 4711,
    controlAddress: '127.0.0.1:40000',
    live: links,
    capacity: Math.ceil(capacity / 2),
  });
  return {
    nodeId: nodeId(id),
    bootId: parseBootId(boot),
    status,
    address: 'dp.example.com',
    port: 13_295,
    capacity,
    weight,
    workers: [worker('w0', half), worker('w1', live - half)],
    ...pace,
  };
}

export const impairing: NodeProblem = { kind: 'control-unreachable', detail: 'nobody answers', impairs: true };

/** A finding about `dp-1`, unless it is said to be another one; by default nothing. */
export function found(change: Partial<FoundProblem> & { id?: string } = {}): FoundProblem {
  const { id = 'dp-1', ...rest } = change;
  const { nodeId: node, bootId } = nodeRecord({ id });
  return { nodeId: node, bootId, problem: undefined, token: 1, events: [], ...rest };
}

/** The delta of a heartbeat: devices that came to the first worker of `dp-1`, unless it is said to be another one. */
export function arrivals(devices: readonly DeviceId[] = [], bootId = 'dp-1-boot-w0'): HeartbeatDelta {
  const arrived = devices.map((device) => ({ device, bootId: parseBootId(bootId) }));
  return { arrived, left: [], events: [] };
}

/** The positions that push servers know, by their boot ids, for each registry as they have it. */
const positions = new WeakMap<Registry, Map<string, RegistryPosition>>();

function positionsIn(registry: Registry): Map<string, RegistryPosition> {
  const known = positions.get(registry) ?? new Map();
  positions.set(registry, known);
  return known;
}

/** Announces a push server, which remembers where the registry was. */
export async function register(registry: Registry, node: NodeRecord): Promise<void> {
  positionsIn(registry).set(node.bootId, await registry.nodes.register(node));
}

/** The verdict on a heartbeat of a push server that remembers where the registry was, if it has ever been told. */
export async function beat(registry: Registry, node: NodeRecord, delta = arrivals()): Promise<HeartbeatVerdict> {
  const known = positionsIn(registry);
  const { verdict, position } = await registry.nodes.heartbeat(node, delta, known.get(node.bootId));
  known.set(node.bootId, position);
  return verdict;
}

/** Boot ids that hold devices, and that no push server announces which is not dead. */
export async function orphanedBoots({ nodes }: Pick<Registry, 'nodes'>): Promise<BootId[]> {
  return orphansAmong(await nodes.bootsWithDevices(), await nodes.list());
}

export function deviceId(id: string | number): DeviceId {
  return parseDeviceId(`device-${id}`);
}

export function deviceIds(count: number): DeviceId[] {
  return Array.from({ length: count }, (_, index) => deviceId(index));
}

export function reservation(
  device: DeviceId,
  tiers: string[][],
  rest: Partial<Omit<ReservationRequest, 'device' | 'tiers'>> = {},
): ReservationRequest {
  return { device, tiers: tiers.map((tier) => tier.map(nodeId)), avoid: [], lapseMs: 60_000, backups: 0, ...rest };
}

export function workerRef(node: string, boot = 'boot-1'): WorkerRef {
  return { nodeId: nodeId(node), workerId: parseWorkerId('w0'), bootId: parseBootId(boot) };
}

/** The generation of a ticket that is good, whatever becomes of its device. */
export function by(link: LinkKind, generation = Number.MAX_SAFE_INTEGER): Credentials {
  return { link, generation };
}

/** With a ticket that is good. */
export async function openSession(
  { sessions }: Pick<Registry, 'sessions'>,
  device: DeviceId,
  at: WorkerRef,
  link: LinkKind,
): Promise<OpenedSession> {
  const opened = await sessions.open(device, at, by(link));
  if (opened === 'void') throw new Error(`the ticket of "${device}" is void`);
  return opened;
}

export function groupPath(path: string): GroupPath {
  return parseGroupPath(path);
}

/** The record as the registry answers it. */
export function stored(device: Device): StoredDevice {
  return { ...device, generation: expect.any(Number) };
}

export function device(
  id: string | number,
  group: string,
  secretHash = 'sha256$salt$hash',
  rest: Partial<Pick<Device, 'labels' | 'linkKinds'>> = {},
): Device {
  return { id: deviceId(id), group: groupPath(group), secretHash, labels: {}, linkKinds: [], ...rest };
}

export const auditSample: NewAuditEvent = {
  ...{ atMs: 1_795_377_000_000, caller: 'night shift', address: '127.0.0.1', outcome: 'OUTCOME_SUCCEEDED', count: 1 },
  ...{ method: 'pushfleet.admin.v1.CommandService/Push', target: 'device d-1', operation: 'force_sync' },
};

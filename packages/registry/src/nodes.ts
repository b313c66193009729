import type { BootId, DeviceId, NodeId, WorkerId } from '@pushfleet/protocol';
import type { CertificateFaultKind } from '@pushfleet/runtime';
import type { NewFleetEvent } from './events.ts';
import type { AddressCheck } from './fleet.ts';

/** The kinds of problems of a push server. */
export type NodeProblemKind =
  | 'port-in-use'
  | 'worker-silent'
  | 'too-few-files'
  | 'failed'
  | 'control-unreachable'
  | 'address-unreachable'
  | 'wrong-server'
  | CertificateFaultKind
  | 'clock-skew';

export interface NodeProblem {
  kind: NodeProblemKind;
  /** Says what is wrong exactly, and what would be right; for people. */
  detail: string;
  /** Devices or commands do not get through: it gets new devices only where there is no other. */
  impairs: boolean;
}

/** One process of a push server, as its supervisor announces it. */
export interface WorkerRecord {
  workerId: WorkerId;
  bootId: BootId;
  pid: number;
  /** The `host:port` of its NodeControlService. */
  controlAddress: string;
  live: number;
  capacity: number;
  /** Its supervisor hears nothing of it: commands do not reach it, which says nothing about the push server. */
  silent?: boolean;
}

/** A push server, as its supervisor announces it. */
export interface NodeRecord {
  nodeId: NodeId;
  /** The supervisor's boot id; each worker has its own. */
  bootId: BootId;
  /** Only a ready one gets devices. `disabled` and `failed` do not listen. */
  status: 'disabled' | 'starting' | 'ready' | 'draining' | 'failed';
  /** The problem that it knows of itself. It may be ready all the same, e.g. on its former port. */
  problem?: NodeProblem;
  /** Address for remote hosts. */
  address: string;
  port: number;
  /** How many links all its workers together can hold. */
  capacity: number;
  /** How much of the load it gets beside others of the same size, in percent. Its load is used / (capacity * weight). */
  weight: number;
  workers: WorkerRecord[];
  /** The wall clock of its host when it said this. Absent: its version does not say. */
  wallMs?: number;
  /** How many new devices it can take in a second, measured. Absent: its version does not say. */
  acceptsPerSecond?: number;
  /** It cannot take the devices that come, and is to get no others for a while. Those that it has stay. */
  overloaded?: boolean;
  /** From its settings; absent: as balancers are set. */
  addressCheck?: AddressCheck;
  /** Its port speaks TLS; if not, a proxy before it may. Absent: its version does not say. */
  deviceTls?: boolean;
  /** Commands whose end its workers have written since it started, by outcome. Absent: its version does not say. */
  commandsEnded?: Readonly<Record<string, number>>;
  /** Serial number of its certificate in the cluster, by which it may be revoked. Absent: its version does not say. */
  memberSerial?: string;
  /** When the first of its certificates ends, in Unix time. Absent: it has none, or does not say. */
  certificateEndsAtMs?: number;
  /** Lately seen, and for an operator to look at. */
  sightings?: NodeSightings;
  /** Versions of pushfleet and of Node.js that its supervisor runs. Absent: its version does not say. */
  software?: { version: string; node: string };
}

/** Sightings of a push server in the last 15 minutes; times by its wall clock. */
export interface NodeSightings {
  /** Devices that are probably two, the newest last; at most 20. */
  clones: readonly { device: DeviceId; atMs: number; reason: string }[];
  /** When the registry last came back without its data, or with an earlier state of it. */
  registryLostAtMs?: number;
}

/** All that has happened since the last heartbeat; it goes with the record of the next one. */
export interface HeartbeatDelta {
  /** Devices whose sessions were opened: their reservations are settled. */
  arrived: readonly HeldDevice[];
  /** Devices whose sessions have ended. One that is in both lists came first and left then. */
  left: readonly HeldDevice[];
  events: readonly NewFleetEvent[];
}

/** A device, and the worker's life that holds, or held, its session. */
export interface HeldDevice {
  device: DeviceId;
  bootId: BootId;
}

/**
 * `lost`: the registry has lost its data, or went back to an earlier state of it; whoever held the node id then is fenced
 * off. `restarted`: it was restarted or has failed over, and its last writes may be missing. `struck-off`: it has lost
 * nothing, but the push server was taken out of the list; it is back. After these three, sessions are to be asserted.
 * `revived`: a boot id of its workers was claimed while it counted as dead, and its sessions may be cleaned up even now; said
 * until it announces others. `fenced`: another boot id holds the node id; nothing was written.
 */
export type HeartbeatVerdict = 'ok' | 'lost' | 'restarted' | 'struck-off' | 'revived' | 'fenced';

/**
 * Opaque: which life of its data the registry is in, and how far it has come, as one answer said. Compared with what the
 * registry has now, it shows whether anything is missing.
 */
export type RegistryPosition = string;

export interface HeartbeatAnswer {
  verdict: HeartbeatVerdict;
  /** For the next heartbeat. */
  position: RegistryPosition;
}

/** How long a push server has been silent: below 5 s alive, from 5 s suspect (no new devices), from 15 s dead. */
export type Liveness = 'alive' | 'suspect' | 'dead';

export interface ListedNode extends NodeRecord {
  liveness: Liveness;
  silentMs: number;
  /** Sum of the workers' live links. */
  live: number;
  /** Places kept for devices that were assigned and have not come yet. */
  reserved: number;
  acceptsPerSecond: number;
  overloaded: boolean;
  /** The problem that balancers found with this life of it; see `setProblem`. */
  found?: NodeProblem;
}

/** The finding of the leader among the balancers, which tries push servers as devices and commands come to them. */
export interface FoundProblem {
  nodeId: NodeId;
  /** Which life of the push server was tried. */
  bootId: BootId;
  /** `undefined`: nothing is wrong with it. */
  problem: NodeProblem | undefined;
  /** The token of the lease under which it was found. */
  token: number;
  events: readonly NewFleetEvent[];
}

/** When a silent push server counts as suspect and as dead. */
export interface LivenessLimits {
  suspectAfterMs: number;
  deadAfterMs: number;
}

/**
 * Which push servers there are. Silence is measured by the registry's own clock, never by two machines' clocks, and only
 * while it takes writes: whoever could not say anything was not silent. Every operation is atomic.
 */
export interface Nodes {
  /** Announces a push server. One that holds the same node id under another boot id is fenced off by it. */
  register(node: NodeRecord): Promise<RegistryPosition>;
  /**
   * Heartbeat: renews the record, settles the reservations of the devices that have arrived, keeps the list of
   * held devices, and appends the events, all in one step, so that no device counts twice or not at all.
   *
   * @param known The position that the registry answered last: an answer that never came cannot hide a loss. Without one, no
   *   loss is told.
   */
  heartbeat(node: NodeRecord, delta: HeartbeatDelta, known?: RegistryPosition): Promise<HeartbeatAnswer>;
  /** Takes a push server out, with its reservations. `false`: another boot id holds the node id; nothing changed. */
  retire(nodeId: NodeId, bootId: BootId): Promise<boolean>;
  /**
   * Keeps what was found until something else is, or the push server is taken out, and appends the events, in one step.
   * One with a problem that impairs it is not a place for devices; see `Assignments`. `false`: another boot id holds the
   * node id, or somebody with a greater token has written; nothing changed.
   */
  setProblem(found: FoundProblem): Promise<boolean>;
  /** All of them, dead ones included, in the order of their ids. Answered also where the registry takes no writes. */
  list(): Promise<ListedNode[]>;
  /** Boot ids of all workers that hold devices, or held them when they ended. Answered also where the registry takes no writes. */
  bootsWithDevices(): Promise<BootId[]>;
  /**
   * Claims what that life of a worker left behind; comes before anything of it is cleaned up. Should a push server be heard
   * within a day that has the worker under that boot id, it is told to go on under others. `false`: it has been heard, and is not
   * dead: nothing is to be touched.
   */
  claimBoot(bootId: BootId): Promise<boolean>;
  /** Some devices whose sessions that life of a worker held, as heartbeats have said; at most `limit`. */
  heldDevices(bootId: BootId, limit: number): Promise<DeviceId[]>;
  /** Strikes devices off the list of held devices. */
  forgetHeldDevices(bootId: BootId, devices: readonly DeviceId[]): Promise<void>;
}

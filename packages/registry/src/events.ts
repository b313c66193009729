import type { DeviceId, Epoch, GroupPath, NodeId, TunnelId, WorkerId } from '@pushfleet/protocol';

export type FleetEventKind =
  | 'device-connected'
  | 'device-disconnected'
  | 'device-moved'
  | 'device-clone-suspected'
  | 'device-enrolled'
  | 'node-ready'
  | 'node-suspect'
  | 'node-dead'
  | 'node-draining'
  | 'node-overloaded'
  | 'node-overload-ended'
  | 'node-problem'
  | 'node-problem-solved'
  | 'registry-lost'
  | 'credentials-replaced'
  | 'credentials-refused'
  | 'certificate-ending'
  | 'tunnel-opened'
  | 'tunnel-closed'
  | 'tunnel-refused'
  | 'sign-ins-locked'
  | 'member-refused'
  | 'member-revoked';

/** The facts about a tunnel that an audit wants. */
export interface TunnelRecord {
  id: TunnelId;
  /** `host:port`, as seen from the device. */
  target: string;
  bytesToDevice: number;
  bytesFromDevice: number;
}

export interface NewFleetEvent {
  kind: FleetEventKind;
  /** By the clock of who saw it. */
  atMs: number;
  device?: DeviceId;
  /** The device's group, as far as whoever saw it happen knew: it tells who may see the event once the device is deleted. */
  group?: GroupPath;
  epoch?: Epoch;
  node?: NodeId;
  worker?: WorkerId;
  reason?: string;
  tunnel?: TunnelRecord;
}

/** Opaque; ordered as the events are. */
export type EventCursor = string;

/** An event as it is read. */
export type Logged<Event> = Event & { cursor: EventCursor };

export type FleetEvent = Logged<NewFleetEvent>;

/** One thing that a holder of an API token did, or several of one second that are alike. */
export interface NewAuditEvent {
  /** By the clock of the balancer that was asked. */
  atMs: number;
  /** The name of the token; empty: none was shown, or a wrong one. */
  caller: string;
  /** The address of the caller. */
  address: string;
  /** Full name of the method, without a slash before it: `pushfleet.admin.v1.CommandService/Push`; or `POST /v1/session`. */
  method: string;
  /** On what: `device d-1`, `group HQ`; empty for what concerns the fleet, or for several devices. */
  target: string;
  /** The operation that was asked of devices, by its field in Operation. */
  operation?: string;
  /** `OK`, the outcome of a command, or the reason of a refusal. */
  outcome: string;
  /** How many such things this event stands for. */
  count: number;
}

export type AuditEvent = Logged<NewAuditEvent>;

/** How many events of each log are kept; of a Redis a few more. */
export const keptEvents = 100_000;

/** Events in the order in which they were appended. The last `keptEvents` are kept. */
export interface EventLog<Event> {
  append(events: readonly Event[]): Promise<void>;
  /** The cursor after the last event. */
  end(): Promise<EventCursor>;
  /** Those after `cursor`, at most `limit`. `gone`: some of them are no longer kept. */
  read(cursor: EventCursor, limit: number): Promise<Logged<Event>[] | 'gone'>;
}

/** Events of the fleet. */
export type Events = EventLog<NewFleetEvent>;
/** Who did what by the admin API. */
export type AuditTrail = EventLog<NewAuditEvent>;

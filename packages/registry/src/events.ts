import type { DeviceId, Epoch, NodeId, TunnelId, WorkerId } from '@pushfleet/protocol';

export type FleetEventKind =
  | 'device-connected'
  | 'device-disconnected'
  | 'device-moved'
  | 'device-clone-suspected'
  | 'node-ready'
  | 'node-suspect'
  | 'node-dead'
  | 'node-draining'
  | 'node-overloaded'
  | 'node-overload-ended'
  | 'node-problem'
  | 'node-problem-solved'
  | 'registry-lost'
  | 'tunnel-opened'
  | 'tunnel-closed'
  | 'tunnel-refused';

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
  epoch?: Epoch;
  node?: NodeId;
  worker?: WorkerId;
  reason?: string;
  tunnel?: TunnelRecord;
}

/** Opaque; ordered as the events are. */
export type EventCursor = string;

export interface FleetEvent extends NewFleetEvent {
  cursor: EventCursor;
}

/** How many events are kept; of a Redis a few more. */
export const keptEvents = 100_000;

/** The events of the fleet in the order in which they were appended. The last `keptEvents` are kept. */
export interface Events {
  append(events: readonly NewFleetEvent[]): Promise<void>;
  /** The cursor after the last event. */
  end(): Promise<EventCursor>;
  /** Those after `cursor`, at most `limit`. `gone`: some of them are no longer kept. */
  read(cursor: EventCursor, limit: number): Promise<FleetEvent[] | 'gone'>;
}

import type { DeviceId, NodeId } from '@pushfleet/protocol';

export interface ReservationRequest {
  device: DeviceId;
  /** Push servers by preference: a later tier is used only where no earlier one has room. */
  tiers: readonly (readonly NodeId[])[];
  /** Used only where no other push server of any tier has room. */
  avoid: readonly NodeId[];
  /** The reservation is void this long after the device's slot, if the device has not come. */
  lapseMs: number;
  /** How many further push servers to name, at most. */
  backups: number;
  /** For a device that is connected: it is better off where it is than on a push server that is impaired. */
  onlySound?: boolean;
  /**
   * The push server where the device has an open session: that place is its own, and does not count against it. Where it is
   * picked, the reservation keeps only the device's slot: the place is taken already, by the device itself.
   */
  owns?: NodeId | undefined;
}

export type ReserveResult =
  | {
      kind: 'reserved';
      primary: NodeId;
      backups: NodeId[];
      /** Time until the device's slot there; 0: at once. */
      connectAfterMs: number;
    }
  /** Push servers are ready, and all are full. */
  | { kind: 'full' }
  /** No push server of any tier is ready. */
  | { kind: 'none-ready' };

/** Which push server a device belongs on. */
export interface Assignments {
  /**
   * Picks the ready push server with the smallest (live + reserved) / (capacity * weight) and reserves a place there, as one
   * atomic operation: any number of callers together spread any number of devices evenly. Ready means: announced as
   * such, and not silent for long enough to be suspect. Backups are the next best, without a reservation.
   *
   * The reservation has a slot, the time at which the device is to connect: slots of one push server follow one another as
   * fast as it takes devices (`NodeRecord.acceptsPerSecond`). Where less loaded ones have longer queues, only those come into
   * question whose slot is about as early as the earliest; see slots.ts. One that is overloaded comes after all others that
   * have room, and has no early slot.
   *
   * One that is impaired (see `Nodes.setProblem`) is used only where no other push server of any tier has room, avoided
   * ones included, and then only is it named as a backup. One that knows itself to be impaired is not ready.
   *
   * A device holds one reservation at most. One that it holds on a push server that is still eligible is renewed and
   * answered again, with the same slot; on another push server it is given up.
   */
  reserve(request: ReservationRequest): Promise<ReserveResult>;
}

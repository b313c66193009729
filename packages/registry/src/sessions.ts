import type { BootId, DeviceId, Epoch, GroupPath, NodeId, WorkerId } from '@pushfleet/protocol';
import type { SessionMove } from './session-moves.ts';

/** The process that holds a link. */
export interface WorkerRef {
  nodeId: NodeId;
  workerId: WorkerId;
  /** The worker's boot id. A session whose worker has since begun another life is void. */
  bootId: BootId;
}

export type LinkKind = 'grpc' | 'mqtt';

/** How a device came in. */
export interface Credentials {
  link: LinkKind;
  /** The generation of its ticket; see StoredDevice. 0: the ticket does not say. */
  generation: number;
}

export interface SessionRef extends WorkerRef {
  epoch: Epoch;
  link: LinkKind;
  /** Milliseconds since the Unix epoch, by the registry's clock. */
  openedAtMs: number;
}

export interface OpenedSession {
  epoch: Epoch;
  /** The session that was open until now. */
  previous: SessionRef | undefined;
  /** How often, within the last minute, the session has changed hands while the one that lost it was still open; 16 at most. */
  takeovers: number;
  /** The device's group by now, whatever its ticket says; `undefined`: the registry does not know the device. */
  group: GroupPath | undefined;
  /** Durable commands wait for the device, or were taken by an earlier session and have not ended. */
  hasCommands: boolean;
}

/**
 * `superseded`: a greater epoch is known, the device has come elsewhere. `ended`: the session was closed, or is another
 * worker's: nothing was written, the link is to be ended, and the device may come back. `void`: it is not open, and the
 * device has been deleted, or its tickets voided, since it was opened.
 */
export type AssertVerdict = 'ok' | 'superseded' | 'ended' | 'void';

/** Which worker holds a device's live link. Every operation on one device is atomic. */
export interface Sessions {
  /**
   * Opens the device's session; the newest always wins. The epoch is greater than every epoch ever returned for this
   * device: max(stored + 1, the registry's clock in ms), so that it holds even after the registry has lost its data.
   * `previous` is the session that was open until now. `void`: the device was deleted, or its tickets were voided, since
   * it got the one of this generation; nothing was written. A device that the registry does not know is let in: it may
   * have lost the record, and remembers deletions for longer than any ticket is good.
   */
  open(device: DeviceId, at: WorkerRef, by: Credentials): Promise<OpenedSession | 'void'>;
  /**
   * Says that the session `epoch` of a device is held by `at`: after the registry lost it, after the worker began another
   * life, and now and then, because a session that is not asserted for a day is forgotten. One that was reaped is open
   * again by it, as if nothing had happened.
   */
  assert(device: DeviceId, epoch: Epoch, at: WorkerRef, by: Credentials): Promise<AssertVerdict>;
  /**
   * Closes whatever session of the device that life of a worker holds, because the worker is taken for dead. Should it
   * live after all, it asserts the session. `false`: it holds none.
   */
  reap(device: DeviceId, bootId: BootId): Promise<boolean>;
  /** Closes the session if `epoch` is still current. A lost race is `false`, not an error. @param reason Name of a close reason. */
  close(device: DeviceId, epoch: Epoch, reason?: string): Promise<boolean>;
  /**
   * The last changes of where the device was connected, newest first, written in one step with them; at most 20. Forgotten with the
   * session, a day after the last of them, and with the device.
   */
  history(device: DeviceId): Promise<SessionMove[]>;
  /** The open session. It may be void: compare its boot id with the worker's. */
  find(device: DeviceId): Promise<SessionRef | undefined>;
  /** The open sessions of many devices, in one round trip per shard; devices without one are left out. Not atomic as a whole. */
  findMany(devices: readonly DeviceId[]): Promise<Map<DeviceId, SessionRef>>;
}

/** For how long a session that changed hands counts as a takeover. */
export const takeoverMs = 60_000;

/** More are not counted: somebody who asks wants to know whether there are many. */
export const rememberedTakeovers = 16;

/**
 * A session that nobody has opened or asserted for this long is forgotten, so that nothing that was left behind stays
 * for ever. A closed one is remembered for as long: its epoch still counts where the clock is set back.
 */
export const sessionMemoryMs = 24 * 3_600_000;

/** A deleted device is remembered for longer than any ticket of its is good, a day at most, and any session is. */
export const deletionMemoryMs = sessionMemoryMs + 3_600_000;

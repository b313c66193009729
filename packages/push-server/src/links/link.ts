import { type CloseReason, limits } from '@pushfleet/protocol';
import type { AttendedTime, Barrier } from '@pushfleet/runtime';
import type { DeviceSaid } from '../session/on-device.ts';
import type { Elsewhere, ToDevice } from '../session/session.ts';

/** A link that has this much unread by its device is cut off: four of the largest commands. */
export const maxBufferedBytes = 4 * limits.frameBytes;

/** A device link as its session sees it: it can be written to and it can be ended. */
export interface Link {
  /** Address and port of the peer, for logs. */
  readonly remote: string;
  /** Written, and not yet taken by the device; with what each write costs, however small it is. */
  readonly bufferedBytes: number;
  send(message: ToDevice): void;
  /** Says why, as far as the wire has words for it, and closes. Nothing is said to the session after this. */
  end(reason: CloseReason, elsewhere?: Elsewhere): void;
}

/** Where a link brings what its device says. */
export type Listen = (said: DeviceSaid) => void;

/** Takes a new link in; what the link then hears goes to the returned function. */
export type AcceptLink = (link: Link) => Listen;

/** What both kinds of links are told about this push server. */
export interface LinkSettings {
  nodeId: string;
  /** How often a device should say something. */
  keepAliveMs: number;
  /** Stands around all that a device's bytes run, from the first byte on. One for the whole worker. */
  barrier: Barrier;
  /** By it devices are judged. */
  attended: AttendedTime;
  /** The device behind this socket or call has authenticated: the bounds of unauthenticated connections end for it. */
  markAuthenticated(peer: object): void;
}

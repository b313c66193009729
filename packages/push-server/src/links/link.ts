import { type CloseReason, type DeviceId, type Epoch, limits } from '@pushfleet/protocol';
import type { Credentials, LinkKind } from '@pushfleet/registry';
import type { AttendedTime, Barrier, Timed } from '@pushfleet/runtime';
import type { DeviceInput } from '../session/on-device.ts';
import type { RedirectTarget, Session, ToDevice } from '../session/session.ts';
import type { KeepAliveBounds } from './keep-alive.ts';

/** A link whose device leaves this much unread is closed: four of the largest commands. */
export const maxBufferedBytes = 4 * limits.frameBytes;

/** A device link, as its session sees it: it can be written to and ended. */
export interface Link {
  readonly kind: LinkKind;
  /** Address and port of the peer, for logs. */
  readonly remote: string;
  /** Bytes that are written and not taken by the device yet, with an overhead for each write, however small. */
  readonly bufferedBytes: number;
  send(message: ToDevice): void;
  /** Gives the reason, as far as the wire can express it, and closes. No input comes from the link after this. */
  end(reason: CloseReason, target?: RedirectTarget): void;
}

/** Takes what the device of a link says. */
export type OnInput = (input: DeviceInput) => void;

/** Takes a new link; its device's input goes to the returned function. */
export type AcceptLink = (link: Link) => OnInput;

/** Settings of the push server that both kinds of links need. */
export interface LinkSettings {
  nodeId: string;
  keepAlive: KeepAliveBounds;
  /** Stands around everything that a device's bytes run, from the first byte on. One for the whole worker. */
  barrier: Barrier;
  /** The clock by which devices are judged. */
  attended: AttendedTime;
  /**
   * The device behind this socket or call has authenticated: the bounds of unauthenticated connections end for it.
   * @param keepAliveMs Of a gRPC link. Its HTTP/2 connection need not be asked for a sign of life more often.
   */
  markAuthenticated(peer: object, keepAliveMs?: number): void;
}

/** A link with its session. `bucket` is that of the timing wheel. */
export interface LinkEntry extends Timed {
  session: Session;
  link: Link;
  /** The port of the push server that the link came over. */
  port: number;
  /** Set while the entry is the live one of its device. */
  device: DeviceId | undefined;
  /** The session has commands in flight. */
  isBusy: boolean;
  /** Set while the device is known and takes no commands over the link. */
  unattached: DeviceId | undefined;
}

/** The session of this link in the registry; `undefined`: none is open. */
export function heldSession(entry: LinkEntry | undefined): { epoch: Epoch; by: Credentials } | undefined {
  const state = entry?.session.state;
  if (state?.kind !== 'live') return undefined;
  const { epoch, terms, ticket } = state;
  return { epoch, by: { link: terms.link, generation: ticket.generation } };
}

/** Generation of the ticket of this link; `undefined`: none has been verified. */
export function ticketGeneration({ session: { state } }: LinkEntry): number | undefined {
  return 'ticket' in state ? state.ticket.generation : undefined;
}

/** Epoch of the open session of this link; 0: none is open. */
export function heldEpoch(entry: LinkEntry | undefined): number {
  const state = entry?.session.state;
  return state?.kind === 'live' ? state.epoch : 0;
}

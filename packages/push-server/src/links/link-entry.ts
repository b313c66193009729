import type { DeviceId, Epoch } from '@pushfleet/protocol';
import type { Credentials } from '@pushfleet/registry';
import type { Timed } from '@pushfleet/runtime';
import type { Session } from '../session/session.ts';
import type { Link } from './link.ts';

/** A link and its session, together. `bucket`: of the wheel that wakes it. */
export interface LinkEntry extends Timed {
  session: Session;
  link: Link;
  /** The port that it came in by. */
  port: number;
  /** Set while the entry is the device's live one. */
  device: DeviceId | undefined;
  /** Its session has commands under way. */
  isBusy: boolean;
  /** Set while the device is known and takes no commands over it. */
  unattached: DeviceId | undefined;
}

/** The session that the registry knows of this link; `undefined`: none is open. */
export function heldSession(entry: LinkEntry | undefined): { epoch: Epoch; by: Credentials } | undefined {
  const state = entry?.session.state;
  if (state?.kind !== 'live') return undefined;
  const { epoch, terms, ticket } = state;
  return { epoch, by: { link: terms.link, generation: ticket.generation } };
}

/** Of the ticket that it came with; `undefined`: none has been verified. */
export function ticketGeneration({ session: { state } }: LinkEntry): number | undefined {
  return 'ticket' in state ? state.ticket.generation : undefined;
}

/** 0: no session is open. */
export function heldEpoch(entry: LinkEntry | undefined): number {
  const state = entry?.session.state;
  return state?.kind === 'live' ? state.epoch : 0;
}

import type { DeviceId } from '@pushfleet/protocol';
import type { Session } from '../session/session.ts';
import type { Link } from './link.ts';

/** A link and its session, together. */
export interface LinkEntry {
  session: Session;
  link: Link;
  /** The port that it came in by. */
  door: number;
  /** Set while the entry is the device's live one. */
  device: DeviceId | undefined;
}

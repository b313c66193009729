import type { DeviceId, GroupPath } from '@pushfleet/protocol';

/** A token with which new devices register themselves. The token itself is kept nowhere. */
export interface EnrollmentTokenRecord {
  id: string;
  /** The group of its devices. */
  group: GroupPath;
  /** SHA-256 of the token, in hex. */
  hash: string;
  /** How many devices may register with it. */
  count: number;
  /** The name of the API token with which it was made. */
  createdBy: string;
  createdAtMs: number;
  expiresAtMs: number;
}

export interface KeptEnrollmentToken extends EnrollmentTokenRecord {
  /** How many devices may still register with it. */
  left: number;
  /** Absent: it was not revoked. */
  revokedAtMs?: number;
}

/** How many enrollment tokens there may be. Those that have ended make room for new ones. */
export const maxEnrollmentTokens = 1_000;
/** Registrations of one token that have begun and are not known to have ended; of more, the first one counts for good. */
export const maxPendingEnrollments = 1_000;

/** Tokens with which devices register themselves. Every operation on one token is atomic. */
export interface EnrollmentTokens {
  /** @param left Absent: `count`. */
  create(token: EnrollmentTokenRecord & { left?: number }, nowMs: number): Promise<'created' | 'full'>;
  /** Those that have ended among them, as long as there is room; in the order of their ids. */
  list(): Promise<KeptEnrollmentToken[]>;
  get(id: string): Promise<KeptEnrollmentToken | undefined>;
  /** `false`: there is none of that id. The first time that it was revoked stays. */
  revoke(id: string, atMs: number): Promise<boolean>;
  /** Takes one of its registrations for the device; the same one as often as the device asks before `settle`. */
  take(id: string, device: DeviceId): Promise<'taken' | 'used-up' | 'revoked' | 'absent'>;
  /** The device is registered: if it ever asks again, that is another registration. */
  settle(id: string, device: DeviceId): Promise<void>;
}

export function hasEnded({ left, revokedAtMs, expiresAtMs }: KeptEnrollmentToken, nowMs: number): boolean {
  return left === 0 || revokedAtMs !== undefined || expiresAtMs <= nowMs;
}

/** The tokens that make room for a new one where there are too many: half of those that have ended, first those that expire first. */
export function outlived(tokens: readonly KeptEnrollmentToken[], nowMs: number): string[] {
  const ended = tokens.filter((token) => hasEnded(token, nowMs)).sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  return ended.slice(0, Math.ceil(ended.length / 2)).map(({ id }) => id);
}

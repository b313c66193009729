import type { GroupPath, Role } from '@pushfleet/protocol';

/** The rights of an API token's holder. The token itself is kept nowhere. */
export interface ApiTokenRecord {
  /** Names one token; free again once that is revoked. */
  name: string;
  role: Role;
  /** Absent: the whole fleet; otherwise what is at or below this group. */
  scope?: GroupPath;
  /** SHA-256 of the token, in hex. */
  hash: string;
  /** The name of the token with which it was made. */
  createdBy: string;
  createdAtMs: number;
  /** Absent: it is good until it is revoked. */
  expiresAtMs?: number;
}

/** How many API tokens there may be: all of them are read at once. */
export const maxApiTokens = 1_000;

/** The tokens of the admin API. */
export interface ApiTokens {
  create(token: ApiTokenRecord): Promise<'created' | 'name-taken' | 'full'>;
  /** All of them, also those that have expired; in the order of their names. */
  list(): Promise<ApiTokenRecord[]>;
  /** `false`: there is none of that name. */
  revoke(name: string): Promise<boolean>;
}

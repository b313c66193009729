import type { KnownSchema } from '../schema-version.ts';
import { schemaVersion } from './schema.ts';

/** Statements that take a file from one version to the next. What they make is what `schema` makes anew. */
export const migrations: ReadonlyMap<number, string> = new Map([
  [
    17,
    `
CREATE TABLE schema_info (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  readable_from INTEGER NOT NULL
) STRICT;
`,
  ],
  [18, 'ALTER TABLE balancers ADD COLUMN software TEXT;'],
  [
    19,
    `
CREATE TABLE rolling_restart (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  record TEXT NOT NULL,
  desired_state TEXT NOT NULL,
  lease_token INTEGER NOT NULL DEFAULT -1
) STRICT;
`,
  ],
  [
    20,
    `
CREATE TABLE revocations (
  serial TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  revoked_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  ],
  [
    21,
    `
CREATE TABLE enrollment_tokens (
  token_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  registrations_left INTEGER NOT NULL,
  revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE pending_enrollments (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  token_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  UNIQUE (token_id, device_id)
) STRICT;
`,
  ],
  [
    22,
    `
CREATE TABLE boot_claims (
  boot_id TEXT PRIMARY KEY,
  claimed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  ],
  [
    23,
    `
CREATE TABLE incarnation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL
) STRICT;
`,
  ],
]);

/** `readableFrom` rises with the version where programs of the version before could not work with what is new. */
export const knownSchema: KnownSchema = {
  version: schemaVersion,
  readableFrom: 17,
  migratesFrom: Math.min(...migrations.keys()),
};

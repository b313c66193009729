/** One more with each change of the tables; migrations.ts takes older files there. */
export const schemaVersion = 24;

/** STRICT: a wrong type is an error here, not a surprise later. Times are milliseconds since the Unix epoch; those of silence, leases,
 * reservations, ticket keys (of both kinds), balancers and the memory of sessions are by the write clock. */
export const schema = `
-- One row: the least version whose programs can work with the file. The version itself is the file's user_version.
CREATE TABLE schema_info (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  readable_from INTEGER NOT NULL
) STRICT;

CREATE TABLE nodes (
  node_id TEXT PRIMARY KEY,
  boot_id TEXT NOT NULL,
  ready INTEGER NOT NULL,
  capacity INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  live INTEGER NOT NULL,
  accepts_per_second INTEGER NOT NULL,
  overloaded INTEGER NOT NULL,
  -- By the write clock.
  seen_at_ms INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Lives of workers whose clean-up has begun.
CREATE TABLE boot_claims (
  boot_id TEXT PRIMARY KEY,
  -- By the write clock, the last time. Kept for a day.
  claimed_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One life of a balancer each.
CREATE TABLE balancers (
  balancer_id TEXT PRIMARY KEY,
  peer_address TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  software TEXT
) STRICT, WITHOUT ROWID;

-- The problem that balancers found with one life of a push server.
CREATE TABLE node_problems (
  node_id TEXT PRIMARY KEY,
  boot_id TEXT NOT NULL,
  impairs INTEGER NOT NULL,
  problem TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row at most: the greatest lease token under which a problem was written.
CREATE TABLE node_problems_token (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token INTEGER NOT NULL
) STRICT;

-- One row at most: when it was set last, in milliseconds since the machine was started, and what it said then.
CREATE TABLE write_clock (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  written_at_ms INTEGER NOT NULL,
  reading_ms INTEGER NOT NULL
) STRICT;

-- One row at most: which life of the data this is; another one after a loss.
CREATE TABLE incarnation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL
) STRICT;

CREATE TABLE reservations (
  device_id TEXT PRIMARY KEY,
  node_id TEXT NOT NULL,
  -- When the device is to connect.
  slot_ms INTEGER NOT NULL,
  -- The place is that of the device's own session: only the slot is kept.
  is_own INTEGER NOT NULL,
  lapses_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX reservations_by_lapse ON reservations (lapses_at_ms);
CREATE INDEX reservations_by_node ON reservations (node_id);

-- The next slot of each push server that has given one.
CREATE TABLE next_slots (
  node_id TEXT PRIMARY KEY,
  slot_ms REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- How many reserved places each push server has: counted by the triggers, because counting rows costs too much.
CREATE TABLE reserved_places (
  node_id TEXT PRIMARY KEY,
  places INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER reservation_made AFTER INSERT ON reservations WHEN NOT NEW.is_own BEGIN
  INSERT INTO reserved_places VALUES (NEW.node_id, 1) ON CONFLICT (node_id) DO UPDATE SET places = places + 1;
END;
CREATE TRIGGER reservation_gone AFTER DELETE ON reservations WHEN NOT OLD.is_own BEGIN
  UPDATE reserved_places SET places = places - 1 WHERE node_id = OLD.node_id;
END;

CREATE TABLE sessions (
  device_id TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  node_id TEXT NOT NULL,
  worker_id TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  link TEXT NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  is_open INTEGER NOT NULL,
  -- It was closed because its worker was taken for dead, and its worker has not said otherwise.
  is_reaped INTEGER NOT NULL DEFAULT 0,
  -- It is forgotten then, whether open or closed.
  kept_until_ms INTEGER NOT NULL,
  -- Times of the last takeovers, separated by blanks.
  takeovers TEXT NOT NULL DEFAULT '',
  -- See session-moves.ts.
  moves TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (kept_until_ms);

CREATE TABLE groups (path TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- The new paths of groups that are being moved.
CREATE TABLE group_moves (
  path TEXT PRIMARY KEY,
  new_path TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE distribution_points (
  point_id TEXT PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE devices (
  device_id TEXT PRIMARY KEY,
  group_path TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  -- That of new tickets, and the first one whose tickets are good.
  generation INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  labels TEXT NOT NULL DEFAULT '{}',
  link_kinds TEXT NOT NULL DEFAULT '[]'
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_group ON devices (group_path, device_id);

-- Which generation of tickets would be good of devices that were deleted.
CREATE TABLE deleted_devices (
  device_id TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  kept_until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_devices_by_end ON deleted_devices (kept_until_ms);

-- Every device once for its group and once for each group above it: a subtree is read in the order of ids.
CREATE TABLE device_lineage (
  group_path TEXT NOT NULL,
  device_id TEXT NOT NULL,
  PRIMARY KEY (group_path, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_labels (
  label TEXT NOT NULL,
  value TEXT NOT NULL,
  device_id TEXT NOT NULL,
  PRIMARY KEY (label, value, device_id)
) STRICT, WITHOUT ROWID;

-- Devices by the life of the worker that holds, or held, their sessions.
CREATE TABLE held_devices (
  boot_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  PRIMARY KEY (boot_id, device_id)
) STRICT, WITHOUT ROWID;

-- The first row has no event: it is the cursor before the first event.
CREATE TABLE events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  appended_at_ms INTEGER NOT NULL,
  event TEXT
) STRICT;

CREATE TABLE audit_events (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  appended_at_ms INTEGER NOT NULL,
  event TEXT
) STRICT;

-- Without holder: given up.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  token INTEGER NOT NULL,
  holder TEXT,
  lapses_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_by_lapse ON leases (lapses_at_ms);

-- One row at most.
CREATE TABLE rebalance (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  record TEXT,
  lease_token INTEGER NOT NULL DEFAULT -1,
  start_asked INTEGER NOT NULL DEFAULT 0,
  abort_asked INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE maintenance (
  node_id TEXT PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row at most.
CREATE TABLE rolling_restart (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  record TEXT NOT NULL,
  desired_state TEXT NOT NULL,
  lease_token INTEGER NOT NULL DEFAULT -1
) STRICT;

CREATE TABLE ticket_keys (
  kid TEXT PRIMARY KEY,
  jwk TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Certificates of members of the cluster. Times are Unix times by the clock of whoever revoked them.
CREATE TABLE revocations (
  serial TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  revoked_at_ms INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Those of TLS session tickets, sealed with a secret of the cluster.
CREATE TABLE tls_ticket_keys (
  secret_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  sealed TEXT NOT NULL,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row keeps its sequence number for good. Times of 0: not yet; an epoch of 0: no session's.
CREATE TABLE commands (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  device_id TEXT NOT NULL,
  command_id TEXT NOT NULL,
  -- 0 is the most urgent.
  priority INTEGER NOT NULL,
  stage TEXT NOT NULL,
  -- Its rank.
  outcome INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  -- When time alone changes it next.
  due_at_ms INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  accepted_at_ms INTEGER NOT NULL,
  deliver_by_ms INTEGER NOT NULL,
  finish_by_ms INTEGER NOT NULL,
  keep_ended_ms INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  node_id TEXT NOT NULL,
  routed_at_ms INTEGER NOT NULL,
  delivered_at_ms INTEGER NOT NULL,
  running_at_ms INTEGER NOT NULL,
  unconfirmed INTEGER NOT NULL,
  maybe_sent INTEGER NOT NULL,
  cancel_requested INTEGER NOT NULL,
  -- The weight of the attempts to send it that ended with the device's link, and the session of the last one.
  failed_weight INTEGER NOT NULL,
  failed_epoch INTEGER NOT NULL,
  collapse_key TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  -- A digest of what its caller asked for; empty: not compared.
  fingerprint TEXT NOT NULL,
  -- All that the status says besides the outcome; JSON.
  details TEXT NOT NULL,
  -- Last, because they may be long: protobuf, and what the device answered.
  operation BLOB NOT NULL,
  output BLOB
) STRICT;
CREATE UNIQUE INDEX commands_by_id ON commands (device_id, command_id);
CREATE UNIQUE INDEX commands_by_idempotency_key ON commands (device_id, idempotency_key) WHERE idempotency_key <> '';
CREATE INDEX commands_by_stage ON commands (device_id, stage, priority, sequence, bytes);
CREATE INDEX commands_by_due_time ON commands (due_at_ms);
CREATE INDEX commands_ended ON commands (device_id, due_at_ms) WHERE stage = 'ended';
CREATE INDEX commands_unended ON commands (device_id, due_at_ms) WHERE stage <> 'ended';

-- At most a thousand; see ApiTokens.
CREATE TABLE api_tokens (
  name TEXT PRIMARY KEY,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- At most a thousand of each kind; see TokenGrants. Times are by the write clock.
CREATE TABLE token_grants (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  hash TEXT NOT NULL,
  token_name TEXT NOT NULL,
  token_proof TEXT NOT NULL,
  -- Never later than its end.
  idle_ends_at_ms INTEGER NOT NULL,
  ends_at_ms INTEGER NOT NULL,
  UNIQUE (kind, hash)
) STRICT;

-- At most a thousand; see EnrollmentTokens.
CREATE TABLE enrollment_tokens (
  token_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  registrations_left INTEGER NOT NULL,
  -- NULL: not revoked.
  revoked_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Devices whose registrations have been counted, and may not have been written yet.
CREATE TABLE pending_enrollments (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  token_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  UNIQUE (token_id, device_id)
) STRICT;

CREATE TABLE group_pushes (
  push_id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  operation BLOB NOT NULL,
  idempotency_key TEXT NOT NULL,
  desired_state TEXT NOT NULL,
  lease_token INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL,
  -- NULL: it has not ended.
  forget_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX group_pushes_by_key ON group_pushes (idempotency_key) WHERE idempotency_key <> '';
CREATE INDEX group_pushes_by_start ON group_pushes (started_at_ms);
CREATE INDEX group_pushes_by_end ON group_pushes (forget_at_ms);

CREATE TABLE group_push_outcomes (
  push_id TEXT NOT NULL,
  device_id TEXT NOT NULL,
  command_id TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (push_id, device_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_push_counts (
  push_id TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  devices INTEGER NOT NULL,
  PRIMARY KEY (push_id, outcome)
) STRICT, WITHOUT ROWID;
`;

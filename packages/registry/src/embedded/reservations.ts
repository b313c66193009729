import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { Database } from './database.ts';

// Statements on reservations that more than one port needs. All of them run inside a caller's transaction.

/** By push server, how many of its reservations have lapsed and were not dropped yet. */
export function countLapsed(database: Database, nowMs: number): Map<NodeId, number> {
  const sql = 'SELECT node_id AS node, count(*) AS count FROM reservations WHERE lapses_at_ms <= ? GROUP BY node_id';
  const counts = database.all<{ node: NodeId; count: number }>(sql, nowMs);
  return new Map(counts.map(({ node, count }) => [node, count]));
}

/** Comes before anything that counts: a reservation is void from the moment it lapses. */
export function dropLapsed(database: Database, nowMs: number): void {
  database.run('DELETE FROM reservations WHERE lapses_at_ms <= ?', nowMs);
}

export function giveUp(database: Database, device: DeviceId): void {
  database.run('DELETE FROM reservations WHERE device_id = ?', device);
}

export function giveUpAll(database: Database, node: NodeId): void {
  database.run('DELETE FROM reservations WHERE node_id = ?', node);
}

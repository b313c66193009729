import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest, ReserveResult } from '../assignments.ts';
import { choosePlaces, type Place, type ReadyPlace, rankPlaces } from '../placement.ts';
import type { Database } from './database.ts';
import { setWriteClock } from './write-clock.ts';

export class EmbeddedAssignments implements Assignments {
  readonly #database: Database;
  readonly #suspectAfterMs: number;

  constructor(database: Database, suspectAfterMs: number) {
    this.#database = database;
    this.#suspectAfterMs = suspectAfterMs;
  }

  async reserve(request: ReservationRequest): Promise<ReserveResult> {
    const places = rankPlaces(request);
    return this.#database.write(() => {
      const nowMs = setWriteClock(this.#database);
      dropLapsed(this.#database, nowMs);
      const wanted = places.filter(({ rank }) => rank < request.tiers.length);
      const held = this.#standingNode(request.device, wanted, nowMs);
      // Before anything is counted: the place that the device gives up may be the one it gets again.
      if (held === undefined) giveUp(this.#database, request.device);
      const ready = this.#readyPlaces(places, nowMs)
        .filter(({ impaired }) => !(request.onlySound && impaired))
        .map((place) => (place.node === request.owns ? { ...place, used: place.used - 1 } : place));
      const chosen = choosePlaces(ready, held, request.backups);
      const isKept = chosen.kind === 'reserved' && (held !== undefined || chosen.primary !== request.owns);
      if (isKept) this.#keep(request.device, chosen.primary, nowMs + request.lapseMs);
      return chosen;
    });
  }

  /** The push server where the device holds a reservation, if it may still go there. */
  #standingNode(device: DeviceId, wanted: readonly Place[], nowMs: number): NodeId | undefined {
    const sql = 'SELECT node_id AS node FROM reservations WHERE device_id = :device';
    const held = this.#database.get<{ node: NodeId }>(sql, { device })?.node;
    const place = wanted.filter(({ node }) => node === held);
    return this.#readyPlaces(place, nowMs).find(({ impaired }) => !impaired)?.node;
  }

  /** @param nowMs Now, by the write clock. */
  #readyPlaces(places: readonly Place[], nowMs: number): ReadyPlace[] {
    return places.flatMap((place) => {
      const load = this.#database.get<{ used: number; capacity: number; weight: number; impaired: number }>(
        `SELECT live + coalesce(places, 0) AS used, capacity, weight, coalesce(impairs, 0) AS impaired
         FROM nodes LEFT JOIN reserved_places USING (node_id) LEFT JOIN node_problems USING (node_id, boot_id)
         WHERE node_id = :node AND ready = 1 AND :nowMs - seen_at_ms < :suspectAfterMs`,
        { node: place.node, nowMs, suspectAfterMs: this.#suspectAfterMs },
      );
      return load ? [{ ...place, ...load, impaired: load.impaired === 1 }] : [];
    });
  }

  #keep(device: DeviceId, node: NodeId, lapsesAtMs: number): void {
    this.#database.run(
      `INSERT INTO reservations (device_id, node_id, lapses_at_ms) VALUES (:device, :node, :lapsesAtMs)
       ON CONFLICT (device_id) DO UPDATE SET lapses_at_ms = excluded.lapses_at_ms`,
      { device, node, lapsesAtMs },
    );
  }
}

// Statements on reservations that more than one port needs. All of them run inside a caller's transaction.

/** By push server, how many of its reservations have lapsed and were not dropped yet. */
export function countLapsed(database: Database, nowMs: number): Map<NodeId, number> {
  const sql =
    'SELECT node_id AS node, count(*) AS count FROM reservations WHERE lapses_at_ms <= :nowMs GROUP BY node_id';
  const counts = database.all<{ node: NodeId; count: number }>(sql, { nowMs });
  return new Map(counts.map(({ node, count }) => [node, count]));
}

/** Comes before anything that counts: a reservation is void from the moment it lapses. */
export function dropLapsed(database: Database, nowMs: number): void {
  database.run('DELETE FROM reservations WHERE lapses_at_ms <= :nowMs', { nowMs });
}

export function giveUp(database: Database, device: DeviceId): void {
  database.run('DELETE FROM reservations WHERE device_id = :device', { device });
}

export function giveUpAll(database: Database, node: NodeId): void {
  database.run('DELETE FROM reservations WHERE node_id = :node', { node });
}

import type { DeviceId, NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest, ReserveResult } from '../assignments.ts';
import { choosePlaces, type Place, type ReadyPlace, rankPlaces } from '../placement.ts';
import { connectAfterMs, earliestSlot, slotAfter } from '../slots.ts';
import type { Database } from './database.ts';
import { setWriteClock } from './write-clock.ts';

interface NodeRow {
  used: number;
  capacity: number;
  weight: number;
  impaired: number;
  overloaded: number;
  acceptsPerSecond: number;
  nextSlotMs: number;
}

interface PacedPlace extends ReadyPlace {
  acceptsPerSecond: number;
}

/** A reservation as it is stored. */
interface Held {
  node: NodeId;
  slotMs: number;
  isOwn: number;
}

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
      const held = this.#standing(request, wanted, nowMs);
      // Before anything is counted: the place that the device gives up may be the one it gets again.
      if (!held) giveUp(this.#database, request.device);
      const ready = this.#readyPlaces(places, nowMs)
        .filter(({ impaired, overloaded }) => !(request.onlySound && (impaired || overloaded)))
        .map((place) => (place.node === request.owns ? { ...place, used: place.used - 1 } : place));
      const chosen = choosePlaces({ ready, held: held?.node, backups: request.backups, nowMs });
      if (chosen.kind !== 'reserved') return chosen;
      const slotMs = held?.slotMs ?? this.#takeSlot(ready.find(({ node }) => node === chosen.primary));
      this.#keep(request, chosen.primary, slotMs, nowMs);
      return { ...chosen, connectAfterMs: connectAfterMs(nowMs, slotMs) };
    });
  }

  /** The reservation that the device holds, if it may still go there. */
  #standing({ device, owns }: ReservationRequest, wanted: readonly Place[], nowMs: number): Held | undefined {
    const sql =
      'SELECT node_id AS node, slot_ms AS slotMs, is_own AS isOwn FROM reservations WHERE device_id = :device';
    const held = this.#database.get<Held>(sql, { device });
    if (!held || (held.isOwn === 1 && held.node !== owns)) return undefined;
    const place = wanted.filter(({ node }) => node === held.node);
    return this.#readyPlaces(place, nowMs).some(({ impaired }) => !impaired) ? held : undefined;
  }

  /** @param nowMs Now, by the write clock. */
  #readyPlaces(places: readonly Place[], nowMs: number): PacedPlace[] {
    return places.flatMap((place) => {
      const row = this.#database.get<NodeRow>(
        `SELECT live + coalesce(places, 0) AS used, capacity, weight, coalesce(impairs, 0) AS impaired,
           accepts_per_second AS acceptsPerSecond, overloaded, coalesce(slot_ms, 0) AS nextSlotMs
         FROM nodes LEFT JOIN reserved_places USING (node_id) LEFT JOIN node_problems USING (node_id, boot_id)
           LEFT JOIN next_slots USING (node_id)
         WHERE node_id = :node AND ready = 1 AND :nowMs - seen_at_ms < :suspectAfterMs`,
        { node: place.node, nowMs, suspectAfterMs: this.#suspectAfterMs },
      );
      if (!row) return [];
      const overloaded = row.overloaded === 1;
      const slotMs = earliestSlot(nowMs, row.nextSlotMs, overloaded);
      return [{ ...place, ...row, impaired: row.impaired === 1, overloaded, slotMs }];
    });
  }

  #takeSlot(place: PacedPlace | undefined): number {
    if (!place) throw new TypeError('the push server that was chosen is none of those that are ready');
    const { node, slotMs, acceptsPerSecond } = place;
    const next = slotAfter(slotMs, acceptsPerSecond);
    this.#database.run('INSERT OR REPLACE INTO next_slots (node_id, slot_ms) VALUES (:node, :next)', { node, next });
    return Math.floor(slotMs);
  }

  #keep({ device, owns, lapseMs }: ReservationRequest, node: NodeId, slotMs: number, nowMs: number): void {
    this.#database.run(
      `INSERT INTO reservations (device_id, node_id, slot_ms, is_own, lapses_at_ms)
       VALUES (:device, :node, :slotMs, :isOwn, :lapsesAtMs)
       ON CONFLICT (device_id) DO UPDATE SET lapses_at_ms = excluded.lapses_at_ms`,
      { device, node, slotMs, isOwn: node === owns ? 1 : 0, lapsesAtMs: Math.max(nowMs, slotMs) + lapseMs },
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

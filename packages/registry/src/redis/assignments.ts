import type { NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest, ReserveResult } from '../assignments.ts';
import { type Place, rankPlaces } from '../placement.ts';
import type { RedisConnection } from './connection.ts';
import type { Keys } from './keys.ts';
import { scripts } from './scripts.ts';

export class RedisAssignments implements Assignments {
  readonly #redis: RedisConnection;
  readonly #keys: string[];
  readonly #suspectAfterMs: number;

  constructor(redis: RedisConnection, keys: Keys, suspectAfterMs: number) {
    this.#redis = redis;
    const { nodeStates, reservations, reservationLapses, reserved, nodeProblems, writeClock, nextSlots } = keys;
    this.#keys = [nodeStates, reservations, reservationLapses, reserved, nodeProblems, writeClock, nextSlots];
    this.#suspectAfterMs = suspectAfterMs;
  }

  async reserve(request: ReservationRequest): Promise<ReserveResult> {
    const places = rankPlaces(request);
    const [kind, primary, waitMs, ...backups] = await this.#redis.run<string[]>(scripts.reserve, this.#keys, [
      request.device,
      request.lapseMs,
      request.backups,
      this.#suspectAfterMs,
      request.tiers.length,
      request.onlySound ? 1 : 0,
      request.owns ?? '',
      places.length,
      ...places.map(({ node }) => node),
      ...countRanks(places),
    ]);
    if (kind === 'full' || kind === 'none-ready') return { kind };
    const connectAfterMs = Number(waitMs);
    return { kind: 'reserved', primary: primary as NodeId, backups: backups as NodeId[], connectAfterMs };
  }
}

/** Each rank and the number of places that have it, one after the other: there are few ranks, and may be hundreds of places. */
function countRanks(places: readonly Place[]): number[] {
  const runs: number[] = [];
  for (const { rank } of places) {
    if (runs.at(-2) === rank) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(rank, 1);
  }
  return runs;
}

import type { NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest, ReserveResult } from '../assignments.ts';
import { rankPlaces } from '../placement.ts';
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
      ...places.map(({ rank }) => rank),
    ]);
    if (kind === 'full' || kind === 'none-ready') return { kind };
    const connectAfterMs = Number(waitMs);
    return { kind: 'reserved', primary: primary as NodeId, backups: backups as NodeId[], connectAfterMs };
  }
}

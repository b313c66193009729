import { type common, type DeviceId, hasEnded } from '@pushfleet/protocol';
import type { CommandRef } from '../commands/push-desk.ts';
import { countEnd, type Tally } from './outcomes.ts';

interface Live {
  readonly ref: CommandRef;
  /** `undefined`: nothing has been heard of it. */
  outcome: common.Outcome | undefined;
}

/** The commands of a group push that were sent and have not ended. */
export class Underway {
  readonly #live = new Map<DeviceId, Live>();
  readonly #tally: Tally;
  #waiting = 0;

  /** @param tally Of commands that were noted before. */
  constructor(tally: Tally) {
    this.#tally = { ...tally };
  }

  /** Counted here, it is ahead of what is written. */
  get tally(): Readonly<Tally> {
    return this.#tally;
  }

  get size(): number {
    return this.#live.size;
  }

  /** Without those that wait for their device. */
  get busy(): number {
    return this.#live.size - this.#waiting;
  }

  has({ device }: CommandRef): boolean {
    return this.#live.has(device);
  }

  /** Something has been heard of it. */
  isHeardOf({ device }: CommandRef): boolean {
    return this.#live.get(device)?.outcome !== undefined;
  }

  get refs(): CommandRef[] {
    return Array.from(this.#live.values(), ({ ref }) => ref);
  }

  onNoted(count: number): void {
    this.#tally.out += count;
  }

  /** Of one that was noted and is not under way here. */
  onEnded(outcome: common.Outcome): void {
    countEnd(this.#tally, outcome);
  }

  add(refs: readonly CommandRef[]): void {
    for (const ref of refs) this.#live.set(ref.device, { ref, outcome: undefined });
  }

  /** `false`: that is no news. */
  on({ device }: CommandRef, outcome: common.Outcome): boolean {
    const live = this.#live.get(device);
    if (!live || live.outcome === outcome) return false;
    if (live.outcome === 'OUTCOME_QUEUED') this.#waiting -= 1;
    if (outcome === 'OUTCOME_QUEUED') this.#waiting += 1;
    live.outcome = outcome;
    if (hasEnded(outcome)) {
      this.#live.delete(device);
      countEnd(this.#tally, outcome);
    }
    return true;
  }

  remove({ device }: CommandRef): void {
    const live = this.#live.get(device);
    if (live?.outcome === 'OUTCOME_QUEUED') this.#waiting -= 1;
    this.#live.delete(device);
  }
}

import type { Fleet, GroupPushRecord } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { CommandRef } from '../commands/push-desk.ts';
import { groupCommandId } from './command-ids.ts';
import { Dispenser } from './dispenser.ts';
import { Roll } from './roll.ts';

export interface SupplyOptions {
  fleet: Pick<Fleet, 'listDevices'>;
  clock: Clock;
  /** Something may go out that could not before. */
  wake: () => void;
  maxUnderWay: number;
}

/** Commands that go out together. */
export interface Lot {
  refs: CommandRef[];
  /** They have been noted before, and were not sent, or not accepted. */
  areNoted: boolean;
}

/** The commands of a group push that have not gone out, and when they may. */
export class Supply implements Disposable {
  readonly #record: GroupPushRecord;
  readonly #roll: Roll;
  readonly #dispenser: Dispenser;
  #unsent: CommandRef[] = [];

  constructor(record: GroupPushRecord, { fleet, clock, wake, maxUnderWay }: SupplyOptions) {
    this.#record = record;
    this.#roll = new Roll(fleet, record.request, record.handedOutTo);
    this.#dispenser = new Dispenser(record.request, clock, wake, maxUnderWay);
  }

  /** There are, or may be, commands that have not gone out. */
  get isLeft(): boolean {
    return !this.#roll.isEmpty || this.#unsent.length > 0;
  }

  /** What can be said of the number of devices when `out` commands have been noted; nothing where that is known. */
  found(out: number): Partial<Pick<GroupPushRecord, 'devices' | 'allFound'>> {
    const isComplete = this.#roll.isComplete;
    if (this.#dispenser.isPaced && !isComplete) return {};
    return { devices: out + this.#roll.waiting, allFound: isComplete };
  }

  /**
   * Begins to count time. How far apart commands go out is known only once the number of devices is: it is answered where
   * it was not known. @throws PushfleetError REGISTRY_UNAVAILABLE
   */
  async open(out: number): Promise<Partial<Pick<GroupPushRecord, 'devices' | 'allFound'>>> {
    const { devices, allFound } = this.#record;
    const isToBeCounted = this.#dispenser.isPaced && !allFound;
    const total = isToBeCounted ? out + (await this.#roll.count()) : devices;
    this.#dispenser.open(total);
    return isToBeCounted ? { devices: total, allFound: true } : {};
  }

  /** Reads on, where there is something to be read; resolves, as often as it is called, when it has been tried. */
  readOn(): Promise<void> | undefined {
    return this.#roll.readOn()?.catch((error: unknown) => {
      this.backOff();
      throw error;
    });
  }

  /** What goes out now. `mayGoOut`: false while nothing may, and then no time is saved up. */
  take(mayGoOut: boolean, busy: number): Lot | undefined {
    const areNoted = this.#unsent.length > 0;
    const waiting = areNoted ? this.#unsent.length : this.#roll.waiting;
    const count = this.#dispenser.take(mayGoOut ? waiting : 0, busy);
    if (count === 0) return undefined;
    return { refs: areNoted ? this.#unsent.splice(0, count) : this.#fresh(count), areNoted };
  }

  /** They were noted, and have not gone out after all. */
  putBack(refs: readonly CommandRef[]): void {
    for (const ref of refs) this.#unsent.push(ref);
  }

  /** Those that were noted will not go out. */
  withdraw(): CommandRef[] {
    return this.#unsent.splice(0);
  }

  /** Nothing goes out for a moment. */
  backOff(): void {
    this.#dispenser.backOff();
  }

  [Symbol.dispose](): void {
    this.#dispenser[Symbol.dispose]();
  }

  #fresh(count: number): CommandRef[] {
    const { id, request } = this.#record;
    const isDurable = request.ttlMs > 0;
    return this.#roll.take(count).map((device) => ({ device, id: groupCommandId(id, device, isDurable) }));
  }
}

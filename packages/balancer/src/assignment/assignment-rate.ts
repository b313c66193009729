import type { Balancers } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { NodeDirectory } from '../node-directory.ts';

const countEveryMs = 5_000;
/** Devices are told, too, that there is no push server: so many a second may always ask. */
const leastPerSecond = 100;
/** Not all who ask come, and measured rates vary: at once or a little more than what push servers take, the queue would run dry. */
const perAccept = 2;

/** How many devices a second one of several balancers lets ask, where push servers take so many. */
export function assignmentsPerSecond(acceptsPerSecond: number, balancers: number): number {
  return Math.max(leastPerSecond, (perAccept * acceptsPerSecond) / Math.max(1, balancers));
}

export interface AssignmentRateOptions {
  directory: Pick<NodeDirectory, 'acceptsPerSecond'>;
  balancers: Pick<Balancers, 'list'>;
  clock: Pick<Clock, 'every'>;
}

/**
 * This balancer's share of the new devices that the push servers can take. To assign more costs cores that may be theirs, and lets
 * nobody in sooner.
 */
export class AssignmentRate implements Disposable {
  readonly #options: AssignmentRateOptions;
  #balancers = 1;
  #timer: Disposable | undefined;

  constructor(options: AssignmentRateOptions) {
    this.#options = options;
  }

  get perSecond(): number {
    return assignmentsPerSecond(this.#options.directory.acceptsPerSecond, this.#balancers);
  }

  start(): void {
    void this.#count();
    this.#timer = this.#options.clock.every(countEveryMs, () => void this.#count());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  /** The last number stays while the registry does not answer. */
  async #count(): Promise<void> {
    const listed = await this.#options.balancers.list().catch(() => undefined);
    if (listed) this.#balancers = listed.length;
  }
}

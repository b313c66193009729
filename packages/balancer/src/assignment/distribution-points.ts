import type { GroupPath } from '@pushfleet/protocol';
import type { DistributionPoint, Fleet } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { type Scope, scopeOf } from './scope.ts';

const currentForMs = 1_000;

/** The distribution points, read from the registry once a second at most while devices ask. */
export class DistributionPoints {
  readonly #fleet: Pick<Fleet, 'listDistributionPoints'>;
  readonly #clock: Clock;
  #known: readonly DistributionPoint[] = [];
  #scopes = new Map<GroupPath, Scope>();
  #readAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(fleet: Pick<Fleet, 'listDistributionPoints'>, clock: Clock) {
    this.#fleet = fleet;
    this.#clock = clock;
  }

  /** See `scopeOf`. A group that nobody serves is looked up anew: it may just have got its distribution point. */
  async scopeOf(group: GroupPath): Promise<Scope> {
    if (this.#clock.now() - this.#readAtMs >= currentForMs) await this.#read();
    if (this.#scope(group).tiers.length === 0) await this.#read();
    return this.#scope(group);
  }

  #scope(group: GroupPath): Scope {
    const known = this.#scopes.get(group);
    if (known) return known;
    const scope = scopeOf(group, this.#known);
    this.#scopes.set(group, scope);
    return scope;
  }

  #read(): Promise<void> {
    this.#reading ??= this.#fleet
      .listDistributionPoints()
      .then((points) => {
        this.#known = points;
        this.#scopes = new Map();
        this.#readAtMs = this.#clock.now();
      })
      .finally(() => {
        this.#reading = undefined;
      });
    return this.#reading;
  }
}

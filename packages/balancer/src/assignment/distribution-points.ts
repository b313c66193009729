import { type GroupPath, groupLineage, type NodeId } from '@pushfleet/protocol';
import type { DistributionPoint, Fleet } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';

const currentForMs = 1_000;

/** The push servers that may serve a group. */
export interface Scope {
  /** A distribution point has the group in its scope, whether or not its push server is to run. */
  isCovered: boolean;
  /** The push servers that are to run, by preference. */
  tiers: NodeId[][];
}

/**
 * The push servers that may serve a device of `group`, by preference: those of its own group first, then those of the
 * next group up, and so on. A distribution point that several of these groups name counts where it is nearest.
 */
export function scopeOf(group: GroupPath, points: readonly DistributionPoint[]): Scope {
  const lineage = groupLineage(group);
  const isCovered = points.some(({ groups }) => groups.some((path) => lineage.includes(path)));
  const enabled = points.filter((point) => point.pushServer.enabled);
  const seen = new Set<NodeId>();
  const tiers = lineage.map((ancestor) => {
    const tier = enabled.filter(({ id, groups }) => !seen.has(id) && groups.includes(ancestor)).map(({ id }) => id);
    for (const id of tier) seen.add(id);
    return tier;
  });
  return { isCovered, tiers: tiers.filter((tier) => tier.length > 0) };
}

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

  /** The scope of the group, as `scopeOf`. A group that nobody serves is looked up anew: it may just have got its distribution point. */
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

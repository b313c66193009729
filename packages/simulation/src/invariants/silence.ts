import type { NewFleetEvent } from '@pushfleet/registry';
import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

/** More than silence may last that counts, and two of the longest times for which nobody can write: those do not count. */
const undisturbedMs = 120_000;
/** A registry that is away, slow or takes no writes is no excuse: nobody can say anything meanwhile. */
const excuses = ['registry lost', 'last writes lost', 'partition', 'clock'];

/**
 * No push server is called dead for time in which nothing was done to any process but the registry: those who are heard by nobody
 * have not been silent.
 */
export class SilenceRules {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.registry.watchAnswers((method, [events]) => {
      if (method === 'events.append') this.#onAppended(events as readonly NewFleetEvent[]);
    });
  }

  #onAppended(events: readonly NewFleetEvent[]): void {
    for (const { kind, node, reason } of events) {
      if (kind === 'node-dead' && this.#isUndisturbed())
        this.#cluster.world.find('taken for dead', `${node}: ${reason}`, { who: node });
    }
  }

  #isUndisturbed(): boolean {
    const { world, balancers, pushServers, registry } = this.#cluster;
    const touched = (name: string, kinds?: readonly string[]) =>
      this.#disturbances.touched(name, world.nowMs - undisturbedMs, world.nowMs, kinds);
    if (touched(registry.process.host.name, excuses)) return false;
    return ![...balancers, ...pushServers].some(({ host }) => touched(host.name));
  }
}

import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

/** Time after which nothing of what was done to a balancer or to the registry delays an answer any more. */
const afterwardsMs = 30_000;
/** Nothing that is asked here is missing. */
const never: readonly string[] = ['INTERNAL', 'UNIMPLEMENTED', 'UNKNOWN'];

/** Whoever asks a balancer for anything is answered by the deadline, and never as if the balancer were broken. */
export class AnswerRules {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    for (const asker of [cluster.operator, cluster.fleetAdministrator, cluster.tunnelUser])
      asker.onFailed = (call, askedAtMs, code) => this.#onFailed(call, askedAtMs, code);
  }

  #onFailed(call: string, askedAtMs: number, code: string): void {
    const { world, balancers, registry } = this.#cluster;
    if (never.includes(code)) world.find('internal error', `${code} of ${call}`);
    if (code !== 'DEADLINE_EXCEEDED') return;
    const hosts = [...balancers.map(({ host }) => host.name), registry.process.host.name];
    const fromMs = askedAtMs - afterwardsMs;
    if (hosts.some((host) => this.#disturbances.touched(host, fromMs, world.nowMs))) return;
    world.find('no answer in time', `to ${call}`);
  }
}

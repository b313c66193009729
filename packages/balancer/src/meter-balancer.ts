import { type ListenerStats, meter, meterListeners, metrics } from '@pushfleet/runtime';
import type { JudgedNode } from './node-directory.ts';

/** The parts of a balancer whose metrics are read when somebody asks for them. */
export interface MeteredBalancer {
  readonly commandsInFlight: number;
  readonly tunnels: number;
  readonly leads: boolean;
  readonly nodes: Iterable<JudgedNode>;
  listeners(): readonly ListenerStats[];
}

export function meterBalancer(balancer: MeteredBalancer): Disposable[] {
  const own = meter.onRead(() => {
    meter.set(metrics.commandsInFlight, '', balancer.commandsInFlight);
    meter.set(metrics.tunnelsOpen, '', balancer.tunnels);
    meter.set(metrics.leads, '', balancer.leads ? 1 : 0);
    const nodes = [...balancer.nodes];
    const statuses = nodes.map(statusOf);
    for (const status of metrics.pushServers.values) {
      meter.set(metrics.pushServers, status, statuses.filter((each) => each === status).length);
    }
    meter.set(metrics.spread, '', spreadOf(nodes.filter(isReady)));
  });
  return [own, meterListeners(() => balancer.listeners())];
}

/** It takes devices, as far as this balancer knows. */
export function isReady(node: JudgedNode): boolean {
  return statusOf(node) === 'ready';
}

/** A push server that is silent is that, whatever it said last. */
function statusOf({ status, liveness }: JudgedNode): (typeof metrics.pushServers.values)[number] {
  return liveness === 'alive' ? status : liveness;
}

/** The largest load as a multiple of the mean; 1 where there is no load at all. */
export function spreadOf(nodes: readonly Pick<JudgedNode, 'live' | 'reserved' | 'capacity' | 'weight'>[]): number {
  const loads = nodes.flatMap(({ live, reserved, capacity, weight }) =>
    capacity > 0 && weight > 0 ? (live + reserved) / (capacity * weight) : [],
  );
  const mean = loads.reduce((sum, load) => sum + load, 0) / loads.length;
  return mean > 0 ? Math.max(...loads) / mean : 1;
}

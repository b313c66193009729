import { planMoves } from '@pushfleet/balancer/rebalance-plan';
import { DeviceState } from './fleet.ts';
import { restart, stop } from './push-servers.ts';
import type { Simulation } from './simulation.ts';

const stepMs = 100;
/** From the end of the old worker processes until balancers call the new ones ready. */
const restartMs = 5_000;
/** The load counts as even at or below this, as for `pushfleet rolling-restart`. */
const evenRatio = 1.02;

/** The time after which EvacuationPacer tries a device again whose slot has not come, before those that were not tried yet. */
const againAfterMs = 1_000;

type Redirect = { device: number; to: number | undefined };

/**
 * `pushfleet rolling-restart`: each push server in turn redirects its devices at a rate and restarts; only then comes the next one. At
 * the end the load is evened out, by the plan that balancers make.
 */
export class RollingRestart {
  isDone = false;
  readonly #simulation: Simulation;
  readonly #ratePerSecond: number;
  #draining = -1;
  #readyAtMs: number | undefined;
  /** Devices that are still to be redirected, the next one last. */
  #queue: Redirect[] = [];
  /** Those that have stayed, in the order in which they are to be tried again. */
  #staying: { redirect: Redirect; atMs: number }[] = [];

  constructor(simulation: Simulation, ratePerSecond: number) {
    this.#simulation = simulation;
    this.#ratePerSecond = ratePerSecond;
    this.#drainNext();
    simulation.every(stepMs, () => this.#step());
  }

  #step(): void {
    if (this.isDone) return;
    this.#redirectSome();
    if (this.#queue.length > 0 || this.#staying.length > 0) return;
    if (this.#draining >= this.#simulation.pushServers.length) return this.#evenOut();
    if (this.#readyAtMs === undefined) return this.#restart();
    if (this.#simulation.nowMs >= this.#readyAtMs) this.#drainNext();
  }

  #redirectSome(): void {
    const { nowMs } = this.#simulation;
    let again = 0;
    const stay: Redirect[] = [];
    for (let left = (this.#ratePerSecond * stepMs) / 1_000; left > 0; left -= 1) {
      const due = this.#staying[again];
      const isDue = due !== undefined && due.atMs <= nowMs;
      if (isDue) again += 1;
      const next = isDue ? due.redirect : this.#queue.pop();
      if (!next) break;
      if (!this.#simulation.redirect(next.device, next.to)) stay.push(next);
    }
    this.#staying = this.#staying.slice(again);
    for (const redirect of stay) this.#staying.push({ redirect, atMs: nowMs + againAfterMs });
  }

  #drainNext(): void {
    this.#readyAtMs = undefined;
    this.#draining += 1;
    const { pushServers } = this.#simulation;
    const server = pushServers[this.#draining];
    if (!server) return;
    server.entry.ready = false;
    this.#queue = this.#connectedTo(this.#draining).map((device) => ({ device, to: undefined }));
  }

  #restart(): void {
    const server = this.#simulation.pushServers[this.#draining];
    if (!server) return;
    // Those that were on their way here when it began to drain.
    const rest = this.#connectedTo(this.#draining);
    if (rest.length > 0) {
      this.#queue = rest.map((device) => ({ device, to: undefined }));
      return;
    }
    stop(server, false);
    this.#readyAtMs = this.#simulation.nowMs + restartMs;
    this.#simulation.at(this.#readyAtMs, () => restart(server));
  }

  #evenOut(): void {
    const loads = this.#simulation.pushServers.map(({ entry: { id, used, capacity, site } }) => {
      return { nodeId: id, live: used, reserved: 0, capacity, weight: 100, scope: `site ${site}` };
    });
    const { moves, largestToMean } = planMoves(loads);
    if (moves.length === 0 || largestToMean <= evenRatio) {
      this.isDone = true;
      return;
    }
    const indexes = new Map(loads.map(({ nodeId }, index) => [nodeId, index]));
    const connected = new Map<number, number[]>();
    for (const { from, to, devices } of moves) {
      const node = indexes.get(from) as number;
      const there = connected.get(node) ?? this.#connectedTo(node);
      connected.set(node, there);
      for (const device of there.splice(0, devices)) this.#queue.push({ device, to: indexes.get(to) as number });
    }
    // All moves begin at once, as workers of many push servers carry them out.
    this.#queue = this.#queue
      .map((redirect, at) => ({ redirect, at: at % 997 }))
      .sort((a, b) => a.at - b.at)
      .map(({ redirect }) => redirect);
  }

  #connectedTo(node: number): number[] {
    const { node: nodes, state, size } = this.#simulation.fleet;
    const found: number[] = [];
    for (let device = 0; device < size; device += 1) {
      if (nodes[device] === node && state[device] === DeviceState.connected) found.push(device);
    }
    return found;
  }
}

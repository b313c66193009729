import type { Host } from '../world/process.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

/** One-way times in milliseconds, between machines of the cluster and to a device. */
const latency = { sameHostMs: 0.05, clusterMs: [0.2, 1], deviceMs: [10, 80] } as const;
/** TCP sends again after this long, then after twice as long, and so on. */
const resendMs = 200;
const longestResendMs = 10_000;

/**
 * The ways between hosts, each with a latency. One may be cut, in one direction or both: what is under way then waits, as TCP would send it
 * again, and comes once the way is whole.
 */
export class Paths {
  readonly world: World;
  readonly #random: Random;
  readonly #cuts = new Map<string, number>();
  readonly #latencies = new Map<string, number>();

  constructor(world: World) {
    this.world = world;
    this.#random = world.random.fork('paths');
  }

  /** Cuts the path from one host to another; to be mended as often as it was cut. */
  cut(from: Host, to: Host): void {
    const key = pathOf(from, to);
    this.#cuts.set(key, (this.#cuts.get(key) ?? 0) + 1);
  }

  mend(from: Host, to: Host): void {
    const key = pathOf(from, to);
    this.#cuts.set(key, Math.max(0, (this.#cuts.get(key) ?? 0) - 1));
  }

  isCut(from: Host, to: Host): boolean {
    return (this.#cuts.get(pathOf(from, to)) ?? 0) > 0;
  }

  /** Calls `arrive` at that time, or when the path is tried next after it was mended. */
  arrive(from: Host, to: Host, atMs: number, arrive: () => void): void {
    this.world.at(atMs, () => this.#arriveOrRetry(from, to, arrive, resendMs));
  }

  latencyMs(from: Host, to: Host): number {
    if (from === to) return latency.sameHostMs;
    const key = pathOf(from, to);
    let baseMs = this.#latencies.get(key);
    if (baseMs === undefined) {
      const isDevice = isDeviceName(from.name) || isDeviceName(to.name);
      const [least, most] = isDevice ? latency.deviceMs : latency.clusterMs;
      baseMs = least + this.#random.next() * (most - least);
      this.#latencies.set(key, baseMs);
    }
    return baseMs * (0.9 + 0.2 * this.#random.next());
  }

  #arriveOrRetry(from: Host, to: Host, arrive: () => void, waitMs: number): void {
    if (!this.isCut(from, to)) return arrive();
    this.world.after(waitMs, () => this.#arriveOrRetry(from, to, arrive, Math.min(2 * waitMs, longestResendMs)));
  }
}

/** Devices with the SDK, and those of others. */
export function isDeviceName(name: string): boolean {
  return /^[df]-/.test(name);
}

function pathOf(from: Host, to: Host): string {
  return `${from.name}→${to.name}`;
}

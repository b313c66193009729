import type { Host } from '../world/process.ts';
import type { Paths } from './paths.ts';

/** One direction of a connection: what is sent arrives in the order in which it was sent, or not at all. */
export class OrderedPath {
  readonly #paths: Paths;
  readonly #from: Host;
  readonly #to: Host;
  #waiting: { readyAtMs: number; arrive: () => void }[] = [];
  #isMoving = false;

  constructor(paths: Paths, from: Host, to: Host) {
    this.#paths = paths;
    this.#from = from;
    this.#to = to;
  }

  /** @param extraMs Added to the latency. */
  send(arrive: () => void, extraMs = 0): void {
    const readyAtMs = this.#paths.world.nowMs + this.#paths.latencyMs(this.#from, this.#to) + extraMs;
    this.#waiting.push({ readyAtMs, arrive });
    if (!this.#isMoving) this.#move();
  }

  #move(): void {
    const [first] = this.#waiting;
    this.#isMoving = first !== undefined;
    if (!first) return;
    this.#paths.arrive(this.#from, this.#to, first.readyAtMs, () => {
      this.#waiting.shift();
      first.arrive();
      this.#move();
    });
  }
}

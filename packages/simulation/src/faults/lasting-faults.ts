import type { World } from '../world/world.ts';

/** Faults that last a while: where several happen to one thing, it is as the worst of them makes it, until the last is over. */
export class LastingFaults {
  readonly #world: World;
  /** The sizes of the faults that are not over. */
  readonly #sizes = new Map<unknown, number[]>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @param apply Gets the size of the worst that is not over; 0: there is none. */
  async begin(thing: unknown, size: number, forMs: number, apply: (worst: number) => unknown): Promise<void> {
    const sizes = this.#sizes.get(thing) ?? [];
    this.#sizes.set(thing, sizes);
    sizes.push(size);
    await apply(Math.max(...sizes));
    this.#world.after(forMs, async () => {
      sizes.splice(sizes.indexOf(size), 1);
      await apply(Math.max(0, ...sizes));
    });
  }
}

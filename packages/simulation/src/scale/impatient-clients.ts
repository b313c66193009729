import type { Clients, World } from './clients.ts';

const periodMs = 10;

/** Foreign devices that follow no advice: they wait so long for an answer and not longer, and then come again. */
export class ImpatientClients implements Clients {
  readonly patienceMs: number;
  readonly #world: World;
  /** Those that had no attempt under way, in the order in which they came to be so. */
  readonly #idle: number[];
  /** How many of them have begun one since. */
  #begun = 0;

  /** @param offeredPerSecond Attempts that begin each second, as long as there are devices without one. */
  constructor(world: World, patienceMs: number, offeredPerSecond: number, devices: readonly number[]) {
    this.#world = world;
    this.patienceMs = patienceMs;
    this.#idle = [...devices];
    let owed = 0;
    world.every(periodMs, () => {
      owed += (offeredPerSecond * periodMs) / 1_000;
      for (; owed >= 1; owed -= 1) this.#beginNext();
    });
  }

  /** While it is true, as many attempts begin as are offered. */
  get areEnough(): boolean {
    return this.#begun < this.#idle.length;
  }

  onAssigned(device: number, node: number): void {
    this.#world.open(device, node);
  }

  onAskFailed(device: number): void {
    this.#idle.push(device);
  }

  onOpenFailed(device: number): void {
    this.#idle.push(device);
  }

  onConnected(): void {}

  onLinkLost(device: number): void {
    this.#idle.push(device);
  }

  onRedirected(device: number): void {
    this.#idle.push(device);
  }

  onDue(): void {}

  #beginNext(): void {
    const device = this.#idle[this.#begun];
    if (device === undefined) return;
    this.#begun += 1;
    this.#world.ask(device);
  }
}

import type { DeviceListener } from './device-listener.ts';

/** The ports on which a worker takes devices, and those where it has stopped to, but where devices still are. */
export class DeviceListeners implements AsyncDisposable {
  readonly #create: (port: number) => DeviceListener;
  readonly #open = new Map<number, DeviceListener>();
  readonly #shut = new Map<number, DeviceListener[]>();

  constructor(create: (port: number) => DeviceListener) {
    this.#create = create;
  }

  /** @throws Error EADDRINUSE, EACCES and the like, from the system. */
  async open(port: number): Promise<void> {
    if (this.#open.has(port)) return;
    const listener = this.#create(port);
    this.#open.set(port, listener);
    try {
      await listener.listen();
    } catch (error) {
      this.#open.delete(port);
      throw error;
    }
  }

  isOpen(port: number): boolean {
    return this.#open.has(port);
  }

  /** Takes no new devices there; those that came in that way stay. */
  shut(port: number): void {
    const listener = this.#open.get(port);
    if (!listener) return;
    listener.stopListening();
    this.#open.delete(port);
    this.#shut.set(port, [...(this.#shut.get(port) ?? []), listener]);
  }

  shutAll(): void {
    for (const port of [...this.#open.keys()]) this.shut(port);
  }

  /** Cuts off the devices that are still connected over a port whose listener has stopped. */
  async close(port: number): Promise<void> {
    const listeners = this.#shut.get(port) ?? [];
    this.#shut.delete(port);
    await Promise.all(listeners.map((listener) => listener[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shutAll();
    await Promise.all([...this.#shut.keys()].map((port) => this.close(port)));
  }
}

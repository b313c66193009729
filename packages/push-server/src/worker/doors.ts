import type { DeviceDoor } from './device-door.ts';

/** The ports on which a worker takes devices, and those where it has stopped to, but where devices still are. */
export class Doors implements AsyncDisposable {
  readonly #create: (port: number) => DeviceDoor;
  readonly #open = new Map<number, DeviceDoor>();
  readonly #shut = new Map<number, DeviceDoor[]>();

  constructor(create: (port: number) => DeviceDoor) {
    this.#create = create;
  }

  /** @throws Error EADDRINUSE, EACCES and the like, from the system. */
  async open(port: number): Promise<void> {
    if (this.#open.has(port)) return;
    const door = this.#create(port);
    this.#open.set(port, door);
    try {
      await door.listen();
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
    const door = this.#open.get(port);
    if (!door) return;
    door.stopListening();
    this.#open.delete(port);
    this.#shut.set(port, [...(this.#shut.get(port) ?? []), door]);
  }

  shutAll(): void {
    for (const port of [...this.#open.keys()]) this.shut(port);
  }

  /** Cuts off whoever is still there by a door that was shut. */
  async close(port: number): Promise<void> {
    const doors = this.#shut.get(port) ?? [];
    this.#shut.delete(port);
    await Promise.all(doors.map((door) => door[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shutAll();
    await Promise.all([...this.#shut.keys()].map((port) => this.close(port)));
  }
}

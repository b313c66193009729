import { type Registry, toRegistryError } from '@pushfleet/registry';
import { Database } from '@pushfleet/registry/embedded';
import type { Software } from '../versions/software.ts';
import type { SimulatedProcess } from '../world/process.ts';
import { firstWallMs } from '../world/world.ts';
import type { Copy, RegistryStore } from './registry-store.ts';

/** The machine was started before the world began. */
const machineBeganMs = 1_000_000;

/** Tables that administrators write. */
const writtenByHand: readonly string[] = [
  ...['groups', 'group_moves', 'distribution_points', 'devices', 'deleted_devices', 'device_lineage', 'device_labels'],
  ...['api_tokens', 'node_problems_token'],
];
/** And what was promised to administration servers: a registry that loses that as well promises nothing. */
const kept = [...writtenByHand, 'commands', 'write_clock'];
/** Tables that triggers fill from others. */
const derived: readonly string[] = ['reserved_places'];

/** The embedded adapter in memory. */
export class EmbeddedStore implements RegistryStore {
  readonly isOutside = false;
  readonly #limits: { suspectAfterMs: number; deadAfterMs: number };
  readonly #database: Database;
  #refusesWrites = false;

  constructor(process: SimulatedProcess, limits: { suspectAfterMs: number; deadAfterMs: number }) {
    this.#limits = limits;
    const { world, host } = process;
    const machineMs = () => Math.floor(world.nowMs) + machineBeganMs;
    const wallMs = () => Math.floor(firstWallMs + world.nowMs + host.wallAheadMs);
    this.#database = process.run(() => Database.inMemory({ wallMs, machineMs }));
    const write = this.#database.write.bind(this.#database);
    this.#database.write = (body) => {
      if (!this.#refusesWrites) return write(body);
      return Promise.reject(
        toRegistryError('the registry', { kind: 'refuses-writes', why: 'the disk is full' }, undefined),
      );
    };
  }

  open({ createRegistry }: Software): Registry {
    return createRegistry(this.#database, this.#limits);
  }

  async refuseWrites(isRefusing: boolean): Promise<void> {
    this.#refusesWrites = isRefusing;
  }

  async lose(): Promise<void> {
    for (const name of this.#tablesBut(kept)) this.#database.run(`DELETE FROM ${name}`);
  }

  async copy(): Promise<Copy> {
    return new Map(this.#tablesBut(writtenByHand).map((name) => [name, this.#database.all(`SELECT * FROM ${name}`)]));
  }

  async goBackTo(copy: Copy): Promise<void> {
    for (const name of copy.keys()) this.#database.run(`DELETE FROM ${name}`);
    for (const [name, rows] of copy) {
      // Triggers may have filled it meanwhile.
      if (derived.includes(name)) this.#database.run(`DELETE FROM ${name}`);
      for (const row of rows as Record<string, never>[]) {
        const columns = Object.keys(row);
        const values = columns.map((column) => `:${column}`);
        this.#database.run(`INSERT INTO ${name} (${columns}) VALUES (${values})`, row);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #tablesBut(names: readonly string[]): string[] {
    const tables = this.#database.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    return tables.map(({ name }) => name).filter((name) => !names.includes(name) && !name.startsWith('sqlite_'));
  }
}

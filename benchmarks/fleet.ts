import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LinkKind } from '@pushfleet/device-sdk';
import type { FleetTask } from './fleet-process.ts';

export interface FleetOptions {
  devices: number;
  /** One kind for all devices, or several in turn. */
  links: readonly LinkKind[];
  processes: number;
  balancers: readonly string[];
  ca: string;
  secret: string;
  plaintextLink?: boolean;
}

export function deviceIds(devices: number): string[] {
  return Array.from({ length: devices }, (_, index) => `bench-${index}`);
}

/** Many devices, in processes of their own, so that their work is not measured as the cluster's. */
export class Fleet implements AsyncDisposable {
  readonly #processes: ChildProcess[];

  private constructor(processes: ChildProcess[]) {
    this.#processes = processes;
  }

  /** Resolves once every device is connected. */
  static async connect(options: FleetOptions): Promise<Fleet> {
    const { devices, processes } = options;
    const ids = deviceIds(devices);
    const children = Array.from({ length: processes }, (_, index) => {
      const child = fork(join(import.meta.dirname, 'fleet-process.ts'));
      const task: FleetTask = { ...options, ids: ids.filter((_, at) => at % processes === index) };
      child.send(task);
      return child;
    });
    const fleet = new Fleet(children);
    await Promise.all(children.map((child) => connected(child)));
    return fleet;
  }

  get pids(): number[] {
    return this.#processes.map(({ pid }) => pid as number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        if (child.exitCode !== null) return;
        child.disconnect();
        await once(child, 'exit');
      }),
    );
  }
}

async function connected(child: ChildProcess): Promise<void> {
  const [said] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (said !== 'connected') throw new Error(`a fleet process ended with ${said}`);
}

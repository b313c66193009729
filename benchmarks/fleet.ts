import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LinkKind } from '@pushfleet/device-sdk';
import type { FleetTask, FleetWord } from './fleet-process.ts';

/** Which devices, or how many of those that `deviceIds` names. */
export type FleetOptions = FleetSettings & ({ ids: string[] } | { devices: number });

interface FleetSettings {
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
    const { processes, links, balancers, ca, secret, plaintextLink = false } = options;
    const ids = 'ids' in options ? options.ids : deviceIds(options.devices);
    const children = Array.from({ length: processes }, (_, index) => {
      const child = fork(join(import.meta.dirname, 'fleet-process.ts'));
      const task: FleetTask = {
        ...{ links, balancers, ca, secret, plaintextLink },
        ids: ids.filter((_, at) => at % processes === index),
      };
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

  /** How many commands all devices were told so far; a command that came twice counts once. */
  async commandsRun(): Promise<number> {
    const counts = this.#processes.map(async (child) => {
      const answer = once(child, 'message') as Promise<[Exclude<FleetWord, string>]>;
      child.send('commandsRun');
      return (await answer)[0].commandsRun;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#processes.map(async (child) => {
        if (child.exitCode !== null || !child.connected) return;
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

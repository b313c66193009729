import type { DeviceId } from '@pushfleet/protocol';
import type { Commands, SessionRef } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { LeaderTask } from './housekeeping.ts';

const periodMs = 5_000;
const overdueAfterMs = 5_000;
const devicesAtOnce = 500;

/** Makes the worker of the session look for commands of the device. */
export type Poke = (device: DeviceId, session: SessionRef) => void;

export interface CommandSweepOptions {
  commands: Pick<Commands, 'overdue'>;
  poke: Poke;
  clock: Clock;
}

/** Finds durable commands that should long have been sent, because somebody died on the way, and sends their workers. */
export class CommandSweep implements LeaderTask {
  readonly name = 'command-sweep';
  readonly #options: CommandSweepOptions;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: CommandSweepOptions) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { commands, poke, clock } = this.#options;
    if (clock.now() < this.#sweptAtMs + periodMs) return;
    const found = await commands.overdue(overdueAfterMs, devicesAtOnce);
    for (const { device, session } of found) poke(device, session);
    // Many of them: more wait to be looked at.
    if (found.length < devicesAtOnce / 2) this.#sweptAtMs = clock.now();
  }
}

import type { DeviceId } from '@pushfleet/protocol';
import type { Commands, SessionRef } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { LeaderTask } from './leader.ts';

const periodMs = 5_000;
const overdueAfterMs = 5_000;
const devicesAtOnce = 500;

/** Makes the worker that holds the session look for queued commands of the device. */
export type WakeWorker = (device: DeviceId, session: SessionRef) => void;

export interface CommandSweepOptions {
  commands: Pick<Commands, 'overdue'>;
  wakeWorker: WakeWorker;
  clock: Clock;
}

/**
 * Finds durable commands that should have been sent seconds ago, because a process died on the way, and wakes the workers that hold
 * their devices' sessions.
 */
export class CommandSweep implements LeaderTask {
  readonly name = 'command-sweep';
  readonly #options: CommandSweepOptions;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: CommandSweepOptions) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { commands, wakeWorker, clock } = this.#options;
    if (clock.now() < this.#sweptAtMs + periodMs) return;
    const found = await commands.overdue(overdueAfterMs, devicesAtOnce);
    for (const { device, session } of found) wakeWorker(device, session);
    // Many of them: more wait to be looked at.
    if (found.length < devicesAtOnce / 2) this.#sweptAtMs = clock.now();
  }
}

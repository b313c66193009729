import { setTimeout as delay } from 'node:timers/promises';
import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';

/** One store that several registries share, as the processes of a cluster do. Empty at first. */
export interface TestStore extends AsyncDisposable {
  open(limits?: LivenessLimits): Promise<Registry>;
  /** Loses all data behind the registries' backs, as a failover to an empty server does. */
  wipe(): Promise<void>;
  /** Changes the write clock behind the registries' backs. Only for a store that has been written to. */
  turn(change: ClockChange): Promise<void>;
}

/** Time that has passed, as a test wants it. */
export interface ClockChange {
  /** So long the registry took writes, and nobody wrote. */
  idleMs?: number;
  /** So long it took none. */
  refusedMs?: number;
}

export type CreateStore = () => Promise<TestStore>;

/** Long enough that no push server falls silent in the course of a test. */
export const patientLimits: LivenessLimits = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };

/** The lifetime of what a test sees first and then waits to be gone: longer than a busy machine takes to get there. */
export const soonMs = 3_000;

/** Waits until `check` passes; after `withinMs` it fails with what `check` throws. */
export async function eventually(check: () => Promise<void> | void, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await delay(10);
  }
}

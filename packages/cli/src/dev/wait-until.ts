import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

export interface WaitOptions {
  /** What is waited for, as in "the balancer to answer". */
  what: string;
  timeoutMs: number;
  signal: AbortSignal;
}

const pollMs = 100;

/**
 * Asks again and again until `check` answers `true`; any other answer says what is still missing, and an error counts
 * as an answer.
 * @throws CommandFailure after the timeout, with the last answer; the signal's reason when it fires.
 */
export async function waitUntil(check: () => Promise<true | string>, options: WaitOptions): Promise<void> {
  const { what, timeoutMs, signal } = options;
  const deadline = systemClock.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await check().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    if (answer === true) return;
    if (systemClock.now() > deadline) {
      throw new CommandFailure(`waited ${Math.round(timeoutMs / 1_000)} s for ${what}: ${answer}`);
    }
    // The signal is looked at above; here it only ends the sleep.
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

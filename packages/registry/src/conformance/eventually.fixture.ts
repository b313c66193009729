import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `check` passes; after `withinMs` it fails with what `check` throws. */
export async function eventually(check: () => Promise<void> | void, withinMs = 10_000): Promise<void> {
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

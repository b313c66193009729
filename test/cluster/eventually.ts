import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits until `check` gives something other than `undefined` or `false`, and returns that. A check that throws counts
 * as not yet; if it never holds, its last error or value is in the message.
 */
export async function eventually<Value>(
  what: string,
  check: () => Value | Promise<Value>,
  withinMs = 40_000,
): Promise<Exclude<Value, undefined | false>> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value as Exclude<Value, undefined | false>;
      last = value;
    } catch (error) {
      last = error;
    }
    await sleep(25);
  }
  throw new Error(`${what}: not within ${withinMs} ms; last: ${last instanceof Error ? last.message : String(last)}`);
}

import { vi } from 'vitest';

/** A condition that has not come true by then never will. Vitest's own second passes on a busy machine while a file is loaded. */
const patienceMs = 20_000;

const { waitUntil, waitFor } = vi;

/** A number is the timeout. One that is shorter says how long it takes on a machine that does nothing else. */
function patiently(options: number | { timeout?: number; interval?: number } = {}) {
  const { timeout = 0, ...more } = typeof options === 'number' ? { timeout: options } : options;
  return { timeout: Math.max(timeout, patienceMs), ...more };
}

// Files share this module with their process, so that it is done once there.
vi.waitUntil = (condition, options) => waitUntil(condition, patiently(options));
vi.waitFor = (check, options) => waitFor(check, patiently(options));

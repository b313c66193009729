import { vi } from 'vitest';

/** A condition that has not come true by then never will. Vitest's own second passes on a busy machine while a file is loaded. */
const timeout = 10_000;

const { waitUntil, waitFor } = vi;

/** A number is the timeout. */
function patiently(options: number | { timeout?: number; interval?: number } = {}) {
  return typeof options === 'number' ? options : { timeout, ...options };
}

// Files share this module with their process, so that it is done once there.
vi.waitUntil = (condition, options) => waitUntil(condition, patiently(options));
vi.waitFor = (check, options) => waitFor(check, patiently(options));

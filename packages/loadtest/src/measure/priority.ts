import { writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const niceness = { min: -20, max: 19 };
/** A process that measures gets its turn at once: it needs little. */
const measuringBy = -5;
/** Less than any server: a worker of a push server has 3, see PUSHFLEET_WORKER_NICENESS. */
const fleetBy = 10;
/** Without root's rights an autogroup may be changed only if no other process of the system did within the last 100 ms. */
const attempts = 20;
const retryMs = 150;

/**
 * Makes this process, which measures, more urgent than servers, where it may (as root): what it is late would count as theirs. The real
 * ones, administrators and devices that have little to do, have processors of their own.
 */
export function raisePriority(): Promise<void> {
  return changePriority(measuringBy);
}

/**
 * Makes this process, which plays many devices, less urgent than the servers. On processors that it shares with them it would take turns
 * that on a machine of their own they would have: their event loops would be late by seconds, and all that they do with them.
 */
export function lowerPriority(): Promise<void> {
  return changePriority(fleetBy);
}

async function changePriority(by: number): Promise<void> {
  const wanted = Math.min(niceness.max, Math.max(niceness.min, getPriority() + by));
  try {
    setPriority(wanted);
    await changeAutogroup(by);
  } catch {
    // The report says how late this process was.
  }
}

async function changeAutogroup(by: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // A system without autogroups has no such file.
      return writeFileSync('/proc/self/autogroup', String(by), { flag: 'r+' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || attempt === attempts) throw error;
      await sleep(retryMs);
    }
  }
}

import { type common, limits } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import type { Counters, GetStatistics, OperationHandlers } from './command.ts';
import { type Ending, statisticsBytes, succeededWith } from './ending.ts';
import type { RunningCommand } from './running-command.ts';

type Read = OperationHandlers['getStatistics'];

/** Reads once, or every so often until the command is given up or its time is nearly over. */
export async function readStatistics(
  read: Read,
  operation: GetStatistics,
  running: RunningCommand,
  clock: Clock,
): Promise<Ending> {
  const sample = async () => toStatistics(await read(operation, running), operation.counters, clock.wallMs());
  if (operation.intervalMs === 0) return succeededWith(await sample());
  const untilMs = clock.now() + periodicForMs(running.finishWithinMs);
  for (let dueMs = clock.now(); ; ) {
    const statistics = await sample();
    running.signal.throwIfAborted();
    const now = clock.now();
    // Readings that took longer than the interval leave out the ones that they missed.
    dueMs += operation.intervalMs * Math.max(Math.ceil((now - dueMs) / operation.intervalMs), 1);
    if (now >= untilMs) return succeededWith(statistics);
    running.say({ statistics });
    if (dueMs >= untilMs) {
      await wait(clock, untilMs - now, running.signal);
      return succeededWith(statistics);
    }
    await wait(clock, dueMs - now, running.signal);
  }
}

/** The time that is left for the last answer to travel, at most; MQTT rounds the time to finish up to whole seconds. */
const endBeforeMs = 1_500;

/** Time of periodic reading. It ends also where the link has no time to finish, as MQTT 3.1.1. */
function periodicForMs(finishWithinMs: number): number {
  if (finishWithinMs === 0) return limits.finishWithinMaxMs;
  return finishWithinMs - Math.min(finishWithinMs / 4, endBeforeMs);
}

function toStatistics(read: Counters, wanted: readonly string[], atMs: number): common.Statistics {
  const asked = new Set(wanted);
  const entries = Object.entries(read).filter(([name]) => asked.size === 0 || asked.has(name));
  const odd = entries.find(([, value]) => !Number.isFinite(value));
  if (odd !== undefined) throw new TypeError(`the counter ${odd[0]} is ${odd[1]}, not a number`);
  const statistics = { counters: Object.fromEntries(entries), atMs };
  if (statisticsBytes(statistics) <= limits.payloadBytes) return statistics;
  throw new RangeError(`${entries.length} counters are more than can be sent`);
}

function wait(clock: Clock, forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = clock.after(forMs, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    const abort = () => {
      timer[Symbol.dispose]();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
}

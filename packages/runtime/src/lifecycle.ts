import { once } from 'node:events';
import { systemClock, timeoutSignal } from './clock.ts';

/** A process' one job. `create` wires, `start` binds, `drain` empties, dispose releases in reverse and is idempotent. */
export interface Service extends AsyncDisposable {
  /** Resolves once it serves, or early when `stop` fires before. */
  start(stop: AbortSignal): Promise<void>;
  /** Hands over what it holds. Gives up what is left when `signal` fires. */
  drain(signal: AbortSignal): Promise<void>;
  /** Rejects when the service, once started, cannot go on; never resolves. */
  readonly failed?: Promise<never>;
}

/** Runs a service until `stop` fires or it fails. The only place that knows how a process lives and ends. */
export async function runService(create: () => Promise<Service>, stop: AbortSignal, graceMs: number): Promise<void> {
  await using service = await create();
  await service.start(stop);
  await Promise.race([aborted(stop), ...(service.failed ? [service.failed] : [])]);
  await drainAwake(service, graceMs);
}

/** What a drain waits for may hold no handle of the process, and neither does its time limit: it must not end in between. */
async function drainAwake(service: Service, graceMs: number): Promise<void> {
  const awake = setInterval(() => {}, 60_000);
  try {
    await service.drain(timeoutSignal(systemClock, graceMs));
  } finally {
    clearInterval(awake);
  }
}

/**
 * Fires at the first SIGINT or SIGTERM. Later ones are ignored: npm passes a Ctrl-C on to a process that the terminal
 * has already told.
 */
export function stopOnSignals(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

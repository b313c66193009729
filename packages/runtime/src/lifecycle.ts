import { once } from 'node:events';
import type { Barrier } from './barrier.ts';
import { systemClock, timeoutSignal } from './clock.ts';

/** The one job of a process. `create` wires, `start` binds, `drain` empties, dispose releases in reverse and is idempotent. */
export interface Service extends AsyncDisposable {
  /** Resolves once it serves, or early when `stop` fires before. */
  start(stop: AbortSignal): Promise<void>;
  /** Hands over what it holds. Gives up what is left when `signal` fires. */
  drain(signal: AbortSignal): Promise<void>;
  /** Rejects when the service, once started, cannot go on; never resolves. */
  readonly failed?: Promise<never>;
  /** While it serves, an exception that nothing else has caught stops here, and the process goes on. */
  readonly barrier?: Barrier;
}

/**
 * Runs a service until `stop` fires or it fails. An error of a start after `stop` has fired is of interest to
 * nobody. The only place that knows how a process lives and ends.
 */
export async function runService(create: () => Promise<Service>, stop: AbortSignal, graceMs: number): Promise<void> {
  if (stop.aborted) return;
  // What a service waits for may hold no handle of the process, such as its settings or the end of a drain.
  using _awake = stayAwake();
  await using service = await create();
  try {
    await service.start(stop);
  } catch (error) {
    if (stop.aborted) return;
    throw error;
  }
  using _defence = service.barrier && outliveExceptions(service.barrier);
  await Promise.race([aborted(stop), ...(service.failed ? [service.failed] : [])]);
  await service.drain(timeoutSignal(systemClock, graceMs));
}

/**
 * The last line of defence: everything that a peer's bytes run stands behind a barrier of its own, and this is for what was
 * missed. One link or call may hang until its deadline; all others go on, which they would not if the process ended, as
 * Node.js would have it. Rejections that nobody handles come here too.
 */
function outliveExceptions(barrier: Barrier): Disposable {
  const stop = (error: unknown) => barrier.report('process', error);
  process.on('uncaughtException', stop);
  return { [Symbol.dispose]: () => void process.off('uncaughtException', stop) };
}

/** Keeps the process alive. All other timers of ours let it end. */
function stayAwake(): Disposable {
  const timer = setInterval(() => {}, 60_000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/**
 * Waits for a resource that a service needs before it starts. `undefined`: `stop` fired first; what is opened later is
 * released.
 */
export async function openUnlessStopped<Opened extends AsyncDisposable>(
  opening: Promise<Opened>,
  stop: AbortSignal,
): Promise<Opened | undefined> {
  const opened = await Promise.race([opening, aborted(stop)]);
  if (opened) return opened;
  opening
    .then((late) => late[Symbol.asyncDispose]())
    .catch(() => {
      // Nobody waits for it any more.
    });
  return undefined;
}

export async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

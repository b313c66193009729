import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, systemClock } from '@pushfleet/runtime';

/** Signals that are listened for from the first line of the program on, and those that have come since. */
export interface EarlySignals {
  readonly heard: readonly NodeJS.Signals[];
  /** They have their usual effect again. */
  release(): void;
}

interface StopOptions {
  /** A server outlives the terminal that it was started from. */
  ignoreHangUp?: boolean;
}

/** How this process is told to stop: by signals, and by the death of the process that started it. */
export class StopRequest {
  readonly #early: EarlySignals;
  #isTaken = false;

  constructor(early: EarlySignals) {
    this.#early = early;
  }

  /**
   * Fires at the first SIGINT, SIGTERM or SIGHUP, those included that came while the program was being loaded, or when
   * the process that started this one has died, if there is a channel between the two. Later signals are ignored: npm
   * passes a Ctrl-C on to a process that the terminal has already told.
   */
  take({ ignoreHangUp = false }: StopOptions = {}): AbortSignal {
    this.#isTaken = true;
    const controller = new AbortController();
    const stop = () => controller.abort();
    const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
    if (!ignoreHangUp) names.push('SIGHUP');
    else process.on('SIGHUP', () => {});
    for (const name of names) process.on(name, stop);
    if (this.#early.heard.some((name) => names.includes(name))) stop();
    this.#early.release();
    stopWithParent(stop);
    return controller.signal;
  }

  /** Lets signals end this process as they end any other, if nobody has taken them; those included that have come already. */
  leave(): void {
    // A signal that came just now is heard in the next turn of the event loop.
    setImmediate(() => {
      if (this.#isTaken) return;
      this.#early.release();
      const [signal] = this.#early.heard;
      if (signal) process.kill(process.pid, signal);
    });
  }
}

const aliveEveryMs = 1_000;

function stopWithParent(stop: () => void): void {
  if (process.connected) {
    process.once('disconnect', stop);
    systemClock.every(aliveEveryMs, sayAlive);
    // The listener alone must not keep a process alive that has nothing left to do.
    process.channel?.unref();
  } else if (process.send !== undefined) {
    // There was a channel, and it ended before anyone listened.
    stop();
  }
}

/** The process that started this one hears whether it hangs. */
function sayAlive(): void {
  if (process.connected) process.send?.('alive', () => {});
}

const lingerMs = 1_000;

/**
 * The work is done: ends the process, even if something still holds it. gRPC does not give up a connection that it is
 * trying to make to a host that has gone when its channel is closed, and the system tries for minutes.
 */
export function exitSoon(): void {
  systemClock.after(lingerMs, () => process.exit());
}

/** The process around a command: its environment, and how it is told to stop. */
export interface CommandContext {
  environment: Environment;
  /** From now on this process ends by the signal that is returned, not by itself. */
  stop: (options?: StopOptions) => AbortSignal;
}

/** Resolves after `ms`, or as soon as the signal fires. Unlike a clock's sleep it keeps this process alive. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}

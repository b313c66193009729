import { stopOnSignals } from '@pushfleet/runtime';

/**
 * Fires when this process is told to stop: by a signal, or because the process that started it has died. The latter
 * shows on the channel between the two, if there is one.
 */
export function stopOnRequest(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  stopOnSignals().addEventListener('abort', stop);
  if (process.connected) {
    process.once('disconnect', stop);
    // The listener alone must not keep a process alive that has nothing left to do.
    process.channel?.unref();
  } else if (process.send !== undefined) {
    // There was a channel, and it ended before anyone listened.
    stop();
  }
  return controller.signal;
}

const lingerMs = 1_000;

/**
 * The work is done: ends the process, even if something still holds it. gRPC does not give up a connection that it is
 * trying to make to a host that has gone when its channel is closed, and the system tries for minutes.
 */
export function exitSoon(): void {
  setTimeout(() => process.exit(), lingerMs).unref();
}

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

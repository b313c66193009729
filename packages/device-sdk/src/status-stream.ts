import type { DeviceStatus } from './status.ts';

/** Where statuses come from: the present one, and those to come. */
export interface StatusSource {
  readonly currentStatus: DeviceStatus;
  onStatus(listener: (status: DeviceStatus) => void): () => void;
}

/**
 * The present status, then every change, until the signal aborts. A reader that is slow finds the latest status only: what
 * lay between is left out, and nothing piles up.
 */
export async function* statusStream(source: StatusSource, signal?: AbortSignal): AsyncGenerator<DeviceStatus, void> {
  let changed = Promise.withResolvers<void>();
  const wake = () => changed.resolve();
  const end = source.onStatus(wake);
  signal?.addEventListener('abort', wake, { once: true });
  try {
    while (!signal?.aborted) {
      changed = Promise.withResolvers();
      yield source.currentStatus;
      await changed.promise;
    }
  } finally {
    end();
    signal?.removeEventListener('abort', wake);
  }
}

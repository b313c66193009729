import type { admin } from '@pushfleet/protocol';
import type { AdminChannel } from './channel.ts';
import { readOn } from './read-on.ts';

export interface WatchOptions {
  /** From an event that was seen: goes on after it. Absent: from now on. */
  resumeToken?: string;
  /** Only events of these kinds. Absent: all. */
  kinds?: readonly admin.EventKind[];
  /** Only events of this device. Absent: of all. */
  deviceId?: string;
  /** Ends the iteration, with its reason. */
  signal?: AbortSignal;
  /** Called once the watch has begun, and each time it goes on after it was cut off. */
  onConnected?: () => void;
}

/** Where the watch begins, in the headers of the answer. */
const tokenKey = 'pushfleet-resume-token';

/**
 * Yields what happens in the cluster, and goes on after the last event when it is cut off: each event at least once, in
 * order for each device and each push server. Throws where the balancer cannot be reached at first, and EVENTS_GONE
 * where it was away for so long that events are missing.
 */
export async function* watchEvents(
  channel: AdminChannel,
  { resumeToken = '', kinds = [], deviceId = '', signal, onConnected }: WatchOptions = {},
): AsyncGenerator<admin.Event, void, undefined> {
  let token = resumeToken;
  const answers = readOn<admin.WatchResponse>(channel, {
    open: () => channel.events.watch({ resumeToken: token, kinds: [...kinds], deviceId }, channel.metadata),
    onConnected: (headers) => {
      if (token === '') token = String(headers.get(tokenKey)[0] ?? '');
      onConnected?.();
    },
    signal,
  });
  for await (const { events } of answers) {
    for (const event of events) {
      token = event.resumeToken;
      yield event;
    }
  }
}

import type { admin } from '@pushfleet/protocol';
import type { EventService } from '@pushfleet/protocol/admin';
import type { CallOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { ServiceCalls } from './service-calls.ts';

export interface EventFilter {
  /** The token of an event that was seen: goes on after it. Absent: from now on. */
  resumeToken?: string;
  /** Only events of these kinds. Absent: all. */
  kinds?: readonly admin.EventKind[];
  /** Only events of this device. Absent: of all. */
  deviceId?: string;
}

export interface AuditFilter {
  /** The token of an event that was seen: goes on after it. Absent: from now on. */
  resumeToken?: string;
  /** Only what the API token of this name did. Absent: all. */
  caller?: string;
}

export interface WatchOptions extends CallOptions {
  /** Called once the watch has begun, and each time it goes on after it was cut off. */
  onConnected?: () => void;
}

/** The header of the answer that says where the watch begins. */
const tokenKey = 'pushfleet-resume-token';

/** Events of the cluster. */
export class Events {
  readonly #calls: ServiceCalls<InstanceType<typeof EventService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.events);
  }

  /**
   * Yields what happens in the cluster, and goes on after the last event when it is cut off: each event at least once, in
   * order for each device and each push server. Throws where the balancer cannot be reached at first, and EVENTS_GONE
   * where it was away for so long that events are missing.
   */
  async *watch(
    { resumeToken = '', kinds = [], deviceId = '' }: EventFilter = {},
    { onConnected, ...options }: WatchOptions = {},
  ): AsyncGenerator<admin.Event, void, undefined> {
    yield* this.#resumable('watch', resumeToken, (token) => ({ resumeToken: token, kinds: [...kinds], deviceId }), {
      ...options,
      ...(onConnected ? { onConnected } : {}),
    });
  }

  /** Yields who did what by the admin API, on the same terms. Needs the role `admin`. */
  async *watchAudit(
    { resumeToken = '', caller = '' }: AuditFilter = {},
    options: WatchOptions = {},
  ): AsyncGenerator<admin.AuditEvent, void, undefined> {
    yield* this.#resumable('watchAudit', resumeToken, (token) => ({ resumeToken: token, caller }), options);
  }

  async *#resumable<Name extends 'watch' | 'watchAudit', Event extends { resumeToken: string }>(
    name: Name,
    resumeToken: string,
    requestAt: (token: string) => Parameters<InstanceType<typeof EventService>[Name]>[0],
    { onConnected, ...options }: WatchOptions,
  ): AsyncGenerator<Event, void, undefined> {
    let token = resumeToken;
    const responses = this.#calls.resumable(name, () => requestAt(token) as never, {
      ...options,
      onConnected: (headers) => {
        if (token === '') token = String(headers.get(tokenKey)[0] ?? '');
        onConnected?.();
      },
    }) as AsyncGenerator<{ events: Event[] }, void, undefined>;
    for await (const { events } of responses) {
      for (const event of events) {
        token = event.resumeToken;
        yield event;
      }
    }
  }
}

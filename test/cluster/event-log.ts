import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';

/** All events of a cluster from now on, as a client of the admin API gets them. */
export class EventLog implements AsyncDisposable {
  readonly events: admin.Event[] = [];
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  static async start(client: AdminClient): Promise<EventLog> {
    const connected = Promise.withResolvers<void>();
    const log = new EventLog(client, connected.resolve);
    await Promise.race([connected.promise, log.#reading]);
    return log;
  }

  private constructor(client: AdminClient, onConnected: () => void) {
    this.#reading = this.#read(client, onConnected);
  }

  of(kind: admin.EventKind): admin.Event[] {
    return this.events.filter((event) => event.kind === kind);
  }

  /** New sessions, of one device or of all. */
  arrivals(device?: string): admin.Event[] {
    const all = this.events.filter(({ kind }) => arrivalKinds.includes(kind));
    return device === undefined ? all : all.filter(({ deviceId }) => deviceId === device);
  }

  /** How often each device has come, most often first; an event that was told twice counts once. */
  arrivalsByDevice(): [string, number][] {
    return [...Map.groupBy(this.arrivals(), ({ deviceId }) => deviceId)]
      .map(([device, events]): [string, number] => [device, new Set(events.map(({ epoch }) => epoch)).size])
      .sort(([, a], [, b]) => b - a);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(client: AdminClient, onConnected: () => void): Promise<void> {
    try {
      const { signal } = this.#stop;
      for await (const event of client.events.watch({}, { signal, onConnected })) this.events.push(event);
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}

/** A device that leaves before it comes is told as connected; one that takes over, as moved. */
const arrivalKinds: admin.EventKind[] = ['EVENT_KIND_DEVICE_CONNECTED', 'EVENT_KIND_DEVICE_MOVED'];

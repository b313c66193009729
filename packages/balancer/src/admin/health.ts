import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { cutText } from '@pushfleet/protocol';

export type ServingStatus = 'SERVING' | 'NOT_SERVING';

interface HealthRequest {
  service: string;
}
interface HealthAnswer {
  status: ServingStatus | 'SERVICE_UNKNOWN';
}
type WatchCall = ServerWritableStream<HealthRequest, HealthAnswer>;

/** The length of the name that a client asks about: no service has a longer one. */
const nameBytes = 128;

/**
 * grpc.health.v1.Health for a fixed list of services that are all well or all not. Of services that it does not know nothing
 * is kept: who watches one is told that it is unknown, and waits, as the protocol has it.
 */
export class Health {
  readonly #names: ReadonlySet<string>;
  readonly #watchers = new Set<WatchCall>();
  #status: ServingStatus = 'NOT_SERVING';

  /** @param names The name of the server as a whole is empty. */
  constructor(names: readonly string[]) {
    this.#names = new Set(names);
  }

  /** Those who watch a known service, now. */
  get watchers(): number {
    return this.#watchers.size;
  }

  setServing(serving: boolean): void {
    const next = serving ? 'SERVING' : 'NOT_SERVING';
    if (next === this.#status) return;
    this.#status = next;
    for (const call of this.#watchers) call.write({ status: next });
  }

  readonly handlers = {
    Check: (call: ServerUnaryCall<HealthRequest, HealthAnswer>, answer: sendUnaryData<HealthAnswer>) => {
      const { service } = call.request;
      if (this.#names.has(service)) return answer(null, { status: this.#status });
      const details = `there is no service "${cutText(service, nameBytes)}" here`;
      return answer({ code: status.NOT_FOUND, details });
    },
    List: (_call: object, answer: sendUnaryData<{ statuses: Record<string, HealthAnswer> }>) => {
      const statuses = Object.fromEntries([...this.#names].map((name) => [name, { status: this.#status }]));
      return answer(null, { statuses });
    },
    Watch: (call: WatchCall) => {
      if (!this.#names.has(call.request.service)) return void call.write({ status: 'SERVICE_UNKNOWN' });
      this.#watchers.add(call);
      call.on('cancelled', () => this.#watchers.delete(call));
      return void call.write({ status: this.#status });
    },
  };
}

import { type AdminClient, outcomeName } from '@pushfleet/admin-sdk';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { type Clock, machineUs } from '@pushfleet/runtime';
import { stampPrefix } from '../device/link.ts';
import type { LoadRecorder } from '../report/load-recorder.ts';

/** Open: so many begin per second, whatever becomes of them. Closed: so many are in flight, and each end begins another one. */
export type PushPace = { kind: 'open'; perSecond: number } | { kind: 'closed'; inFlight: number };

export interface PushLoadOptions {
  admin: AdminClient;
  /** Ids of the devices, in turn at random. At least one. */
  targets: readonly string[];
  pace: PushPace;
  /** Time to live of durable commands; `undefined`: direct ones. */
  ttlMs: number | undefined;
  recorder: LoadRecorder;
  clock: Clock;
  random?: () => number;
}

/** Commands that one stream takes at once. */
const maxInFlight = 4_096;
/**
 * A timer of Node.js counts whole milliseconds: in an idle process it is 0.5 to 0.8 ms late, 1.1 in one case of a hundred, which is
 * none of the cluster's doing and more than a whole push takes.
 */
const timerUs = 1_100;

/** The time from which the latency of a command counts that was due at `dueUs` and is sent at `nowUs`: later than a timer can be, it is late. */
export function countedFromUs(dueUs: number, nowUs: number): number {
  return nowUs - dueUs <= timerUs ? nowUs : dueUs;
}

/** After a stream has failed. */
const retryMs = 500;

/**
 * Forces synchronizations of random devices. In an open loop each command has a time at which it is to be sent, and its latencies
 * count from then, even where the stream was too slow to take it: no stall of the cluster goes uncounted.
 */
export class PushLoad {
  targets: readonly string[];
  readonly #options: PushLoadOptions;
  readonly #dueUs = new Map<admin.PushRequestInit, number>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #waiting: { dueUs: number; resolve: () => void }[] = [];
  #nextUs = machineUs();

  /** Begins at once. */
  constructor(options: PushLoadOptions) {
    this.#options = options;
    this.targets = options.targets;
    this.#running = this.#run();
  }

  /** Begins no more commands; resolves once those in flight have ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    this.#tellWaiting();
  }

  /** Resolves once every command that was due before `dueUs`, by `machineUs`, has its outcome, or the load has stopped. */
  async answered(dueUs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push({ dueUs, resolve });
      this.#tellWaiting();
    });
  }

  #tellWaiting(): void {
    if (this.#waiting.length === 0) return;
    // In the order in which they were due.
    const [oldestUs = this.#nextUs] = this.#dueUs.values();
    const isAnswered = ({ dueUs }: { dueUs: number }) => this.#stop.signal.aborted || oldestUs >= dueUs;
    for (const { resolve } of this.#waiting.filter(isAnswered)) resolve();
    this.#waiting = this.#waiting.filter((one) => !isAnswered(one));
  }

  async #run(): Promise<void> {
    const { admin, pace, clock } = this.#options;
    const inFlight = pace.kind === 'open' ? maxInFlight : pace.inFlight;
    while (!this.#stop.signal.aborted) {
      try {
        for await (const answer of admin.commands.pushMany(this.#requests(), { inFlight })) this.#onAnswer(answer);
      } catch (error) {
        this.#options.recorder.error('pushStream', codeOf(error), (error as Error).message);
        this.#dueUs.clear();
        await clock.sleep(retryMs, this.#stop.signal);
      }
    }
  }

  async *#requests(): AsyncGenerator<admin.PushRequestInit, void, undefined> {
    const { pace, clock } = this.#options;
    const intervalUs = pace.kind === 'open' ? 1_000_000 / pace.perSecond : 0;
    while (!this.#stop.signal.aborted) {
      const waitUs = pace.kind === 'open' ? this.#nextUs - machineUs() : 0;
      if (waitUs > 0) {
        await clock.sleep(Math.max(1, waitUs / 1_000), this.#stop.signal);
        continue;
      }
      const nowUs = machineUs();
      const dueUs = pace.kind === 'open' ? this.#nextUs : nowUs;
      this.#nextUs = dueUs + intervalUs;
      this.#options.recorder.count('pushesSent');
      yield this.#request(countedFromUs(dueUs, nowUs));
    }
  }

  #request(dueUs: number): admin.PushRequestInit {
    const { ttlMs, random = Math.random } = this.#options;
    const request = {
      deviceId: this.targets[Math.floor(random() * this.targets.length)] ?? '',
      operation: { forceSync: { reason: `${stampPrefix}${Math.round(dueUs)}` } },
      ...(ttlMs === undefined ? {} : { ttlMs }),
    };
    this.#dueUs.set(request, dueUs);
    return request;
  }

  #onAnswer({
    request,
    response,
    error,
  }: {
    request: admin.PushRequestInit;
    response?: admin.PushResponse;
    error?: PushfleetError;
  }): void {
    const { recorder } = this.#options;
    const dueUs = this.#dueUs.get(request) ?? machineUs();
    this.#dueUs.delete(request);
    const status = response?.status;
    const outcome = error?.code ?? (status ? outcomeName(status.outcome) : 'none');
    recorder.latency('push', (machineUs() - dueUs) / 1_000);
    recorder.outcome(outcome);
    this.#tellWaiting();
    if (outcome === 'SUCCEEDED') return recorder.count('pushesDone');
    recorder.count('pushesFailed');
    recorder.error('push', outcome, error?.message ?? status?.reason ?? '');
  }
}

function codeOf(error: unknown): string {
  return error instanceof PushfleetError ? error.code : 'failed';
}

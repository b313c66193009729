import { randomUUID } from 'node:crypto';
import { type Commands, type PushAnswer, PushfleetError } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { addCount, apiWaits, isSettled, type OutcomeCounts, type WaitName } from '../outcomes/outcomes.ts';
import { type PushEntry, toEntry } from '../outcomes/render.ts';
import { pause } from '../stop.ts';

interface PushPlan {
  /** Without the device: what each of them gets. */
  push: Omit<admin.PushRequestInit, 'deviceId' | 'wait'>;
  wait: WaitName;
}

/** The part of an AdminClient that this needs. */
export type Pusher = Pick<Commands, 'pushMany'>;

interface PushToDevicesOptions {
  /** Called after each answer with how many devices stand at each outcome. */
  onProgress?: (counts: OutcomeCounts) => void;
  signal?: AbortSignal;
}

/** Pushes to devices by name; the answer is in the order of `deviceIds`. */
export async function pushToDevices(
  client: Pusher,
  deviceIds: readonly string[],
  { push, wait }: PushPlan,
  options: PushToDevicesOptions = {},
): Promise<PushEntry[]> {
  const outcomes = new DeviceOutcomes(deviceIds, options);
  const requests = (ids: readonly string[], given: Partial<admin.PushRequestInit>) =>
    ids.map((deviceId) => ({ ...push, ...given, deviceId }));
  if (!push.ttlMs) {
    await outcomes.enter(client.pushMany(requests(deviceIds, { wait: apiWaits[wait] }), signalOf(options)));
    return outcomes.entries();
  }
  // First all are accepted, so that their ids are known whatever comes; then, with the same key, each is waited for. A
  // second push with that key changes nothing, so that either may be asked for again.
  const idempotencyKey = push.idempotencyKey || randomUUID();
  const { signal } = options;
  {
    using late = new LateSignal(signal, lateAnswersMs);
    const accept = (ids: readonly string[]) =>
      client.pushMany(requests(ids, { wait: 'WAIT_ACCEPTED', idempotencyKey }), { signal: late.signal });
    await askAgain(outcomes, { open: () => outcomes.missing(), ask: accept, tries: acceptTries, signal });
  }
  const open = () => outcomes.unsettled(wait);
  const ask = (ids: readonly string[]) =>
    client.pushMany(requests(ids, { wait: apiWaits[wait], idempotencyKey }), signalOf(options));
  await askAgain(outcomes, { open, ask, tries: Number.POSITIVE_INFINITY, signal });
  return outcomes.entries();
}

/** The answers to commands that go on are waited for so long once the signal has fired: without their ids nobody can follow them. */
const lateAnswersMs = 2_000;

/** Fires so long after another signal, unless it is disposed before. */
class LateSignal implements Disposable {
  readonly #controller = new AbortController();
  readonly #over = new AbortController();

  constructor(signal: AbortSignal | undefined, afterMs: number) {
    const fireLater = () => void pause(afterMs, this.#over.signal).then(() => this.#controller.abort());
    if (signal?.aborted) fireLater();
    else signal?.addEventListener('abort', fireLater, { once: true, signal: this.#over.signal });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }
}

const retryMs = 500;
const acceptTries = 10;

interface Round {
  /** Devices of which something is still to be known. */
  open: () => string[];
  ask: (ids: readonly string[]) => AsyncIterable<PushAnswer>;
  tries: number;
  signal: AbortSignal | undefined;
}

/** Asks again where the balancer is away for a moment. Once the signal fires, what is known stays as it is. */
async function askAgain(outcomes: DeviceOutcomes, { open, ask, tries, signal }: Round): Promise<void> {
  for (let left = tries; open().length > 0 && !signal?.aborted; left -= 1) {
    try {
      await outcomes.enter(ask(open()), left > 1 ? isLasting : undefined);
    } catch (error) {
      if (signal?.aborted) return;
      if (left <= 1 || outcomes.isEmpty || !isPassing(error)) throw error;
    }
    if (open().length > 0) await pause(retryMs, signal);
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof PushfleetError && error.retry !== 'never';
}

/** Whether a fault is the command's and not the device's: then the commands of all have it, and none is accepted. */
function isOfAll({ error }: PushAnswer): boolean {
  return error?.code === 'INVALID_ARGUMENT' && error.field !== undefined && error.field !== 'device_id';
}

function isLasting({ error }: PushAnswer): boolean {
  return error === undefined || error.retry === 'never';
}

function signalOf({ signal }: PushToDevicesOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** The last known outcome of each device. */
class DeviceOutcomes {
  readonly #deviceIds: readonly string[];
  readonly #entries = new Map<string, PushEntry>();
  readonly #counts: OutcomeCounts = {};
  readonly #onProgress: PushToDevicesOptions['onProgress'];

  constructor(deviceIds: readonly string[], { onProgress }: PushToDevicesOptions) {
    this.#deviceIds = deviceIds;
    this.#onProgress = onProgress;
  }

  async enter(answers: AsyncIterable<PushAnswer>, counts: (answer: PushAnswer) => boolean = () => true): Promise<void> {
    for await (const answer of answers) {
      if (isOfAll(answer)) throw answer.error;
      if (!counts(answer)) continue;
      const entry = toEntry(answer);
      const before = this.#entries.get(entry.id)?.outcome;
      if (before) addCount(this.#counts, before, -1);
      addCount(this.#counts, entry.outcome, 1);
      this.#entries.set(entry.id, entry);
      this.#onProgress?.(this.#counts);
    }
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  missing(): string[] {
    return this.#deviceIds.filter((id) => !this.#entries.has(id));
  }

  entries(): PushEntry[] {
    return this.#deviceIds.flatMap((id) => this.#entries.get(id) ?? []);
  }

  unsettled(wait: WaitName): string[] {
    return this.entries()
      .filter(({ outcome }) => !isSettled(outcome, wait))
      .map(({ id }) => id);
  }
}

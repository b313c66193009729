import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AdminClient, type PushAnswer, PushfleetError } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { addCount, type OutcomeCounts } from './counts.ts';
import { type PushEntry, toEntry } from './push-entry.ts';
import { apiWaits, isSettled, type WaitName } from './wait.ts';

export interface PushPlan {
  /** Without the device: what each of them gets. */
  push: Omit<admin.PushRequestInit, 'deviceId' | 'wait'>;
  wait: WaitName;
}

/** The part of an AdminClient that this needs. */
export type Pusher = Pick<AdminClient, 'pushMany'>;

export interface FollowOptions {
  /** Called after each answer with how many devices stand at each outcome. */
  onProgress?: (counts: OutcomeCounts) => void;
  signal?: AbortSignal;
}

/** Pushes to devices by name; the answer is in the order of `deviceIds`. */
export async function pushToDevices(
  client: Pusher,
  deviceIds: readonly string[],
  { push, wait }: PushPlan,
  options: FollowOptions = {},
): Promise<PushEntry[]> {
  const book = new PushBook(deviceIds, options);
  const requests = (ids: readonly string[], given: Partial<admin.PushRequestInit>) =>
    ids.map((deviceId) => ({ ...push, ...given, deviceId }));
  if (!push.ttlMs) {
    await book.enter(client.pushMany(requests(deviceIds, { wait: apiWaits[wait] }), signalOf(options)));
    return book.entries();
  }
  // First all are accepted, so that their ids are known whatever comes; then, with the same key, each is waited for.
  const idempotencyKey = push.idempotencyKey || randomUUID();
  await book.enter(client.pushMany(requests(deviceIds, { wait: 'WAIT_ACCEPTED', idempotencyKey }), signalOf(options)));
  const waitFor = (ids: readonly string[]) =>
    client.pushMany(requests(ids, { wait: apiWaits[wait], idempotencyKey }), signalOf(options));
  await waitForAll(book, wait, waitFor, options.signal);
  return book.entries();
}

const retryMs = 500;

/** Asks again where the balancer is away for a moment. Once the signal fires, what is known stays as it is. */
async function waitForAll(
  book: PushBook,
  wait: WaitName,
  ask: (ids: readonly string[]) => AsyncIterable<PushAnswer>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const unsettled = book.unsettled(wait);
    if (unsettled.length === 0 || signal?.aborted) return;
    try {
      await book.enter(ask(unsettled), isLasting);
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof PushfleetError) || error.retry === 'never') throw error;
    }
    if (book.unsettled(wait).length > 0)
      await sleep(retryMs, undefined, signal ? { signal } : {}).catch(() => undefined);
  }
}

function isLasting({ error }: PushAnswer): boolean {
  return error === undefined || error.retry === 'never';
}

function signalOf({ signal }: FollowOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

/** What is known of each device. */
class PushBook {
  readonly #deviceIds: readonly string[];
  readonly #entries = new Map<string, PushEntry>();
  readonly #counts: OutcomeCounts = {};
  readonly #onProgress: FollowOptions['onProgress'];

  constructor(deviceIds: readonly string[], { onProgress }: FollowOptions) {
    this.#deviceIds = deviceIds;
    this.#onProgress = onProgress;
  }

  async enter(answers: AsyncIterable<PushAnswer>, counts: (answer: PushAnswer) => boolean = () => true): Promise<void> {
    for await (const answer of answers) {
      if (!counts(answer)) continue;
      const entry = toEntry(answer);
      const before = this.#entries.get(entry.id)?.outcome;
      if (before) addCount(this.#counts, before, -1);
      addCount(this.#counts, entry.outcome, 1);
      this.#entries.set(entry.id, entry);
      this.#onProgress?.(this.#counts);
    }
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

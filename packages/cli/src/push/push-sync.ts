import { type AdminClient, type OutcomeName, outcomeName, type PushAnswer } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';

/** What `--wait` may say, and what it means to the API. */
export const waits = {
  accepted: 'WAIT_ACCEPTED',
  delivered: 'WAIT_DELIVERED',
  finished: 'WAIT_FINISHED',
} as const satisfies Record<string, admin.Wait>;
export type WaitName = keyof typeof waits;

/** What became of the push to one device. NOT_ACCEPTED: the balancer refused it, and nothing was sent. */
export interface PushEntry {
  id: string;
  outcome: OutcomeName | 'NOT_ACCEPTED';
  /** In words; empty where the outcome says it all. */
  reason: string;
}

export interface SyncOptions {
  wait: WaitName;
  /** Called after each answer with how many have come. */
  onProgress?: (answered: number) => void;
  signal?: AbortSignal;
}

/** Forces the synchronization of devices; the answer is in the order of `deviceIds`. */
export async function pushSync(
  client: AdminClient,
  deviceIds: readonly string[],
  { wait, onProgress, signal }: SyncOptions,
): Promise<PushEntry[]> {
  const requests = deviceIds.map((deviceId) => ({
    deviceId,
    operation: { forceSync: { reason: 'pushfleet push sync' } },
    wait: waits[wait],
  }));
  const entries = new Map<string, PushEntry>();
  for await (const answer of client.pushMany(requests, signal ? { signal } : {})) {
    const entry = toEntry(answer);
    entries.set(entry.id, entry);
    onProgress?.(entries.size);
  }
  return deviceIds.flatMap((id) => entries.get(id) ?? []);
}

function toEntry({ request, response, error }: PushAnswer): PushEntry {
  const id = request.deviceId ?? '';
  if (error) return { id, outcome: 'NOT_ACCEPTED', reason: error.message };
  const status = response.status;
  return { id, outcome: outcomeName(status?.outcome ?? 'OUTCOME_UNSPECIFIED'), reason: status?.reason ?? '' };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '@pushfleet/admin-sdk';
import { inParallel } from '../cluster/in-parallel.ts';
import type { Ledger } from './ledger.ts';

export interface DurableLoadOptions {
  /** Of each balancer. */
  admins: readonly AdminClient[];
  deviceIds: readonly string[];
  commands: number;
  perSecond: number;
  ledger: Ledger;
}

const concurrency = 64;
const retryMs = 100;

/**
 * Has so many durable commands accepted, spread over the devices. What is refused, or was cut off, is asked again with
 * the same idempotency key, at the next balancer, until it is accepted. Answers how often that was necessary.
 */
export async function pushDurably(options: DurableLoadOptions): Promise<{ retries: number }> {
  const { admins, deviceIds, commands, perSecond, ledger } = options;
  const begun = performance.now();
  let retries = 0;
  await inParallel(concurrency, [...Array(commands).keys()], async (index) => {
    await sleep(Math.max(0, begun + (index / perSecond) * 1_000 - performance.now()));
    const deviceId = deviceIds[index % deviceIds.length] as string;
    for (let attempt = 0; ; attempt += 1) {
      const admin = admins[(index + attempt) % admins.length] as AdminClient;
      try {
        const { commandId } = await admin.push(
          {
            deviceId,
            operation: { custom: { name: 'chaos', payload: Buffer.from(String(index)) } },
            ttlMs: 600_000,
            wait: 'WAIT_ACCEPTED',
            idempotencyKey: `chaos-${index}`,
          },
          { signal: AbortSignal.timeout(10_000) },
        );
        return ledger.accept({ commandId, deviceId });
      } catch {
        retries += 1;
        await sleep(retryMs);
      }
    }
  });
  return { retries };
}

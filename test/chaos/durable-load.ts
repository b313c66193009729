import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '@pushfleet/admin-sdk';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { inParallel } from '../cluster/in-parallel.ts';
import { type CommandAudit, countBy } from './command-audit.ts';

export interface DurableLoadOptions {
  /** A client for each balancer. */
  admins: readonly AdminClient[];
  deviceIds: readonly string[];
  commands: number;
  perSecond: number;
  audit: CommandAudit;
}

const concurrency = 64;
const retryMs = 100;
const patience = { ttlMs: 600_000, finishWithinMs: 900_000 };
/** May be over before a device is back. */
const impatience = { ttlMs: 400, finishWithinMs: 30_000 };

/** One in twenty commands is impatient, another one is withdrawn. */
const isImpatient = (index: number) => index % 20 === 7;
const isWithdrawn = (index: number) => index % 20 === 13;

/**
 * Has so many durable commands accepted, spread over the devices. What is refused, or was cut off, is asked again with
 * the same idempotency key, at the next balancer, until it is accepted. Answers how often that was necessary, by the code of
 * the error.
 */
export async function pushDurably(options: DurableLoadOptions): Promise<Record<string, number>> {
  const { admins, deviceIds, commands, perSecond, audit } = options;
  const begun = performance.now();
  const retries: string[] = [];
  /** Through one balancer after the other, until one answers. */
  async function insist<Answer>(index: number, ask: (admin: AdminClient, signal: AbortSignal) => Promise<Answer>) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await ask(admins[(index + attempt) % admins.length] as AdminClient, AbortSignal.timeout(10_000));
      } catch (error) {
        retries.push(error instanceof PushfleetError ? error.code : 'no answer in time');
        await sleep(retryMs);
      }
    }
  }
  await inParallel(concurrency, [...Array(commands).keys()], async (index) => {
    await sleep(Math.max(0, begun + (index / perSecond) * 1_000 - performance.now()));
    const request = requestOf(index, deviceIds[index % deviceIds.length] as string);
    const { commandId } = await insist(index, (client, signal) => client.commands.push(request, { signal }));
    audit.accept({ commandId, deviceId: request.deviceId });
    if (!isWithdrawn(index)) return;
    const { status } = await insist(index, (client, signal) => {
      return client.commands.cancel({ deviceId: request.deviceId, commandId, reason: 'chaos' }, { signal });
    });
    if (status?.outcome === 'OUTCOME_CANCELLED') audit.withdraw(commandId, status.cancelRequested);
  });
  return countBy(retries, (code) => code);
}

function requestOf(index: number, deviceId: string): admin.PushRequestInit & { deviceId: string } {
  return {
    deviceId,
    operation: { custom: { name: 'chaos', payload: Buffer.from(String(index)) } },
    ...(isImpatient(index) ? impatience : patience),
    wait: 'WAIT_ACCEPTED',
    idempotencyKey: `chaos-${index}`,
  };
}

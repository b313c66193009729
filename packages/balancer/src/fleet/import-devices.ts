import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type admin, PushfleetError, toErrorReason } from '@pushfleet/protocol';
import type { Device, Fleet, VoidedTickets } from '@pushfleet/registry';
import type { TicketVoider } from '../commands/workers/ticket-voider.ts';
import { ImportRows, listedErrors } from './import-rows.ts';
import type { Rehoming } from './rehoming.ts';

/** Rows per write: few enough that other callers of a registry in a file do not wait long. */
const batchRows = 256;

/**
 * Checks every row, then writes all of them, or none. Rows are read only as fast as they are checked, and what they
 * take up is bounded; see ImportRows.
 *
 * Once writing has begun it goes on to the end, whether or not the caller is still there. Where the registry fails
 * midway, the answer tells how many rows are in. At the end every device is looked up: one that the registry has not kept
 * is an error of its row. Many links that end by other secrets end at a pace.
 * @throws PushfleetError where no row was written
 */
export async function importDevices(
  requests: AsyncIterable<admin.ImportDevicesRequest>,
  fleet: Fleet,
  rehoming: Pick<Rehoming, 'of'>,
  voider: Pick<TicketVoider, 'prepare' | 'announcePaced' | 'onFailed'>,
): Promise<admin.ImportDevicesResponseInit> {
  const rows = new ImportRows(fleet);
  for await (const request of requests) await rows.add(request);
  const { devices, errors, errorCount } = await rows.finish();
  if (errorCount > 0) return { imported: 0, errors, errorCount };
  return writeAll(devices, fleet, rehoming, voider);
}

async function writeAll(
  devices: readonly Device[],
  fleet: Fleet,
  rehoming: Pick<Rehoming, 'of'>,
  voider: Pick<TicketVoider, 'prepare' | 'announcePaced' | 'onFailed'>,
): Promise<admin.ImportDevicesResponseInit> {
  let imported = 0;
  try {
    for (; imported < devices.length; imported += batchRows) {
      const batch = devices.slice(imported, imported + batchRows);
      await writeBatch(batch, fleet, voider);
      await rehoming.of(batch);
      // A registry in a file is written without a pause by itself.
      await yieldToOthers();
    }
    return await lookThrough(devices, fleet);
  } catch (error) {
    if (imported === 0 || !(error instanceof PushfleetError)) throw error;
    const { code, message } = error;
    const written = Math.min(imported, devices.length);
    return {
      imported: written,
      errors: [{ row: written, reason: toErrorReason(code), message }],
      errorCount: devices.length - written,
    };
  }
}

async function writeBatch(
  batch: readonly Device[],
  fleet: Fleet,
  voider: Pick<TicketVoider, 'prepare' | 'announcePaced' | 'onFailed'>,
): Promise<void> {
  const voided: VoidedTickets[] = [];
  voider.prepare(batch.map(({ id }) => id));
  try {
    await fleet.putDevices(batch, (some) => void voided.push(...some));
  } catch (error) {
    const known = new Set(voided.map(({ device }) => device));
    const rest = batch.map(({ id }) => id).filter((id) => !known.has(id));
    voider.onFailed(rest, error);
    throw error;
  } finally {
    // Rows that were written count, also where the rest failed.
    await voider.announcePaced(voided);
  }
}

/** A registry that is short of memory may take every row and drop what it likes. */
async function lookThrough(devices: readonly Device[], fleet: Fleet): Promise<admin.ImportDevicesResponseInit> {
  const errors: admin.RowErrorInit[] = [];
  let missing = 0;
  for (let first = 0; first < devices.length; first += batchRows) {
    const batch = devices.slice(first, first + batchRows);
    const kept = await fleet.getDevices(batch.map(({ id }) => id));
    for (const [index, { id }] of batch.entries()) {
      if (kept.has(id)) continue;
      missing += 1;
      const message = `the registry has not kept device "${id}"; see its maxmemory and maxmemory-policy`;
      if (errors.length < listedErrors)
        errors.push({ row: first + index, reason: 'ERROR_REASON_REGISTRY_UNAVAILABLE', message });
    }
    await yieldToOthers();
  }
  return { imported: devices.length - missing, errors, errorCount: missing };
}

import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import type { Device, Fleet } from '@pushfleet/registry';
import { ImportRows } from './import-rows.ts';
import type { Rehoming } from './rehoming.ts';

/** Rows per write: few enough that other callers of a registry in a file do not wait long. */
const batchRows = 256;

/**
 * Checks every row, then writes all of them, or none. Rows are read only as fast as they are checked, and what they
 * take up is bounded; see ImportRows.
 *
 * Once writing has begun it goes on to the end, whether or not the caller is still there. Where the registry fails
 * midway, the answer tells how many rows are in.
 * @throws PushfleetError where no row was written
 */
export async function importDevices(
  requests: AsyncIterable<admin.ImportDevicesRequest>,
  fleet: Fleet,
  rehoming: Pick<Rehoming, 'of'>,
): Promise<admin.ImportDevicesResponseInit> {
  const rows = new ImportRows(fleet);
  for await (const request of requests) await rows.add(request);
  const { devices, errors, errorCount } = await rows.finish();
  if (errorCount > 0) return { imported: 0, errors, errorCount };
  return writeAll(devices, fleet, rehoming);
}

async function writeAll(
  devices: readonly Device[],
  fleet: Fleet,
  rehoming: Pick<Rehoming, 'of'>,
): Promise<admin.ImportDevicesResponseInit> {
  for (let imported = 0; imported < devices.length; imported += batchRows) {
    const batch = devices.slice(imported, imported + batchRows);
    try {
      await fleet.putDevices(batch);
      await rehoming.of(batch);
    } catch (error) {
      if (imported === 0 || !(error instanceof PushfleetError)) throw error;
      const { code, message } = error;
      return { imported, errors: [{ row: imported, code, message }], errorCount: devices.length - imported };
    }
    // A registry in a file is written without a pause by itself.
    await yieldToOthers();
  }
  return { imported: devices.length };
}

import { invalidArgument, parsePeriod } from '@pushfleet/protocol';
import type { MaintenanceRequest } from '@pushfleet/registry';

const defaultRate = 200;
const greatestRate = 10_000;
const deadline = { mostMs: 86_400_000, fallbackMs: 300_000 };

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseOrder(
  kind: MaintenanceRequest['kind'],
  { devicesPerSecond, deadlineMs }: { devicesPerSecond: number; deadlineMs: number },
): MaintenanceRequest {
  if (devicesPerSecond > greatestRate) {
    throw invalidArgument('devices_per_second', `1 to ${greatestRate}, or 0 for ${defaultRate}`);
  }
  return {
    kind,
    ratePerSecond: devicesPerSecond || defaultRate,
    deadlineMs: parsePeriod(deadlineMs, 'deadline', deadline),
  };
}

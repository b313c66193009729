import type { Service } from '@pushfleet/runtime';
import { timeoutSignal } from '@pushfleet/runtime';
import type { SimulatedProcess } from '../world/process.ts';

/**
 * The life of a process with one service, as `runService` has it: starts it, drains it when `stop` fires or it fails, and ends the process.
 * Code of the process; never rejects.
 */
export async function liveAs(
  process: SimulatedProcess,
  create: () => Promise<Service> | Service,
  stop: AbortSignal,
  graceMs: number,
): Promise<void> {
  let service: Service | undefined;
  try {
    service = await create();
    await service.start(stop);
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([stopped, ...(service.failed ? [service.failed] : [])]);
    await service.drain(timeoutSignal(process.clock, graceMs));
  } catch (error) {
    if (!stop.aborted) process.world.record(process.name, `ends: ${error instanceof Error ? error.message : error}`);
  }
  await service?.[Symbol.asyncDispose]().then(undefined, () => {});
  process.end();
}

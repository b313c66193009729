import { logStalls } from '../attended-clock.ts';
import type { Barrier } from '../barrier.ts';
import type { Logger } from '../logger.ts';
import type { LoopMonitor } from '../loop-monitor.ts';
import { meter } from './meter.ts';
import { metrics } from './metric-table.ts';

/** Meters what every process has: its event loop, processor time and memory. */
export function meterProcess(load: LoopMonitor): Disposable {
  return meter.onRead(() => {
    const { user, system } = process.cpuUsage();
    meter.set(metrics.processCpu, '', (user + system) / 1e6);
    meter.set(metrics.residentMemory, '', process.memoryUsage.rss());
    meter.set(metrics.eventLoopUtilization, '', load.utilization);
    meter.set(metrics.eventLoopLag, '', load.lagMs / 1_000);
  });
}

/** A listener for `onStall` that logs and counts each stall. */
export function meterStalls(logger: Logger): (stalledMs: number) => void {
  const log = logStalls(logger);
  return (stalledMs) => {
    meter.count(metrics.stalled, '', stalledMs / 1_000);
    log(stalledMs);
  };
}

export function meterFaults(barrier: Barrier): Disposable {
  return meter.onRead(() => {
    meter.set(
      metrics.faults,
      '',
      barrier.faults.values().reduce((sum, count) => sum + count, 0),
    );
  });
}

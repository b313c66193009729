import { type CommandId, isDurable } from '@pushfleet/protocol';
import type { Report } from '../session/session.ts';

/** As long as a balancer waits for a result after a link was lost. */
const keptMs = 15_000;
const maxReports = 4_096;
const maxBytes = 8_388_608;

interface Kept {
  report: Report;
  bytes: number;
  atMs: number;
}

/**
 * What was told to every balancer, and may be news to one that comes later: a device whose worker died is often back
 * before the balancers are. Of durable commands nothing is kept: who waits for them asks the registry. Bounded: the
 * oldest goes.
 */
export class RecentReports {
  #kept: Kept[] = [];
  #bytes = 0;

  add(report: Report, bytes: number, nowMs: number): void {
    if (report.report !== 'result' || isDurable(report.commandId as CommandId)) return;
    this.#kept.push({ report, bytes, atMs: nowMs });
    this.#bytes += bytes;
    this.#dropOld(nowMs);
  }

  /** In the order in which they were told. */
  list(nowMs: number): Report[] {
    this.#dropOld(nowMs);
    return this.#kept.map(({ report }) => report);
  }

  #dropOld(nowMs: number): void {
    let dropped = 0;
    for (const { bytes, atMs } of this.#kept) {
      const isTooMuch = this.#kept.length - dropped > maxReports || this.#bytes > maxBytes;
      if (!isTooMuch && nowMs - atMs < keptMs) break;
      this.#bytes -= bytes;
      dropped += 1;
    }
    if (dropped > 0) this.#kept = this.#kept.slice(dropped);
  }
}

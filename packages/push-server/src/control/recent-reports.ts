import { type CommandId, isDurable } from '@pushfleet/protocol';
import type { Report } from '../session/session.ts';

/** Time for which a balancer waits for a result after a link was lost. */
const keptMs = 15_000;
const maxReports = 4_096;
const maxBytes = 8_388_608;
/** The part of the kept reports that one device may fill: it may invent results as it likes. */
const deviceShare = 1 / 4;

interface Kept {
  report: Report;
  bytes: number;
  atMs: number;
}

/**
 * The results that were lately reported to every balancer, for balancers that open a channel later: a device whose worker died is
 * often back before the balancers are. Results of durable commands are not kept: who waits for them asks the registry. Bounded,
 * also for each device: the oldest is dropped.
 */
export class RecentReports {
  #kept: Kept[] = [];
  #bytes = 0;
  readonly #shares = new Map<string, { reports: number; bytes: number }>();

  add(report: Report, bytes: number, nowMs: number): void {
    if (report.report !== 'result' || isDurable(report.commandId as CommandId)) return;
    this.#kept.push({ report, bytes, atMs: nowMs });
    this.#count(report.deviceId, 1, bytes);
    this.#dropOld(nowMs);
    while (this.#hasTooMuch(report.deviceId)) this.#dropOldestOf(report.deviceId);
  }

  /** In the order in which they were reported. */
  list(nowMs: number): Report[] {
    this.#dropOld(nowMs);
    return this.#kept.map(({ report }) => report);
  }

  #dropOld(nowMs: number): void {
    let dropped = 0;
    for (const { report, bytes, atMs } of this.#kept) {
      const isTooMuch = this.#kept.length - dropped > maxReports || this.#bytes > maxBytes;
      if (!isTooMuch && nowMs - atMs < keptMs) break;
      this.#count(report.deviceId, -1, -bytes);
      dropped += 1;
    }
    if (dropped > 0) this.#kept = this.#kept.slice(dropped);
  }

  #hasTooMuch(device: string): boolean {
    const { reports = 0, bytes = 0 } = this.#shares.get(device) ?? {};
    return reports > 1 && (reports > deviceShare * maxReports || bytes > deviceShare * maxBytes);
  }

  #dropOldestOf(device: string): void {
    const [dropped] = this.#kept.splice(
      this.#kept.findIndex(({ report }) => report.deviceId === device),
      1,
    );
    if (dropped) this.#count(device, -1, -dropped.bytes);
  }

  #count(device: string, reports: number, bytes: number): void {
    this.#bytes += bytes;
    const share = this.#shares.get(device) ?? { reports: 0, bytes: 0 };
    if (share.reports + reports === 0) this.#shares.delete(device);
    else this.#shares.set(device, { reports: share.reports + reports, bytes: share.bytes + bytes });
  }
}

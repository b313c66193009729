import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '@pushfleet/admin-sdk';
import type { common } from '@pushfleet/protocol';
import type { TestDevice } from './test-devices.ts';

export interface PushRecord {
  deviceId: string;
  commandId: string;
  outcome: common.Outcome;
  reason: string;
}

/** Pushes to each of the devices, one command after the other, until told to stop; keeps a record of every outcome. */
export class PushLoad {
  readonly records: PushRecord[] = [];
  /** Pushes that ended with an error, and not with an outcome: of these nobody says anything. */
  errors = 0;
  readonly #devices: readonly TestDevice[];
  readonly #running: Promise<unknown>;
  readonly #pauseMs: number;
  #stopped = false;

  /**
   * @param admins Where there are several, a push that ends with an error is followed by one through the next.
   * @param pauseMs Between the end of one push to a device and the next one.
   */
  constructor(admins: AdminClient | readonly AdminClient[], devices: readonly TestDevice[], pauseMs = 0) {
    this.#devices = devices;
    this.#pauseMs = pauseMs;
    const through = Array.isArray(admins) ? admins : [admins];
    this.#running = Promise.all(devices.map(({ id }) => this.#pushTo(through, id)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  succeededSince(from: number): Set<string> {
    const succeeded = this.records.slice(from).filter(({ outcome }) => outcome === 'OUTCOME_SUCCEEDED');
    return new Set(succeeded.map(({ deviceId }) => deviceId));
  }

  countByOutcome(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { outcome } of this.records) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  }

  /** Outcomes that say other than what the devices themselves saw. */
  lies(): PushRecord[] {
    const seen = new Set(this.#devices.flatMap((device) => device.seen.map(({ id }) => id as string)));
    return this.records.filter(({ commandId, outcome }) =>
      seen.has(commandId) ? saysUnseen.includes(outcome) : saysSeen.includes(outcome),
    );
  }

  async #pushTo(admins: readonly AdminClient[], deviceId: string): Promise<void> {
    for (let attempt = 0; !this.#stopped; ) {
      const admin = admins[attempt % admins.length] as AdminClient;
      try {
        const { commandId, status } = await admin.commands.push({
          deviceId,
          operation: { forceSync: {} },
          finishWithinMs: 20_000,
        });
        const { outcome = 'OUTCOME_UNSPECIFIED', reason = '' } = status ?? {};
        this.records.push({ deviceId, commandId, outcome, reason });
      } catch (error) {
        if (admins.length === 1) throw error;
        this.errors += 1;
        attempt += 1;
        await sleep(errorPauseMs);
      }
      if (this.#pauseMs > 0) await sleep(this.#pauseMs * (0.5 + Math.random()));
    }
  }
}

const errorPauseMs = 100;
const saysSeen: common.Outcome[] = ['OUTCOME_DELIVERED', 'OUTCOME_RUNNING', 'OUTCOME_SUCCEEDED', 'OUTCOME_FAILED'];
const saysUnseen: common.Outcome[] = ['OUTCOME_NOT_CONNECTED', 'OUTCOME_EXPIRED', 'OUTCOME_REJECTED'];

import type { MaintenancePhase, MaintenanceRecord, PushServerRegistry } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { type MaintenanceStep, planMaintenance } from './maintenance-plan.ts';

/** The push server, as far as a maintenance uses it. */
export interface MaintainedServer {
  readonly evacuating: 'switch-off' | 'maintenance' | undefined;
  readonly live: number;
  readonly redirected: number;
  evacuate(why: 'maintenance', ratePerSecond: number): Promise<void>;
  cancelEvacuation(): void;
  closeLinks(): void;
  replaceWorkers(): Promise<void>;
}

/** Carries out the drain or restart that is requested for this push server, a step at a time, and stores its progress. */
export class MaintenanceRunner {
  readonly #maintenance: PushServerRegistry['maintenance'];
  readonly #server: MaintainedServer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** The maintenance as this process found it; the clock of its request is another machine's. */
  #takenUp = { id: '', atMs: 0, moved: 0, redirected: 0 };

  constructor(maintenance: PushServerRegistry['maintenance'], server: MaintainedServer, clock: Clock, logger: Logger) {
    this.#maintenance = maintenance;
    this.#server = server;
    this.#clock = clock;
    this.#logger = logger;
  }

  async step(record: MaintenanceRecord | undefined): Promise<void> {
    if (record && record.id !== this.#takenUp.id) {
      const { id, moved } = record;
      this.#takenUp = { id, atMs: this.#clock.now(), moved, redirected: this.#server.redirected };
    }
    const step = planMaintenance(record, {
      evacuating: this.#server.evacuating === 'maintenance',
      live: this.#server.live,
      overdue: record !== undefined && this.#clock.now() - this.#takenUp.atMs >= record.deadlineMs,
    });
    if (step) await this.#perform(step, record);
  }

  async #perform(step: MaintenanceStep, record: MaintenanceRecord | undefined): Promise<void> {
    const server = this.#server;
    switch (step.kind) {
      case 'evacuate':
        await server.evacuate('maintenance', record?.ratePerSecond ?? 0);
        return this.#advance(record, step.phase);
      case 'close-links':
        server.closeLinks();
        return this.#advance(record, step.phase);
      case 'replace-workers':
        await server.replaceWorkers();
        server.cancelEvacuation();
        return this.#advance(record, 'done');
      case 'resume':
        server.cancelEvacuation();
        return step.phase && this.#advance(record, step.phase);
      case 'report':
        return this.#advance(record, step.phase);
      default:
        return step satisfies never;
    }
  }

  async #advance(record: MaintenanceRecord | undefined, phase: MaintenancePhase): Promise<void> {
    if (!record) return;
    if (phase !== record.phase) {
      this.#logger.info({ maintenance: record.kind, phase, remaining: this.#server.live }, 'maintenance goes on');
    }
    const moved = this.#takenUp.moved + this.#server.redirected - this.#takenUp.redirected;
    const ended = phase === 'done' && record.endedAtMs === undefined ? { endedAtMs: this.#clock.wallMs() } : {};
    // `false`: it was cancelled or replaced meanwhile. What is stored now says at the next step what is to be undone.
    await this.#maintenance.advance({ ...record, ...ended, phase, moved, remaining: this.#server.live });
  }
}

import type { Maintenance, MaintenancePhase, MaintenanceRecord } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { type MaintenanceStep, planMaintenance } from './maintenance-plan.ts';

/** What a maintenance does with a push server. */
export interface MaintainedServer {
  readonly emptying: 'switch-off' | 'maintenance' | undefined;
  readonly live: number;
  readonly told: number;
  empty(why: 'maintenance', ratePerSecond: number): Promise<void>;
  stay(): void;
  closeLinks(): void;
  replaceWorkers(): Promise<void>;
}

/** Carries out what was ordered for this push server, a step at a time, and writes down how far it is. */
export class MaintenanceRunner {
  readonly #maintenance: Maintenance;
  readonly #server: MaintainedServer;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** Counted from when this process took it up: the clock that it was ordered by is another machine's. */
  #takenUp = { id: '', atMs: 0, moved: 0, told: 0 };

  constructor(maintenance: Maintenance, server: MaintainedServer, clock: Clock, logger: Logger) {
    this.#maintenance = maintenance;
    this.#server = server;
    this.#clock = clock;
    this.#logger = logger;
  }

  async step(record: MaintenanceRecord | undefined): Promise<void> {
    if (record && record.id !== this.#takenUp.id) {
      const { id, moved } = record;
      this.#takenUp = { id, atMs: this.#clock.now(), moved, told: this.#server.told };
    }
    const step = planMaintenance(record, {
      emptying: this.#server.emptying === 'maintenance',
      live: this.#server.live,
      overdue: record !== undefined && this.#clock.now() - this.#takenUp.atMs >= record.deadlineMs,
    });
    if (step) await this.#perform(step, record);
  }

  async #perform(step: MaintenanceStep, record: MaintenanceRecord | undefined): Promise<void> {
    const server = this.#server;
    switch (step.kind) {
      case 'empty':
        await server.empty('maintenance', record?.ratePerSecond ?? 0);
        return this.#advance(record, step.phase);
      case 'close-rest':
        server.closeLinks();
        return this.#advance(record, step.phase);
      case 'replace-workers':
        await server.replaceWorkers();
        server.stay();
        return this.#advance(record, 'done');
      case 'resume':
        server.stay();
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
    const moved = this.#takenUp.moved + this.#server.told - this.#takenUp.told;
    const ended = phase === 'done' && record.endedAtMs === undefined ? { endedAtMs: this.#clock.wallMs() } : {};
    // `false`: it was cancelled or replaced meanwhile. What is stored now says at the next step what is to be undone.
    await this.#maintenance.advance({ ...record, ...ended, phase, moved, remaining: this.#server.live });
  }
}

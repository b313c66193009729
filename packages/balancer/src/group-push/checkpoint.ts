import { type DeviceId, hasEnded } from '@pushfleet/protocol';
import type { DeviceOutcome, GroupPushes, GroupPushRecord, GroupPushView } from '@pushfleet/registry';
import type { Clock, Lease, Logger } from '@pushfleet/runtime';

/** Outcomes of commands that have ended are written this late at most, or when so many wait. */
const writeEveryMs = 200;
const maxOutcomes = 1_000;
/**
 * The interval at which outcomes of commands that have not ended are looked at: those that were there the last time are written. Most have
 * ended by then, and a device is written twice, not three times.
 */
const lookAtLiveMs = 1_000;
const retryMs = 250;

export interface CheckpointWriterOptions {
  groupPushes: Pick<GroupPushes, 'advance' | 'get'>;
  lease: Pick<Lease, 'token' | 'lost' | 'end'>;
  clock: Clock;
  logger: Logger;
  /** Called after every write and read. */
  onView: () => void;
}

/**
 * Writes to the registry how a group push goes, one checkpoint at a time, for as long as the lease is held. While the registry does
 * not answer it tries again. What waits is bounded by the commands in flight: of each device only the last outcome is kept.
 */
export class CheckpointWriter {
  readonly #options: CheckpointWriterOptions;
  /** New commands, which may only be sent once they are written; and who waits for that. */
  #batch: DeviceOutcome[] = [];
  #onBatchWritten: (() => void) | undefined;
  /** To be written. */
  readonly #outcomes = new Map<DeviceId, DeviceOutcome>();
  /** Outcomes of commands that have not ended: those that came since the last look, and those from before. */
  #newLive = new Map<DeviceId, DeviceOutcome>();
  #oldLive = new Map<DeviceId, DeviceOutcome>();
  #record: GroupPushRecord;
  #view: GroupPushView;
  /** To be done now: write the record and the batch, the outcomes as well, or read. */
  #isDue = false;
  #areOutcomesDue = false;
  #isStale = false;
  #timer: Disposable | undefined;
  #liveTimer: Disposable | undefined;
  #isWorking = false;
  #worked: Promise<void> = Promise.resolve();

  constructor(view: GroupPushView, options: CheckpointWriterOptions) {
    const { counts: _, desiredState: __, ...record } = view;
    this.#options = options;
    this.#record = record;
    this.#view = view;
  }

  /** The record as it will be written. */
  get record(): Readonly<GroupPushRecord> {
    return this.#record;
  }

  /** The group push as the registry had it last. */
  get view(): GroupPushView {
    return this.#view;
  }

  change(change: Partial<GroupPushRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#due();
  }

  collect(outcome: DeviceOutcome): void {
    if (!hasEnded(outcome.outcome)) return this.#collectLive(outcome);
    const { device } = outcome;
    if (!this.#newLive.delete(device)) this.#oldLive.delete(device);
    this.#outcomes.set(device, outcome);
    if (this.#outcomes.size >= maxOutcomes) this.#outcomesDue();
    else this.#timer ??= this.#options.clock.after(writeEveryMs, () => this.#outcomesDue());
  }

  /**
   * Resolves with `true` once new commands, in the order of their devices' ids, and that they are handed out are written. `false`: the
   * lease was lost before.
   */
  async recordBatch(batch: DeviceOutcome[], change: Partial<GroupPushRecord>): Promise<boolean> {
    const last = batch.at(-1);
    if (!last) return true;
    await new Promise<void>((resolve) => {
      this.#batch = batch;
      this.#onBatchWritten = resolve;
      this.change({ ...change, handedOutTo: last.device });
    });
    return !this.#options.lease.lost.aborted;
  }

  /** Reads the desired state of the group push, unless something is to be written anyway. */
  refresh(): void {
    this.#isStale = true;
    this.#work();
  }

  /** Resolves once all is written; or never will be, because the lease is lost. */
  async flush(): Promise<void> {
    // Twice: then what is new is old enough.
    this.#lookAtLive();
    this.#lookAtLive();
    if (this.#outcomes.size > 0) this.#outcomesDue();
    do await this.#worked;
    while (this.#isWorking);
  }

  /** Writes the last change, not before all outcomes: nobody sees an end without them. */
  async close(change: Partial<GroupPushRecord>): Promise<void> {
    while (this.#outcomes.size > maxOutcomes && !this.#options.lease.lost.aborted) await this.flush();
    this.#areOutcomesDue = true;
    this.change(change);
    await this.flush();
  }

  #collectLive(outcome: DeviceOutcome): void {
    const { device } = outcome;
    const isToBeWritten = this.#outcomes.has(device);
    const place = isToBeWritten ? this.#outcomes : this.#oldLive.has(device) ? this.#oldLive : this.#newLive;
    place.set(device, outcome);
    if (!isToBeWritten) this.#liveTimer ??= this.#options.clock.after(lookAtLiveMs, () => this.#lookAtLive());
  }

  #lookAtLive(): void {
    this.#liveTimer?.[Symbol.dispose]();
    this.#liveTimer = undefined;
    for (const [device, outcome] of this.#oldLive) this.#outcomes.set(device, outcome);
    if (this.#oldLive.size > 0) this.#outcomesDue();
    this.#oldLive = this.#newLive;
    this.#newLive = new Map();
    if (this.#oldLive.size > 0 && !this.#options.lease.lost.aborted)
      this.#liveTimer = this.#options.clock.after(lookAtLiveMs, () => this.#lookAtLive());
  }

  #due(): void {
    this.#isDue = true;
    this.#work();
  }

  #outcomesDue(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#areOutcomesDue = true;
    this.#due();
  }

  #work(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#worked = this.#workOff();
  }

  async #workOff(): Promise<void> {
    const { lease } = this.#options;
    while ((this.#isDue || this.#isStale) && !lease.lost.aborted) {
      if (this.#isDue) await this.#write();
      else await this.#read();
    }
    // In the same turn as the last look: what comes later begins anew.
    this.#isWorking = false;
    if (lease.lost.aborted) this.#onBatchWritten?.();
  }

  async #write(): Promise<void> {
    this.#isDue = false;
    this.#isStale = false;
    const { groupPushes, lease } = this.#options;
    // Tried again, it is the same: what a later record says is handed out has to be written with it.
    const [record, batch] = [this.#record, this.#batch];
    const outcomes = [...batch, ...this.#takeDue(maxOutcomes - batch.length)];
    const written = await this.#insist(() => groupPushes.advance(record, outcomes, lease.token));
    if (written === 'lost') return;
    if (!written) return lease.end();
    this.#onView(written);
    if (batch !== this.#batch || batch.length === 0) return;
    this.#batch = [];
    this.#onBatchWritten?.();
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    const { groupPushes, lease } = this.#options;
    const view = await this.#insist(() => groupPushes.get(this.#record.id));
    if (view === 'lost') return;
    // The registry has lost its data: there is nothing left to go on with.
    if (!view) return lease.end();
    this.#onView(view);
  }

  #onView(view: GroupPushView): void {
    this.#view = view;
    this.#options.onView();
  }

  /** None before their time has come: most of them are replaced by later ones until then. */
  #takeDue(count: number): DeviceOutcome[] {
    if (!this.#areOutcomesDue) return [];
    const taken = this.#outcomes.values().take(count).toArray();
    for (const { device } of taken) this.#outcomes.delete(device);
    this.#areOutcomesDue = this.#outcomes.size > 0;
    this.#isDue = this.#areOutcomesDue;
    return taken;
  }

  /** The same again until it is answered. */
  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | 'lost'> {
    const { lease, clock, logger } = this.#options;
    for (let isFirst = true; !lease.lost.aborted; isFirst = false) {
      try {
        return await ask();
      } catch (error) {
        if (isFirst) {
          logger.warn({ err: error, groupPushId: this.#record.id }, 'a group push cannot be written; it waits');
        }
      }
      await clock.sleep(retryMs, lease.lost);
    }
    return 'lost';
  }
}

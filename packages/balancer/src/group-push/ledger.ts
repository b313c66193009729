import type { DeviceId } from '@pushfleet/protocol';
import type { DeviceOutcome, GroupPushes, GroupPushRecord, GroupPushView } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { Tenure } from './tenure.ts';

/** What has become of devices is written this late at most, or when so much of it waits. */
const writeEveryMs = 200;
const batchSize = 1_000;
const retryMs = 250;

export interface LedgerOptions {
  groupPushes: Pick<GroupPushes, 'advance' | 'get'>;
  tenure: Tenure;
  clock: Clock;
  logger: Logger;
  /** After every write and read. */
  onView: () => void;
}

/**
 * Writes how a group push goes, one write at a time, for as long as the tenure lasts. While the registry does not answer
 * it tries again. What waits is bounded by the commands under way: of each device only the last outcome is kept.
 */
export class Ledger {
  readonly #options: LedgerOptions;
  /** Of devices whose commands may only be sent once they are written. */
  #notes: DeviceOutcome[] = [];
  #noted: (() => void) | undefined;
  readonly #outcomes = new Map<DeviceId, DeviceOutcome>();
  #record: GroupPushRecord;
  #view: GroupPushView;
  /** What is to be done now: the record and notes, the outcomes as well, or to read. */
  #isDue = false;
  #areOutcomesDue = false;
  #isStale = false;
  #timer: Disposable | undefined;
  #isWorking = false;
  #worked: Promise<void> = Promise.resolve();

  constructor(view: GroupPushView, options: LedgerOptions) {
    const { counts: _, desiredState: __, ...record } = view;
    this.#options = options;
    this.#record = record;
    this.#view = view;
  }

  /** As it will be written. */
  get record(): Readonly<GroupPushRecord> {
    return this.#record;
  }

  /** As the registry had it last. */
  get view(): GroupPushView {
    return this.#view;
  }

  change(change: Partial<GroupPushRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#due();
  }

  collect(outcome: DeviceOutcome): void {
    this.#outcomes.set(outcome.device, outcome);
    if (this.#outcomes.size >= batchSize) this.#outcomesDue();
    else this.#timer ??= this.#options.clock.after(writeEveryMs, () => this.#outcomesDue());
  }

  /** Resolves once these, in the order of their ids, and that they are handed out are written. `false`: never. */
  async note(outcomes: DeviceOutcome[], change: Partial<GroupPushRecord>): Promise<boolean> {
    const last = outcomes.at(-1);
    if (!last) return true;
    await new Promise<void>((resolve) => {
      this.#notes = outcomes;
      this.#noted = resolve;
      this.change({ ...change, handedOutTo: last.device });
    });
    return !this.#options.tenure.lost.aborted;
  }

  /** Reads what is wished, unless something is to be written anyway. */
  refresh(): void {
    this.#isStale = true;
    this.#work();
  }

  /** Resolves once all is written; or never will be, because the tenure is over. */
  async flush(): Promise<void> {
    if (this.#outcomes.size > 0) this.#outcomesDue();
    do await this.#worked;
    while (this.#isWorking);
  }

  /** Writes the last change, not before all outcomes: nobody sees an end without them. */
  async close(change: Partial<GroupPushRecord>): Promise<void> {
    while (this.#outcomes.size > batchSize && !this.#options.tenure.lost.aborted) await this.flush();
    this.#areOutcomesDue = true;
    this.change(change);
    await this.flush();
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
    const { tenure } = this.#options;
    while ((this.#isDue || this.#isStale) && !tenure.lost.aborted) {
      if (this.#isDue) await this.#write();
      else await this.#read();
    }
    // In the same turn as the last look: what comes later begins anew.
    this.#isWorking = false;
    if (tenure.lost.aborted) this.#noted?.();
  }

  async #write(): Promise<void> {
    this.#isDue = false;
    this.#isStale = false;
    const { groupPushes, tenure } = this.#options;
    // Tried again, it is the same: what a later record says is handed out has to be noted with it.
    const [record, notes] = [this.#record, this.#notes];
    const batch = this.#takeDue(batchSize - notes.length);
    const written = await this.#insist(() => groupPushes.advance(record, [...notes, ...batch], tenure.token));
    if (written === 'lost') return;
    if (!written) return tenure.end();
    this.#onView(written);
    if (notes !== this.#notes || notes.length === 0) return;
    this.#notes = [];
    this.#noted?.();
  }

  async #read(): Promise<void> {
    this.#isStale = false;
    const { groupPushes, tenure } = this.#options;
    const view = await this.#insist(() => groupPushes.get(this.#record.id));
    if (view === 'lost') return;
    // The registry has lost its data: there is nothing left to go on with.
    if (!view) return tenure.end();
    this.#onView(view);
  }

  #onView(view: GroupPushView): void {
    this.#view = view;
    this.#options.onView();
  }

  /** None before their time has come: most of them are replaced by later ones until then. */
  #takeDue(count: number): DeviceOutcome[] {
    if (!this.#areOutcomesDue) return [];
    const taken: DeviceOutcome[] = [];
    for (const outcome of this.#outcomes.values()) {
      if (taken.length >= count) break;
      taken.push(outcome);
    }
    for (const { device } of taken) this.#outcomes.delete(device);
    this.#areOutcomesDue = this.#outcomes.size > 0;
    this.#isDue = this.#areOutcomesDue;
    return taken;
  }

  /** The same again until it is answered. */
  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | 'lost'> {
    const { tenure, clock, logger } = this.#options;
    for (let isFirst = true; ; isFirst = false) {
      if (tenure.lost.aborted) return 'lost';
      try {
        return await ask();
      } catch (error) {
        if (isFirst)
          logger.warn({ err: error, groupPush: this.#record.id }, 'a group push cannot be written; it waits');
      }
      await new Promise<void>((resolve) => clock.after(retryMs, resolve));
    }
  }
}

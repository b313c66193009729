import { hasEnded } from '@pushfleet/protocol';
import type { Commands, DeviceOutcome, Fleet, GroupPushView, Registry } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { CommandRef, PushDesk } from '../commands/push-desk.ts';
import { Canceller } from './canceller.ts';
import type { Courier, Report } from './courier.ts';
import { createCourier } from './create-courier.ts';
import { Ledger } from './ledger.ts';
import { liveOutcomes, tally } from './outcomes.ts';
import { nextStanding } from './state.ts';
import { type Lot, Supply } from './supply.ts';
import type { Tenure } from './tenure.ts';
import { Underway } from './underway.ts';
import { Wake } from './wake.ts';

const lookMs = 1_000;
const recoverPage = 1_000;

export interface RunnerOptions {
  registry: Pick<Registry, 'groupPushes'> & { fleet: Pick<Fleet, 'listDevices'>; commands: Pick<Commands, 'getMany'> };
  desk: Omit<PushDesk, 'pushDirect'>;
  /** For how long the registry keeps durable commands that have ended. */
  outcomesKeptMs: number;
  clock: Clock;
  logger: Logger;
  /** How many commands may be under way, not counting those that wait for their device. */
  maxUnderWay: number;
}

/**
 * Runs one group push, from where it stands to its end or until the tenure is over. A command is noted before it is sent,
 * so that whoever goes on knows which may have been.
 */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #tenure: Tenure;
  readonly #ledger: Ledger;
  readonly #supply: Supply;
  readonly #courier: Courier;
  readonly #canceller: Canceller;
  readonly #underway: Underway;
  readonly #wake = new Wake();
  #handingOut: Promise<void> | undefined;
  #halted = false;
  #isCutOff = false;

  constructor(view: GroupPushView, tenure: Tenure, options: RunnerOptions) {
    const { registry, desk, clock } = options;
    this.#options = options;
    this.#tenure = tenure;
    this.#ledger = new Ledger(view, {
      ...options,
      groupPushes: registry.groupPushes,
      tenure,
      onView: () => this.#wake.ring(),
    });
    const wake = () => this.#wake.ring();
    this.#supply = new Supply(view, { fleet: registry.fleet, clock, wake, maxUnderWay: options.maxUnderWay });
    this.#courier = createCourier(view.request, {
      ...options,
      onStatus: (command, status) => this.#onStatus(command, status),
      onAccepted: (command, status) => {
        if (!this.#underway.isHeardOf(command)) this.#onStatus(command, status);
      },
      onUnsent: (command) => this.#onUnsent(command),
    });
    this.#canceller = new Canceller(desk);
    this.#underway = new Underway(tally(view.counts));
    tenure.lost.addEventListener('abort', wake, { once: true });
  }

  /** Resolves when it has ended or stopped. Never rejects. */
  async run(): Promise<void> {
    using _ = this.#options.clock.every(lookMs, () => this.#look());
    const { id, handedOutTo } = this.#ledger.record;
    this.#options.logger.info({ groupPush: id, handedOutTo }, 'running a group push');
    try {
      await this.#recover();
      const found = await this.#supply.open(this.#underway.tally.out);
      if (found.allFound) this.#ledger.change(found);
      await this.#goOn();
    } catch (error) {
      this.#options.logger.warn({ err: error, groupPush: id }, 'a group push stopped; it is taken up again');
    } finally {
      this.#supply[Symbol.dispose]();
      this.#courier.leave(this.#underway.refs);
      await this.#tenure.release();
    }
  }

  /** Reads what is wished, at once. */
  poke(): void {
    this.#ledger.refresh();
  }

  /** No more goes out. Resolves once that holds; what was noted by then has been given to the desk. */
  async halt(): Promise<void> {
    this.#halted = true;
    this.#wake.ring();
    await this.#handingOut;
  }

  /** Of one that was halted: what another balancer could not go on with is waited for no longer. */
  cutOff(): void {
    this.#isCutOff = true;
    this.#wake.ring();
  }

  get #isStopped(): boolean {
    if (this.#tenure.lost.aborted || this.#isCutOff) return true;
    return this.#halted && (this.#courier.canBeLeft || this.#underway.size === 0);
  }

  /** Finds what became of commands that another one noted. */
  async #recover(): Promise<void> {
    const { id, handedOutTo } = this.#ledger.record;
    if (handedOutTo === undefined) return;
    const { groupPushes } = this.#options.registry;
    for (let after: DeviceOutcome['device'] | undefined; !this.#isStopped; ) {
      const query = { ...(after === undefined ? {} : { after }), limit: recoverPage, outcomes: liveOutcomes };
      const page = await groupPushes.outcomes(id, query);
      const { live, unsent, outcomes } = await this.#courier.recover(page);
      this.#underway.add(live);
      this.#courier.follow(live);
      this.#supply.putBack(unsent);
      for (const outcome of outcomes) this.#end(outcome);
      after = page.at(-1)?.device;
      if (page.length < recoverPage) return;
    }
  }

  async #goOn(): Promise<void> {
    while (!this.#isStopped) {
      this.#decide();
      if (this.#isOver) return this.#finish();
      this.#readOn();
      const lot = this.#halted ? undefined : this.#takeLot();
      if (lot) await this.#handOut(lot);
      else await this.#wake.wait();
    }
    if (!this.#tenure.lost.aborted) await this.#ledger.flush();
  }

  #decide(): void {
    const { record, view } = this.#ledger;
    const { tally } = this.#underway;
    const { request, desiredState } = view;
    const { state, reason } = nextStanding(record, { desiredState, tally, request, isLeft: this.#supply.isLeft });
    if (state !== record.state) {
      this.#ledger.change({ state, reason });
      this.#options.logger.info({ groupPush: record.id, state, reason }, 'a group push has changed its state');
      if (desiredState === 'cancelled') this.#canceller.cancel(this.#underway.refs);
    }
    if (state === 'cancelled' || state === 'aborted') this.#withdrawUnsent(state);
  }

  #withdrawUnsent(state: 'cancelled' | 'aborted'): void {
    const atMs = this.#options.clock.wallMs();
    const reason = `the group push was ${state} before it was sent`;
    for (const { device, id } of this.#supply.withdraw()) {
      this.#end({ device, command: id, outcome: 'OUTCOME_CANCELLED', reason, atMs });
    }
  }

  /** Of a command that is not under way here. */
  #end(outcome: DeviceOutcome): void {
    this.#underway.onEnded(outcome.outcome);
    this.#ledger.collect(outcome);
  }

  get #isOver(): boolean {
    const { state } = this.#ledger.record;
    const mayGoOut = state === 'running' || state === 'paused';
    return this.#underway.size === 0 && !(mayGoOut && this.#supply.isLeft);
  }

  async #finish(): Promise<void> {
    const { state } = this.#ledger.record;
    const isDone = state === 'running' || state === 'paused';
    const found = this.#supply.found(this.#underway.tally.out);
    await this.#ledger.close({ ...found, state: isDone ? 'done' : state, endedAtMs: this.#options.clock.wallMs() });
    if (this.#tenure.lost.aborted) return;
    const { id: groupPush, state: last, counts } = this.#ledger.view;
    this.#options.logger.info({ groupPush, state: last, counts }, 'a group push has ended');
  }

  /** What is left is read only while it may go out. */
  #readOn(): void {
    const { state } = this.#ledger.record;
    if (this.#halted || (state !== 'running' && state !== 'paused')) return;
    this.#supply.readOn()?.then(
      () => this.#onPage(),
      (error: unknown) => {
        this.#options.logger.debug({ err: error }, 'devices of a group push cannot be read; they are read again');
      },
    );
  }

  #onPage(): void {
    if (!this.#supply.isLeft) this.#ledger.change(this.#supply.found(this.#underway.tally.out));
    this.#wake.ring();
  }

  #takeLot(): Lot | undefined {
    return this.#supply.take(this.#ledger.record.state === 'running', this.#underway.busy);
  }

  async #handOut({ refs, areNoted }: Lot): Promise<void> {
    if (areNoted) return this.#send(refs);
    this.#handingOut = this.#noteAndSend(refs);
    await this.#handingOut;
    this.#handingOut = undefined;
  }

  async #noteAndSend(refs: readonly CommandRef[]): Promise<void> {
    const atMs = this.#options.clock.wallMs();
    const notes = refs.map(
      ({ device, id: command }): DeviceOutcome => ({ device, command, outcome: 'OUTCOME_QUEUED', reason: '', atMs }),
    );
    this.#underway.onNoted(refs.length);
    if (!(await this.#ledger.note(notes, this.#supply.found(this.#underway.tally.out)))) return;
    this.#decide();
    // Somebody has wished otherwise, in the answer to that very write.
    if (this.#ledger.record.state === 'running') this.#send(refs);
    else this.#supply.putBack(refs);
  }

  #send(refs: readonly CommandRef[]): void {
    this.#underway.add(refs);
    this.#courier.send(refs);
  }

  #onStatus(command: CommandRef, { outcome, reason, atMs }: Report): void {
    if (!this.#underway.on(command, outcome)) return;
    this.#ledger.collect({ device: command.device, command: command.id, outcome, reason, atMs });
    // One that waits for its device makes room as well.
    if (hasEnded(outcome) || outcome === 'OUTCOME_QUEUED') this.#wake.ring();
  }

  #onUnsent(command: CommandRef): void {
    if (!this.#underway.has(command)) return;
    this.#underway.remove(command);
    this.#supply.putBack([command]);
    this.#supply.backOff();
  }

  #look(): void {
    if (this.#ledger.view.desiredState === 'cancelled') this.#canceller.cancel(this.#underway.refs);
    this.#ledger.refresh();
  }
}

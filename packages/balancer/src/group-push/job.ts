import { type common, hasEnded } from '@pushfleet/protocol';
import type { Commands, DeviceOutcome, Fleet, GroupPushView, Registry } from '@pushfleet/registry';
import type { Clock, Lease, Logger } from '@pushfleet/runtime';
import type { CommandRef } from '../commands/engine.ts';
import { CheckpointWriter } from './checkpoint.ts';
import { GroupPushTrace } from './group-push-trace.ts';
import { CommandsInFlight, nextState, tallyOf } from './progress.ts';
import { type CommandStatus, Sender, type SenderOptions } from './sender.ts';
import { type Batch, PendingTargets } from './targets.ts';

const lookMs = 1_000;
const recoverPage = 1_000;
const liveOutcomes: readonly common.Outcome[] = [
  'OUTCOME_QUEUED',
  'OUTCOME_ROUTED',
  'OUTCOME_DELIVERED',
  'OUTCOME_RUNNING',
];

export interface JobOptions extends Pick<SenderOptions, 'engine' | 'outcomesKeptMs'> {
  registry: Pick<Registry, 'groupPushes'> & {
    fleet: Pick<Fleet, 'listDeviceIds'>;
    commands: Pick<Commands, 'getMany'>;
  };
  clock: Clock;
  logger: Logger;
  /** How many commands may be in flight, not counting those that wait for their device. */
  maxInFlight: number;
}

/**
 * Runs one group push, from where it stands to its end or until the lease is lost. A command is recorded in a checkpoint before
 * it is sent, so that whoever goes on knows which may have been.
 */
export class GroupPushJob {
  readonly #options: JobOptions;
  readonly #lease: Lease;
  readonly #checkpoint: CheckpointWriter;
  readonly #targets: PendingTargets;
  readonly #sender: Sender;
  readonly #inFlight: CommandsInFlight;
  readonly #trace: GroupPushTrace | undefined;
  readonly #wakeup = new Wakeup();
  #handingOut: Promise<void> | undefined;
  #isHalted = false;
  #isCutOff = false;

  constructor(view: GroupPushView, lease: Lease, options: JobOptions) {
    const { registry } = options;
    const wake = () => this.#wakeup.notify();
    this.#options = options;
    this.#lease = lease;
    this.#checkpoint = new CheckpointWriter(view, { ...options, ...registry, lease, onView: wake });
    this.#targets = new PendingTargets(view, { ...options, ...registry, wake });
    this.#trace = GroupPushTrace.of(view);
    this.#sender = new Sender(view.request, {
      ...options,
      trace: this.#trace,
      onStatus: (command, status) => this.#onStatus(command, status),
      onUnsent: (command) => this.#onUnsent(command),
    });
    this.#inFlight = new CommandsInFlight(tallyOf(view.counts));
    lease.lost.addEventListener('abort', wake, { once: true });
  }

  /** Resolves when it has ended or stopped. Never rejects. */
  async run(): Promise<void> {
    using _ = this.#options.clock.every(lookMs, () => this.#look());
    const { id, handedOutTo } = this.#checkpoint.record;
    this.#options.logger.info({ groupPushId: id, handedOutTo }, 'running a group push');
    try {
      await this.#recover();
      const found = await this.#targets.open(this.#inFlight.tally.recorded);
      if (found.allFound) this.#checkpoint.change(found);
      await this.#sendAll();
    } catch (error) {
      this.#options.logger.warn({ err: error, groupPushId: id }, 'a group push stopped; it is taken up again');
    } finally {
      this.#targets[Symbol.dispose]();
      this.#sender.leave(this.#inFlight.commands);
      this.#trace?.end(this.#checkpoint.view);
      await this.#lease.release();
    }
  }

  /** Reads the desired state at once. */
  refresh(): void {
    this.#checkpoint.refresh();
  }

  /** No more goes out. Resolves once that holds; what was recorded by then has been given to the engine. */
  async halt(): Promise<void> {
    this.#isHalted = true;
    this.#wakeup.notify();
    await this.#handingOut;
  }

  /** After `halt`: what another balancer could not go on with is waited for no longer. */
  cutOff(): void {
    this.#isCutOff = true;
    this.#wakeup.notify();
  }

  get #isStopped(): boolean {
    if (this.#lease.lost.aborted || this.#isCutOff) return true;
    return this.#isHalted && (this.#sender.canBeLeft || this.#inFlight.size === 0);
  }

  /** Finds what became of commands that another balancer recorded. */
  async #recover(): Promise<void> {
    const { id, handedOutTo } = this.#checkpoint.record;
    if (handedOutTo === undefined) return;
    const { groupPushes } = this.#options.registry;
    for (let after: DeviceOutcome['device'] | undefined; !this.#isStopped; ) {
      const query = { ...(after === undefined ? {} : { after }), limit: recoverPage, outcomes: liveOutcomes };
      const page = await groupPushes.outcomes(id, query);
      const { live, unsent, ended } = await this.#sender.recover(page);
      this.#inFlight.add(live);
      this.#sender.subscribe(live);
      this.#targets.putBack(unsent);
      for (const outcome of ended) this.#end(outcome);
      after = page.at(-1)?.device;
      if (page.length < recoverPage) return;
    }
  }

  async #sendAll(): Promise<void> {
    while (!this.#isStopped) {
      this.#decide();
      if (this.#isOver) return this.#finish();
      this.#readNext();
      const maySend = this.#checkpoint.record.state === 'running';
      const batch = this.#isHalted ? undefined : this.#targets.take(maySend, this.#inFlight.busy);
      if (batch) await this.#handOut(batch);
      else await this.#wakeup.wait();
    }
    if (!this.#lease.lost.aborted) await this.#checkpoint.flush();
  }

  #decide(): void {
    const { record, view } = this.#checkpoint;
    const { tally } = this.#inFlight;
    const { request, desiredState } = view;
    const { state, reason } = nextState(record, { desiredState, tally, request, isLeft: this.#targets.isLeft });
    if (state !== record.state) {
      this.#checkpoint.change({ state, reason });
      this.#options.logger.info({ groupPushId: record.id, state, reason }, 'a group push has changed its state');
      if (desiredState === 'cancelled') this.#sender.cancel(this.#inFlight.commands);
    }
    if (state === 'cancelled' || state === 'aborted') this.#withdrawUnsent(state);
  }

  #withdrawUnsent(state: 'cancelled' | 'aborted'): void {
    const atMs = this.#options.clock.wallMs();
    const reason = `the group push was ${state} before it was sent`;
    for (const { device, id } of this.#targets.withdraw()) {
      this.#end({ device, command: id, outcome: 'OUTCOME_CANCELLED', reason, atMs });
    }
  }

  /** A command that is not in flight here has ended. */
  #end(outcome: DeviceOutcome): void {
    this.#inFlight.onEnded(outcome.outcome);
    this.#checkpoint.collect(outcome);
  }

  /** Commands go out, or will again. */
  get #isOpen(): boolean {
    const { state } = this.#checkpoint.record;
    return state === 'running' || state === 'paused';
  }

  get #isOver(): boolean {
    return this.#inFlight.size === 0 && !(this.#isOpen && this.#targets.isLeft);
  }

  async #finish(): Promise<void> {
    const state = this.#isOpen ? 'done' : this.#checkpoint.record.state;
    const found = this.#targets.found(this.#inFlight.tally.recorded);
    await this.#checkpoint.close({ ...found, state, endedAtMs: this.#options.clock.wallMs() });
    if (this.#lease.lost.aborted) return;
    const { id: groupPush, counts } = this.#checkpoint.view;
    this.#options.logger.info({ groupPushId: groupPush, state, counts }, 'a group push has ended');
  }

  /** Devices are read only while their commands may go out. */
  #readNext(): void {
    if (this.#isHalted || !this.#isOpen) return;
    this.#targets.readNext()?.then(
      () => this.#onPage(),
      (error: unknown) => {
        this.#options.logger.debug({ err: error }, 'devices of a group push cannot be read; they are read again');
      },
    );
  }

  #onPage(): void {
    if (!this.#targets.isLeft) this.#checkpoint.change(this.#targets.found(this.#inFlight.tally.recorded));
    this.#wakeup.notify();
  }

  async #handOut({ commands, isRecorded }: Batch): Promise<void> {
    if (isRecorded) return this.#send(commands);
    this.#handingOut = this.#recordAndSend(commands);
    await this.#handingOut;
    this.#handingOut = undefined;
  }

  async #recordAndSend(commands: readonly CommandRef[]): Promise<void> {
    const atMs = this.#options.clock.wallMs();
    const outcomes = commands.map(
      ({ device, id }): DeviceOutcome => ({ device, command: id, outcome: 'OUTCOME_QUEUED', reason: '', atMs }),
    );
    this.#inFlight.onRecorded(commands.length);
    const found = this.#targets.found(this.#inFlight.tally.recorded);
    if (!(await this.#checkpoint.recordBatch(outcomes, found))) return;
    this.#decide();
    // Somebody has asked for another state, in the answer to that very write.
    if (this.#checkpoint.record.state === 'running') this.#send(commands);
    else this.#targets.putBack(commands);
  }

  #send(commands: readonly CommandRef[]): void {
    this.#inFlight.add(commands);
    this.#sender.send(commands);
  }

  #onStatus(command: CommandRef, { outcome, reason, atMs }: CommandStatus): void {
    if (!this.#inFlight.update(command, outcome)) return;
    this.#checkpoint.collect({ device: command.device, command: command.id, outcome, reason, atMs });
    // One that waits for its device makes room as well.
    if (hasEnded(outcome) || outcome === 'OUTCOME_QUEUED') this.#wakeup.notify();
  }

  #onUnsent(command: CommandRef): void {
    if (!this.#inFlight.has(command)) return;
    this.#inFlight.remove(command);
    this.#targets.putBack([command]);
    this.#targets.backOff();
  }

  #look(): void {
    if (this.#checkpoint.view.desiredState === 'cancelled') this.#sender.cancel(this.#inFlight.commands);
    this.#checkpoint.refresh();
  }
}

/** Lets one loop wait until something has happened; what happens while it does not wait is not missed. */
class Wakeup {
  #next = Promise.withResolvers<void>();

  notify(): void {
    this.#next.resolve();
  }

  async wait(): Promise<void> {
    await this.#next.promise;
    this.#next = Promise.withResolvers<void>();
  }
}

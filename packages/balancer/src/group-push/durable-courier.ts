import { hasEnded } from '@pushfleet/protocol';
import type { Commands, DeviceOutcome, GroupPushRequest, NewCommand, PutResult } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { CommandRef, DurableFollower, PushDesk } from '../commands/push-desk.ts';
import type { Courier, Recovered, Reports } from './courier.ts';

/** Between noting a command and sending it. */
const longestDelayMs = 3_600_000;

export interface DurableCourierOptions {
  desk: Pick<PushDesk, 'putMany' | 'follow' | 'unfollow'>;
  commands: Pick<Commands, 'getMany'>;
  request: GroupPushRequest;
  /** For how long the registry keeps commands that have ended. */
  outcomesKeptMs: number;
  clock: Clock;
  logger: Logger;
  reports: Reports;
}

export class DurableCourier implements Courier {
  readonly canBeLeft = true;
  readonly #options: DurableCourierOptions;
  readonly #follower: DurableFollower;
  #left = false;

  constructor(options: DurableCourierOptions) {
    this.#options = options;
    this.#follower = (command, status) => options.reports.onStatus(command, status);
  }

  send(commands: readonly CommandRef[]): void {
    void this.#put(commands);
  }

  async recover(noted: readonly DeviceOutcome[]): Promise<Recovered> {
    const refs = noted.map(({ device, command }): CommandRef => ({ device, id: command }));
    const found = await this.#options.commands.getMany(refs);
    const recovered: Recovered = { live: [], unsent: [], outcomes: [] };
    for (const [index, ref] of refs.entries()) {
      const before = noted[index] as DeviceOutcome;
      const status = found[index]?.status;
      if (!status) this.#onMissing(ref, before, recovered);
      else if (!hasEnded(status.outcome)) recovered.live.push(ref);
      else recovered.outcomes.push(noteOf(before, status));
    }
    return recovered;
  }

  follow(commands: readonly CommandRef[]): void {
    if (commands.length > 0) this.#options.desk.follow(commands, this.#follower);
  }

  leave(commands: readonly CommandRef[]): void {
    this.#left = true;
    this.#options.desk.unfollow(commands, this.#follower);
  }

  /** One that was noted lately was never sent; an older one may have been, have ended, and have been forgotten. */
  #onMissing(ref: CommandRef, before: DeviceOutcome, { unsent, outcomes }: Recovered): void {
    const { clock, outcomesKeptMs } = this.#options;
    const atMs = clock.wallMs();
    // Of two clocks: by half the time they will not be apart.
    if (atMs - before.atMs < Math.min(longestDelayMs, outcomesKeptMs / 2)) unsent.push(ref);
    else outcomes.push(noteOf(before, { outcome: 'OUTCOME_UNKNOWN', reason: 'the command is no longer kept', atMs }));
  }

  async #put(commands: readonly CommandRef[]): Promise<void> {
    const { desk, logger, reports } = this.#options;
    try {
      const puts = await desk.putMany(
        commands.map((command) => this.#newCommand(command)),
        this.#follower,
      );
      if (this.#left) desk.unfollow(commands, this.#follower);
      else for (const [index, put] of puts.entries()) this.#onPut(commands[index] as CommandRef, put);
    } catch (error) {
      logger.debug({ err: error }, 'commands of a group push could not be put; they are put again');
      // Put again with the same ids, those that are there all the same are found.
      for (const command of commands) reports.onUnsent(command);
    }
  }

  #onPut(command: CommandRef, put: PutResult): void {
    const { reports, clock } = this.#options;
    switch (put.kind) {
      case 'queued':
      case 'routed':
      case 'known':
        return reports.onAccepted(command, put.command.status);
      case 'full':
        return reports.onStatus(command, {
          outcome: 'OUTCOME_REJECTED',
          reason: "the device's queue is full",
          atMs: clock.wallMs(),
        });
      case 'deleted':
        return reports.onStatus(command, {
          outcome: 'OUTCOME_CANCELLED',
          reason: 'the device was deleted',
          atMs: clock.wallMs(),
        });
      case 'conflict':
        throw new TypeError('commands of a group push are not compared');
      default:
        return put satisfies never;
    }
  }

  #newCommand({ device, id }: CommandRef): NewCommand {
    const { operation, priority, collapseKey, ttlMs, finishWithinMs } = this.#options.request;
    return { id, device, operation, priority, collapseKey, idempotencyKey: '', fingerprint: '', ttlMs, finishWithinMs };
  }
}

function noteOf(
  before: DeviceOutcome,
  { outcome, reason, atMs }: Pick<DeviceOutcome, 'outcome' | 'reason' | 'atMs'>,
): DeviceOutcome {
  return { ...before, outcome, reason, atMs };
}

import { common, type DeviceId, hasEnded } from '@pushfleet/protocol';
import type { GroupPushRecord, GroupPushRequest, GroupPushView, OutcomeCounts } from '@pushfleet/registry';
import type { CommandRef } from '../commands/engine.ts';

/** How many commands of a group push are in checkpoints, how many of them have ended, and how many of these did not succeed. */
export interface Tally {
  recorded: number;
  ended: number;
  failed: number;
}

export function tallyOf(counts: OutcomeCounts): Tally {
  const tally: Tally = { recorded: 0, ended: 0, failed: 0 };
  for (const outcome of Object.values(common.Outcome)) countEnd(tally, outcome, counts[outcome] ?? 0);
  for (const devices of Object.values(counts)) tally.recorded += devices;
  return tally;
}

/** Counts commands that have come to `outcome`, where that is an end. */
export function countEnd(tally: Tally, outcome: common.Outcome, commands = 1): void {
  if (!hasEnded(outcome)) return;
  tally.ended += commands;
  if (outcome !== 'OUTCOME_SUCCEEDED') tally.failed += commands;
}

interface Sent {
  readonly command: CommandRef;
  /** `undefined`: nothing has been heard of it. */
  outcome: common.Outcome | undefined;
}

/** The commands of a group push that were sent and have not ended, and the tally of all that are in checkpoints. */
export class CommandsInFlight {
  readonly #sent = new Map<DeviceId, Sent>();
  readonly #tally: Tally;
  #queued = 0;

  /** @param tally Of the commands that are in checkpoints already. */
  constructor(tally: Tally) {
    this.#tally = { ...tally };
  }

  /** The tally as counted here; the checkpoints follow. */
  get tally(): Readonly<Tally> {
    return this.#tally;
  }

  get size(): number {
    return this.#sent.size;
  }

  /** How many keep workers busy: without those that wait for their device. */
  get busy(): number {
    return this.#sent.size - this.#queued;
  }

  get commands(): CommandRef[] {
    return Array.from(this.#sent.values(), ({ command }) => command);
  }

  has({ device }: CommandRef): boolean {
    return this.#sent.has(device);
  }

  /** `count` more commands go into a checkpoint. */
  onRecorded(count: number): void {
    this.#tally.recorded += count;
  }

  /** A command that is in a checkpoint, and not in flight here, has ended. */
  onEnded(outcome: common.Outcome): void {
    countEnd(this.#tally, outcome);
  }

  add(commands: readonly CommandRef[]): void {
    for (const command of commands) this.#sent.set(command.device, { command, outcome: undefined });
  }

  /** `false`: the command is not in flight, or its outcome was known. */
  update({ device }: CommandRef, outcome: common.Outcome): boolean {
    const sent = this.#sent.get(device);
    if (!sent || sent.outcome === outcome) return false;
    if (sent.outcome === 'OUTCOME_QUEUED') this.#queued -= 1;
    if (outcome === 'OUTCOME_QUEUED') this.#queued += 1;
    sent.outcome = outcome;
    if (hasEnded(outcome)) {
      this.#sent.delete(device);
      countEnd(this.#tally, outcome);
    }
    return true;
  }

  remove({ device }: CommandRef): void {
    if (this.#sent.get(device)?.outcome === 'OUTCOME_QUEUED') this.#queued -= 1;
    this.#sent.delete(device);
  }
}

type AbortRule = Pick<GroupPushRequest, 'abortFailedPercent' | 'abortAfter'>;

/** The reason why no more commands may go out, in words; `undefined`: more may. */
export function abortReason(
  { abortFailedPercent, abortAfter }: AbortRule,
  { ended, failed }: Pick<Tally, 'ended' | 'failed'>,
): string | undefined {
  if (abortFailedPercent === 0 || ended < abortAfter) return undefined;
  // In whole numbers: 30 of 100 are not more than 30 percent.
  if (failed * 100 <= abortFailedPercent * ended) return undefined;
  return `${failed} of ${ended} that ended did not succeed, which is more than ${abortFailedPercent} %`;
}

/** The facts that decide over the state of a group push. */
export interface Situation extends Pick<GroupPushView, 'desiredState'> {
  tally: Tally;
  request: AbortRule;
  /** There are devices whose commands have not gone out. */
  isLeft: boolean;
}

export type StateAndReason = Pick<GroupPushRecord, 'state' | 'reason'>;

/**
 * The state that a group push comes to. One that is cancelled or aborted stays so. One of which all commands are out can only be
 * cancelled: there is nothing left to be held back.
 */
export function nextState(
  { state, reason }: StateAndReason,
  { desiredState, tally, request, isLeft }: Situation,
): StateAndReason {
  switch (state) {
    case 'cancelled':
    case 'aborted':
    case 'done':
      return { state, reason };
    case 'running':
    case 'paused': {
      if (desiredState === 'cancelled') return { state: 'cancelled', reason: '' };
      if (!isLeft) return { state: 'running', reason: '' };
      const failed = abortReason(request, tally);
      if (failed !== undefined) return { state: 'aborted', reason: failed };
      return { state: desiredState === 'paused' ? 'paused' : 'running', reason: '' };
    }
    default:
      return state satisfies never;
  }
}

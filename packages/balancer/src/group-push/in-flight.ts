import { type common, type DeviceId, hasEnded } from '@pushfleet/protocol';
import type { CommandRef } from '../commands/engine.ts';
import { countEnd, type Tally } from './state.ts';

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

  /** As counted here; the checkpoints follow. */
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

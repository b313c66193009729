import { hasEnded, operationBytes } from '@pushfleet/protocol';
import type { Commands, ConfirmedCommand, StoredCommand, StoredStatus } from '@pushfleet/registry';
import { type Clock, ConfirmedWrites, type Logger } from '@pushfleet/runtime';
import type { CommandRef } from '../engine.ts';
import { mergeStatus } from './command-status.ts';
import type { RegistryClock } from './put-queue.ts';

export interface ConfirmedCommandsOptions {
  commands: Pick<Commands, 'restore'>;
  keepEndedMs: number;
  registryClock: Pick<RegistryClock, 'wallMs'>;
  /** Written again are these, which have not ended and may wait: their workers are to look for them. */
  onRestored(commands: readonly ConfirmedCommand[]): void;
  clock: Clock;
  logger: Logger;
}

const remembered = { most: 20_000, mostBytes: 16_777_216 };
/**
 * By then every balancer that answers has learned of the loss, and has written again the ends that it has told: what ended is not
 * handed out as if it had not.
 */
const unendedAfterMs = 5_000;
const retryAfterMs = 1_000;
const batchCommands = 256;

/**
 * Durable commands that callers of this balancer were lately told of, as accepted or as ended, to be written again where the registry has
 * lost them. What the registry has still is not changed by that. Bounded: beyond, the oldest may be lost with the registry's last writes.
 */
export class ConfirmedCommands implements Disposable {
  readonly #options: ConfirmedCommandsOptions;
  readonly #kept: ConfirmedWrites<ConfirmedCommand>;
  /** Counts losses: what is left to do for an earlier one is part of the later one. */
  #losses = 0;

  constructor(options: ConfirmedCommandsOptions) {
    this.#options = options;
    this.#kept = new ConfirmedWrites({ clock: options.clock, ...remembered });
  }

  [Symbol.dispose](): void {
    this.#losses += 1;
  }

  /** The registry has it, and its caller is about to hear so. */
  onAccepted(command: StoredCommand, fingerprint: string): void {
    const status = mergeStatus(this.#kept.get(keyOf(command))?.status, command.status) ?? command.status;
    this.#keep({ ...command, fingerprint, status });
  }

  /** Somebody hears how it stands; what is no promise, that is neither its end nor that it was to be cancelled, need not be kept. */
  onReported(command: StoredCommand): void {
    const { status } = command;
    if (this.#kept.get(keyOf(command))) this.onStatus(command, status);
    else if (hasEnded(status.outcome) || status.cancelRequested) this.#keep({ ...command, fingerprint: '' });
  }

  /** A command has come so far, by a worker's report or the registry's word. */
  onStatus(ref: CommandRef, said: StoredStatus): void {
    const known = this.#kept.get(keyOf(ref));
    if (!known || hasEnded(known.status.outcome)) return;
    const status = mergeStatus(known.status, said);
    if (status && (hasEnded(status.outcome) || status.cancelRequested)) this.#keep({ ...known, status });
  }

  /**
   * A command that the registry does not have, as its callers know it, where only a loss can have taken it: what has ended may be
   * forgotten, for its time or with its device.
   */
  findLost(ref: CommandRef): ConfirmedCommand | undefined {
    const command = this.#kept.get(keyOf(ref));
    if (!command || hasEnded(command.status.outcome)) return undefined;
    const { keepEndedMs, registryClock } = this.#options;
    return command.finishByMs + keepEndedMs > registryClock.wallMs() ? command : undefined;
  }

  /** The registry may have lost what it has confirmed. */
  repeat(): void {
    this.#losses += 1;
    const loss = this.#losses;
    void this.#restore(loss, ({ status }) => hasEnded(status.outcome));
    this.#options.clock.after(unendedAfterMs, () => void this.#restore(loss, () => true));
  }

  /** Writes a lost command again, now. `false`: none was lost. @throws PushfleetError REGISTRY_UNAVAILABLE */
  async restore(ref: CommandRef): Promise<boolean> {
    const command = this.findLost(ref);
    if (command) await this.#write([command]);
    return command !== undefined;
  }

  /** Until the registry has taken all of them, or has lost its last writes once more. */
  async #restore(loss: number, isMeant: (command: ConfirmedCommand) => boolean): Promise<void> {
    if (loss !== this.#losses) return;
    const { clock, logger } = this.#options;
    const commands = this.#kept.list().filter(isMeant);
    try {
      for (let at = 0; at < commands.length; at += batchCommands)
        await this.#write(commands.slice(at, at + batchCommands));
    } catch (error) {
      logger.debug({ err: error }, 'durable commands that the registry may have lost are not written again yet');
      clock.after(retryAfterMs, () => void this.#restore(loss, isMeant));
    }
  }

  async #write(commands: readonly ConfirmedCommand[]): Promise<void> {
    const { keepEndedMs, onRestored } = this.#options;
    await this.#options.commands.restore(commands, keepEndedMs);
    // From now on these are the registry's last writes.
    for (const { device, id } of commands) {
      const command = this.#kept.get(keyOf({ device, id }));
      if (command) this.#keep(command);
    }
    onRestored(commands.filter(({ status }) => !hasEnded(status.outcome)));
  }

  #keep(command: ConfirmedCommand): void {
    const { operation, status } = command;
    this.#kept.add(command, operationBytes(operation) + (status.output?.length ?? 0), keyOf(command));
  }
}

function keyOf({ device, id }: CommandRef): string {
  return `${device} ${id}`;
}

import { type CommandId, type DeviceId, type Epoch, hasEnded, operationBytes } from '@pushfleet/protocol';
import type { Commands, StatusUpdateResult, TakenCommand } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { LinkEntry } from '../links/link-entry.ts';
import type { PushedCommand, ReportTo } from '../session/command.ts';
import type { Report, ReportEffect } from '../session/session.ts';
import { CommandTaker } from './command-taker.ts';
import { isNoted, noteOf } from './note.ts';
import type { QueuedNote } from './note-queue.ts';
import { NoteWriter } from './note-writer.ts';

/** What durable commands need of the links. */
export interface DurableLinks {
  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number;
  push(device: DeviceId, command: PushedCommand): void;
  cancel(device: DeviceId, command: CommandId, reason: string): void;
  /** The device that said the result over this link may forget it. */
  acknowledge(link: LinkEntry, command: CommandId): void;
}

export interface DurableDeskOptions {
  commands: Pick<Commands, 'updateStatus' | 'take'>;
  links: DurableLinks;
  /** To balancers. */
  report(report: Report, channel: ReportTo): void;
  clock: Clock;
  logger: Logger;
}

/**
 * Durable commands, between the registry that has them and the links that carry them: fetches what is to be sent, and
 * writes down what becomes of it before anybody is told, balancers and the device itself included.
 */
export class DurableDesk implements AsyncDisposable {
  readonly #options: DurableDeskOptions;
  readonly #notes: NoteWriter;
  readonly #taker: CommandTaker;

  constructor(options: DurableDeskOptions) {
    const { commands, links, clock, logger } = options;
    this.#options = options;
    this.#notes = new NoteWriter({ commands, clock, logger, onNoted: (queued, noted) => this.#onNoted(queued, noted) });
    this.#taker = new CommandTaker({
      ...{ commands, logger },
      epochOf: (device) => links.epochOf(device),
      onTaken: (device, epoch, taken) => this.#onTaken(device, epoch, taken),
    });
  }

  /** Commands wait for a device that has its session here. */
  fetch(device: DeviceId): void {
    this.#taker.want(device);
  }

  /** What a session says of a durable command. */
  onReport(said: ReportEffect, from: LinkEntry): void {
    const note = noteOf(said);
    if (note === undefined) return;
    const isResult = said.report.report === 'result' && note.kind === 'ended';
    this.#notes.add(note, { said, from: isResult ? from : undefined });
  }

  /** Called about once a second. */
  tick(): void {
    this.#notes.tick();
    this.#taker.tick();
  }

  /** Resolves once all that is known is written down, or the registry has failed. */
  flush(): Promise<void> {
    return this.#notes.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#notes[Symbol.asyncDispose]();
  }

  #onTaken(device: DeviceId, epoch: Epoch, taken: TakenCommand): void {
    const { links, clock } = this.#options;
    const { id, redelivered, cancelRequested } = taken;
    // The session has ended while the registry was asked.
    if (links.epochOf(device) !== epoch) return this.#notes.add({ kind: 'released', device, id, epoch });
    // Said while the registry was away: the device need not be asked once more.
    if (this.#notes.hasEnd({ device, id })) return;
    if (!cancelRequested) return links.push(device, pushedCommand(taken, clock.now()));
    // Whether the device has it is for the device to say; if it says nothing, the command ends when its time is up.
    if (redelivered) links.cancel(device, id, '');
    else this.#notes.add({ kind: 'released', device, id, epoch });
  }

  #onNoted({ note, said, from, retried }: QueuedNote, { verdict, status, more }: StatusUpdateResult): void {
    const { links, report } = this.#options;
    // A retried note may have been written at the first attempt: then nobody has been told.
    const isWritten = verdict === 'applied' || (verdict === 'stale' && retried && isNoted(note, status));
    // That a command steps back is nothing that a balancer could tell.
    const isNews = isWritten && (note.kind !== 'attempt-failed' || (status && hasEnded(status.outcome)));
    if (isNews && said) report(said.report, said.channel);
    // Whatever the registry makes of it: the device has nothing to add.
    if (from) links.acknowledge(from, note.id);
    if (!more) return;
    // There was no room on the link for this one a moment ago.
    if (note.kind === 'released') this.#taker.wantLater(note.device);
    else this.#taker.want(note.device);
  }
}

function pushedCommand(taken: TakenCommand, now: number): PushedCommand {
  const { id, operation, deliverWithinMs, finishWithinMs, redelivered, failedBefore } = taken;
  return {
    id,
    operation,
    payloadBytes: operationBytes(operation),
    deliverBy: now + deliverWithinMs,
    finishBy: now + finishWithinMs,
    channel: 'every',
    redelivered,
    isSuspect: failedBefore,
  };
}

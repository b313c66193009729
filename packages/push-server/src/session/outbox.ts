import type { CommandId } from '@pushfleet/protocol';
import type { LinkTerms, PushedCommand, ReportTo } from './command.ts';

/** What is left of a command once it is written: its payload would stay in memory until its result comes. */
export interface SentCommand {
  id: CommandId;
  channel: ReportTo;
  finishBy: number;
  confirmed: boolean;
}

/** The commands of one live link that have not ended. Links without any have no outbox: most are idle. */
export interface Outbox {
  /** Written to the link. */
  sent: Map<CommandId, SentCommand>;
  /** Places in the window that are taken. */
  unconfirmed: number;
  /** Not written yet, because the window is full; in their order. */
  waiting: Map<CommandId, PushedCommand>;
  waitingBytes: number;
}

/** How much may wait for one device. More is refused. */
export const outboxLimits = { commands: 256, bytes: 4_194_304 } as const;

export function createOutbox(): Outbox {
  return { sent: new Map(), unconfirmed: 0, waiting: new Map(), waitingBytes: 0 };
}

/** `send`: it counts as written from now on. `full`: it was not taken. `known`: it was taken before. */
export function offer(outbox: Outbox, command: PushedCommand, terms: LinkTerms): 'send' | 'wait' | 'full' | 'known' {
  if (outbox.sent.has(command.id) || outbox.waiting.has(command.id)) return 'known';
  if (outbox.unconfirmed < terms.window && outbox.waiting.size === 0) {
    markSent(outbox, command, terms);
    return 'send';
  }
  const bytes = outbox.waitingBytes + command.payloadBytes;
  if (outbox.waiting.size >= outboxLimits.commands || bytes > outboxLimits.bytes) return 'full';
  outbox.waiting.set(command.id, command);
  outbox.waitingBytes = bytes;
  return 'wait';
}

/** The command that is confirmed by this, unless it was before or is not known. */
export function confirm(outbox: Outbox, id: CommandId, terms: LinkTerms): SentCommand | undefined {
  const sent = outbox.sent.get(id);
  const isFirst = sent !== undefined && !sent.confirmed;
  if (isFirst || terms.countsPackets) freePlace(outbox);
  if (!isFirst) return undefined;
  sent.confirmed = true;
  return sent;
}

/** Forgets a command that has ended. */
export function settle(outbox: Outbox, id: CommandId, terms: LinkTerms): SentCommand | undefined {
  const sent = outbox.sent.get(id);
  if (sent === undefined) return undefined;
  outbox.sent.delete(id);
  if (!sent.confirmed && !terms.countsPackets) freePlace(outbox);
  return sent;
}

/** Takes back a command that was not written after all. */
export function takeBack(outbox: Outbox, id: CommandId): SentCommand | undefined {
  const sent = outbox.sent.get(id);
  if (sent === undefined) return undefined;
  outbox.sent.delete(id);
  if (!sent.confirmed) freePlace(outbox);
  return sent;
}

/** What stays of an outbox when its session ends and its link does not: the packets that are still to be confirmed. */
export function carryOver(outbox: Outbox | undefined, terms: LinkTerms): Outbox | undefined {
  if (!outbox || !terms.countsPackets || outbox.unconfirmed === 0) return undefined;
  return { ...createOutbox(), unconfirmed: outbox.unconfirmed };
}

/** Takes back a command that is not written yet. */
export function withdraw(outbox: Outbox, id: CommandId): PushedCommand | undefined {
  const command = outbox.waiting.get(id);
  if (command === undefined) return undefined;
  outbox.waiting.delete(id);
  outbox.waitingBytes -= command.payloadBytes;
  return command;
}

/** Takes out what fits into the window now, and what came too late among it. */
export function advance(
  outbox: Outbox,
  terms: LinkTerms,
  now: number,
): { expired: PushedCommand[]; send: PushedCommand[] } {
  const expired: PushedCommand[] = [];
  const send: PushedCommand[] = [];
  for (const command of outbox.waiting.values()) {
    if (outbox.unconfirmed >= terms.window) break;
    withdraw(outbox, command.id);
    if (command.deliverBy <= now) expired.push(command);
    else {
      markSent(outbox, command, terms);
      send.push(command);
    }
  }
  return { expired, send };
}

/** Takes out what came too late to be written, wherever it stands. */
export function dropExpired(outbox: Outbox, now: number): PushedCommand[] {
  const expired = [...outbox.waiting.values()].filter(({ deliverBy }) => deliverBy <= now);
  for (const { id } of expired) withdraw(outbox, id);
  return expired;
}

/** Forgets commands whose result is of no interest any more. */
export function dropFinished(outbox: Outbox, now: number, terms: LinkTerms): void {
  for (const { id, finishBy } of outbox.sent.values()) if (finishBy <= now) settle(outbox, id, terms);
}

export function isEmpty(outbox: Outbox): boolean {
  return outbox.sent.size === 0 && outbox.waiting.size === 0 && outbox.unconfirmed === 0;
}

function freePlace(outbox: Outbox): void {
  outbox.unconfirmed = Math.max(0, outbox.unconfirmed - 1);
}

function markSent(outbox: Outbox, { id, channel, finishBy }: PushedCommand, terms: LinkTerms): void {
  // A link that does not confirm has no window: nothing would ever open it again.
  outbox.sent.set(id, { id, channel, finishBy, confirmed: !terms.confirms });
  if (terms.confirms) outbox.unconfirmed += 1;
}

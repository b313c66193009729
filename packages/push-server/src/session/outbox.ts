import type { CommandId } from '@pushfleet/protocol';
import type { LinkTerms, PushedCommand } from './command.ts';
import { type SentCommand, SentCommands } from './sent-commands.ts';

/** The commands of one live link that have not ended. Links without any have no outbox: most are idle. */
export interface Outbox {
  /** Written to the link. */
  sent: SentCommands;
  /** Places in the window that are taken. */
  unconfirmed: number;
  /** Not written yet, because the window is full; in their order. */
  waiting: Map<CommandId, PushedCommand>;
  /**
   * Not written yet, because a link has ended upon them before: each goes by itself, while nothing else is fresh on the
   * wire and nothing else waits.
   */
  suspects: Map<CommandId, PushedCommand>;
  /** Payload bytes of `waiting` and `suspects`. */
  waitingBytes: number;
  /** The suspect that was written last. While it is fresh, nothing else is written. */
  alone: SentCommand | undefined;
}

/** For so long after it was written a command that the device has confirmed counts as one that it is just taking in. */
const freshMs = 2_000;

/** After its time to deliver, which is when whoever sent it calls its outcome unknown. */
const answerGraceMs = 1_500;
/** However short the time to deliver: a large command over a slow link takes a while. */
const answerLeastMs = 15_000;
/** However long the time to live, and also where the device has promised no other sign of life. */
const answerMostMs = 300_000;

/** Bounds of what waits for one device. More is refused. */
export const outboxLimits = { commands: 256, bytes: 4_194_304 } as const;

/** Stands for each map in which nothing waits, as is the rule: most outboxes last for one command. */
const noneWaits = new Map<CommandId, PushedCommand>();

export function createOutbox(): Outbox {
  const [waiting, suspects] = [noneWaits, noneWaits];
  return { sent: new SentCommands(), unconfirmed: 0, waiting, suspects, waitingBytes: 0, alone: undefined };
}

/** `send`: it counts as written from now on. `full`: it was not taken. `known`: it was taken before. */
export function offer(
  outbox: Outbox,
  command: PushedCommand,
  terms: LinkTerms,
  nowMs: number,
): 'send' | 'wait' | 'full' | 'known' {
  const { sent, waiting, suspects } = outbox;
  if (sent.get(command.id) || waiting.has(command.id) || suspects.has(command.id)) return 'known';
  if (waiting.size === 0 && (command.isSuspect ? isQuiet(outbox, nowMs) : hasRoom(outbox, terms, nowMs))) {
    markSent(outbox, command, terms, nowMs);
    return 'send';
  }
  const bytes = outbox.waitingBytes + command.payloadBytes;
  if (waiting.size + suspects.size >= outboxLimits.commands || bytes > outboxLimits.bytes) return 'full';
  addWaiting(outbox, command);
  outbox.waitingBytes = bytes;
  return 'wait';
}

function addWaiting(outbox: Outbox, command: PushedCommand): void {
  const place = command.isSuspect ? 'suspects' : 'waiting';
  if (outbox[place] === noneWaits) outbox[place] = new Map();
  outbox[place].set(command.id, command);
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

/**
 * Forgets a command that has ended, and returns it if it was written. One that an earlier link carried may end while it waits to be sent
 * again: the device has been told that its result is kept, and is not to get it once more.
 */
export function settle(outbox: Outbox, id: CommandId, terms: LinkTerms): SentCommand | undefined {
  const sent = outbox.sent.get(id);
  if (sent === undefined) {
    removeWaiting(outbox, id);
    return undefined;
  }
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

/** The part of an outbox that stays when its session ends and its link does not: the packets that are still to be confirmed. */
export function carryOver(outbox: Outbox | undefined, terms: LinkTerms): Outbox | undefined {
  if (!outbox || !terms.countsPackets || outbox.unconfirmed === 0) return undefined;
  return { ...createOutbox(), unconfirmed: outbox.unconfirmed };
}

/** Takes back a command that is not written yet. */
export function removeWaiting(outbox: Outbox, id: CommandId): PushedCommand | undefined {
  const { waiting, suspects } = outbox;
  const command = waiting.get(id) ?? suspects.get(id);
  if (command === undefined) return undefined;
  waiting.delete(id);
  suspects.delete(id);
  outbox.waitingBytes -= command.payloadBytes;
  return command;
}

/** The commands that are not written yet. */
export function unwritten({ waiting, suspects }: Outbox): PushedCommand[] {
  return [...waiting.values(), ...suspects.values()];
}

/** Takes out what fits into the window nowMs, and what came too late among it. */
export function advance(
  outbox: Outbox,
  terms: LinkTerms,
  nowMs: number,
): { expired: PushedCommand[]; send: PushedCommand[] } {
  const due: { expired: PushedCommand[]; send: PushedCommand[] } = { expired: [], send: [] };
  const take = (command: PushedCommand) => {
    removeWaiting(outbox, command.id);
    if (command.deliverByMs <= nowMs) return due.expired.push(command);
    markSent(outbox, command, terms, nowMs);
    return due.send.push(command);
  };
  for (const command of outbox.waiting.values()) {
    if (!hasRoom(outbox, terms, nowMs)) return due;
    take(command);
  }
  for (const command of outbox.suspects.values()) {
    if (!isQuiet(outbox, nowMs)) return due;
    take(command);
  }
  return due;
}

/** Takes out what came too late to be written, wherever it stands. */
export function dropExpired(outbox: Outbox, nowMs: number): PushedCommand[] {
  const expired = unwritten(outbox).filter(({ deliverByMs }) => deliverByMs <= nowMs);
  for (const { id } of expired) removeWaiting(outbox, id);
  return expired;
}

/**
 * The commands that the device is just taking in: not confirmed, or written a moment ago. If the device causes the link's end, one of
 * these may be the reason.
 */
export function freshOf({ sent }: Outbox, nowMs: number): SentCommand[] {
  return [...sent.values()].filter((command) => isFresh(command, nowMs));
}

/** Forgets commands whose result is of no interest any more, unless one is still to show that the device is gone. */
export function dropFinished(outbox: Outbox, nowMs: number, terms: LinkTerms, heardAtMs: number): void {
  for (const { id, finishByMs, confirmed, awaitedSinceMs = Number.NEGATIVE_INFINITY } of outbox.sent.values()) {
    if (finishByMs <= nowMs && (confirmed || heardAtMs > awaitedSinceMs)) settle(outbox, id, terms);
  }
}

/**
 * The device has not confirmed a command in time, and has been silent for as long: it is gone, whatever keep-alive it has
 * chosen. To be asked about once a second.
 */
export function isUnanswered({ sent }: Outbox, heardAtMs: number, attendedMs: number): boolean {
  let isOverdue = false;
  for (const command of sent.values()) {
    if (command.confirmed) continue;
    command.awaitedSinceMs ??= attendedMs;
    if (attendedMs - Math.max(heardAtMs, command.awaitedSinceMs) >= command.answerWithinMs) isOverdue = true;
  }
  return isOverdue;
}

export function isEmpty(outbox: Outbox): boolean {
  const { sent, waiting, suspects, unconfirmed } = outbox;
  return sent.size === 0 && waiting.size === 0 && suspects.size === 0 && unconfirmed === 0;
}

function isFresh({ confirmed, sentAtMs }: SentCommand, nowMs: number): boolean {
  return !confirmed || nowMs < sentAtMs + freshMs;
}

function hasRoom({ unconfirmed, alone, sent }: Outbox, terms: LinkTerms, nowMs: number): boolean {
  if (alone && sent.get(alone.id) === alone && isFresh(alone, nowMs)) return false;
  return unconfirmed < terms.window;
}

function isQuiet(outbox: Outbox, nowMs: number): boolean {
  return outbox.unconfirmed === 0 && freshOf(outbox, nowMs).length === 0;
}

function freePlace(outbox: Outbox): void {
  outbox.unconfirmed = Math.max(0, outbox.unconfirmed - 1);
}

function markSent(outbox: Outbox, command: PushedCommand, terms: LinkTerms, nowMs: number): void {
  const { id, channel, deliverByMs, finishByMs, isSuspect } = command;
  const answerWithinMs = Math.min(answerMostMs, Math.max(answerLeastMs, deliverByMs - nowMs + answerGraceMs));
  // A link that does not confirm has no window: nothing would ever open it again.
  const expected = { confirmed: !terms.confirms, answerWithinMs, awaitedSinceMs: undefined };
  const sent: SentCommand = { id, channel, finishByMs, sentAtMs: nowMs, ...expected };
  outbox.sent.add(sent);
  outbox.alone = isSuspect ? sent : undefined;
  if (terms.confirms) outbox.unconfirmed += 1;
}

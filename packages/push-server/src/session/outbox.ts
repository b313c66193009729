import type { CommandId } from '@pushfleet/protocol';
import type { LinkTerms, PushedCommand } from './command.ts';

/** The commands of one live link that have not ended. Links without any have no outbox: most are idle. */
export interface Outbox {
  /** Written to the link. */
  sent: Map<CommandId, { command: PushedCommand; confirmed: boolean }>;
  unconfirmed: number;
  /** Not written yet, because the window is full. */
  waiting: PushedCommand[];
  waitingBytes: number;
}

/** How much may wait for one device. More is refused. */
export const outboxLimits = { commands: 256, bytes: 4_194_304 } as const;

export function createOutbox(): Outbox {
  return { sent: new Map(), unconfirmed: 0, waiting: [], waitingBytes: 0 };
}

/** `send`: it counts as written from now on. `full`: it was not taken. */
export function offer(outbox: Outbox, command: PushedCommand, terms: LinkTerms): 'send' | 'wait' | 'full' {
  if (outbox.unconfirmed < terms.window && outbox.waiting.length === 0) {
    markSent(outbox, command, terms);
    return 'send';
  }
  const bytes = outbox.waitingBytes + command.payloadBytes;
  if (outbox.waiting.length >= outboxLimits.commands || bytes > outboxLimits.bytes) return 'full';
  outbox.waiting.push(command);
  outbox.waitingBytes = bytes;
  return 'wait';
}

/** The command that is confirmed by this, unless it was before or is not known. */
export function confirm(outbox: Outbox, id: CommandId): PushedCommand | undefined {
  const entry = outbox.sent.get(id);
  if (entry === undefined || entry.confirmed) return undefined;
  entry.confirmed = true;
  outbox.unconfirmed -= 1;
  return entry.command;
}

/** Forgets a command that has ended. */
export function settle(outbox: Outbox, id: CommandId): PushedCommand | undefined {
  const entry = outbox.sent.get(id);
  if (entry === undefined) return undefined;
  outbox.sent.delete(id);
  if (!entry.confirmed) outbox.unconfirmed -= 1;
  return entry.command;
}

/** Takes out what came too late to be written, and what fits into the window now. */
export function advance(
  outbox: Outbox,
  terms: LinkTerms,
  now: number,
): { expired: PushedCommand[]; send: PushedCommand[] } {
  const expired: PushedCommand[] = [];
  const send: PushedCommand[] = [];
  const stay: PushedCommand[] = [];
  for (const command of outbox.waiting) {
    if (command.deliverBy <= now) expired.push(command);
    else if (stay.length === 0 && outbox.unconfirmed < terms.window) {
      markSent(outbox, command, terms);
      send.push(command);
    } else stay.push(command);
  }
  outbox.waiting = stay;
  outbox.waitingBytes = stay.reduce((bytes, command) => bytes + command.payloadBytes, 0);
  return { expired, send };
}

/** Forgets commands whose result is of no interest any more. Their places in the window become free. */
export function dropFinished(outbox: Outbox, now: number): void {
  for (const [id, { command }] of outbox.sent) if (command.finishBy <= now) settle(outbox, id);
}

export function isEmpty(outbox: Outbox): boolean {
  return outbox.sent.size === 0 && outbox.waiting.length === 0;
}

function markSent(outbox: Outbox, command: PushedCommand, terms: LinkTerms): void {
  // A link that does not confirm has no window: nothing would ever open it again.
  outbox.sent.set(command.id, { command, confirmed: !terms.confirms });
  if (terms.confirms) outbox.unconfirmed += 1;
}

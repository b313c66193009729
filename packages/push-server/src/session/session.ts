import type { CloseReason, CommandId, DeviceId, device, Epoch, node } from '@pushfleet/protocol';
import type { Credentials, SessionRef } from '@pushfleet/registry';
import type { TokenBucket } from '@pushfleet/runtime';
import type { Ticket } from '../tickets/ticket.ts';
import type { LinkTerms, PushedCommand, ReportTo } from './command.ts';
import type { Outbox } from './outbox.ts';

/**
 * One device link, from its first byte to its end. Owns no socket, no timer and no registry. All times are milliseconds:
 * when the device was heard, and until when something is expected of it, by the attended clock, `attended`; what was
 * promised of commands by the worker's monotonic clock, `now`.
 */
export interface Session {
  state: SessionState;
  readonly deadlines: SessionDeadlines;
  /** When the device last said anything. */
  heardAt: number;
  /** Counts what the device says besides the end of commands that this link has carried; most never do. */
  unasked: TokenBucket | undefined;
  /** Counts how often the device has taken itself off its commands; most never do. */
  detaches: TokenBucket | undefined;
}

export type SessionState =
  /** Nobody is known yet. */
  | { kind: 'greeting'; deadline: number }
  /** The ticket is being verified. */
  | { kind: 'checking'; deadline: number; terms: LinkTerms; claimedDevice: string | undefined; attach: boolean }
  /** The ticket is good. The device may report results; it gets commands once it attaches. */
  | { kind: 'known'; deadline: number; terms: LinkTerms; ticket: Ticket; outbox: Outbox | undefined }
  /** The registry is being asked for an epoch. */
  | { kind: 'opening'; terms: LinkTerms; ticket: Ticket; outbox: Outbox | undefined }
  | { kind: 'live'; terms: LinkTerms; ticket: Ticket; epoch: Epoch; outbox: Outbox | undefined }
  | { kind: 'ended' };

/** Where a device should go instead. */
export interface Elsewhere {
  nodeId: string;
  address: string;
  port: number;
}

/** What a link writes, each in its own wire's form. */
export type ToDevice =
  /** The ticket is good. */
  | { kind: 'accepted'; device: DeviceId }
  /** The session is open: commands may come. */
  | { kind: 'attached'; device: DeviceId }
  | { kind: 'detached' }
  | { kind: 'command'; command: PushedCommand; device: DeviceId; now: number }
  /** The device is to give a command up. */
  | { kind: 'cancel'; command: CommandId; reason: string; device: DeviceId }
  /** It may forget the result of a durable command. */
  | { kind: 'result-received'; command: CommandId }
  | { kind: 'pong' };

export type Report = Pick<node.CommandReport, 'commandId' | 'deviceId'> & ReportBody;
export type ReportBody =
  | { report: 'notHere'; notHere: node.NotHere }
  | { report: 'unsent'; unsent: node.Unsent }
  | { report: 'delivered'; delivered: node.Delivered }
  | { report: 'result'; result: device.CommandResult }
  | { report: 'linkLost'; linkLost: node.LinkLost };

/** What is to be done after an input, in this order. */
export type Effect =
  | { kind: 'send'; message: ToDevice }
  | { kind: 'verify-ticket'; ticket: string }
  | { kind: 'open-session'; device: DeviceId; by: Credentials }
  | { kind: 'close-session'; device: DeviceId; epoch: Epoch }
  | { kind: 'evict'; device: DeviceId; previous: SessionRef }
  | ReportEffect
  /** The last effect of a session. */
  | { kind: 'end'; reason: CloseReason; elsewhere?: Elsewhere };

export interface ReportEffect {
  kind: 'report';
  report: Report;
  channel: ReportTo;
  /** Of the session that says it; `undefined`: the device has not attached. */
  epoch: Epoch | undefined;
  /** More on an unsent command. */
  why: string;
  /** Of a command that is lost with its link, and that may be why the link has ended. */
  failed?: FailedAttempt;
}

export interface FailedAttempt {
  /** See attemptWeight. */
  weight: number;
  /** Nothing else can be why. */
  alone: boolean;
}

/** How long each step may take. */
export interface SessionDeadlines {
  greetingMs: number;
  /** A device that is known but takes no commands is only here to report. */
  attachMs: number;
}

export function createSession(attended: number, deadlines: SessionDeadlines): Session {
  return {
    state: { kind: 'greeting', deadline: attended + deadlines.greetingMs },
    deadlines,
    heardAt: attended,
    unasked: undefined,
    detaches: undefined,
  };
}

export function isLive(session: Session): boolean {
  return session.state.kind === 'live';
}

/** When time alone may end the session, by the attended clock, unless its device is heard or its state changes before. */
export function endsAt({ state, heardAt }: Session): number {
  switch (state.kind) {
    case 'greeting':
    case 'checking':
      return state.deadline;
    case 'known':
      return Math.min(state.deadline, heardAt + state.terms.silenceLimitMs);
    case 'opening':
    case 'live':
      return heardAt + state.terms.silenceLimitMs;
    case 'ended':
      return Number.POSITIVE_INFINITY;
    default:
      return state satisfies never;
  }
}

/** It has commands under way, which have deadlines of their own. */
export function hasCommands({ state }: Session): boolean {
  return state.kind === 'live' && state.outbox !== undefined;
}

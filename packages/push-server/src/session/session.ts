import type { CloseReason, CommandId, DeviceId, device, Epoch, GroupPath, NodeId, node } from '@pushfleet/protocol';
import type { Credentials, SessionRef } from '@pushfleet/registry';
import type { TokenBucket } from '@pushfleet/runtime';
import type { LinkTerms, PushedCommand, ReportTo } from './command.ts';
import type { Outbox } from './outbox.ts';

/**
 * One device link, from its first byte to its end. Owns no socket, no timer and no registry. Two clocks measure its times: the
 * attended clock (`attendedMs`) when the device was heard and until when it is expected to do something; the worker's monotonic
 * clock (`nowMs`) the deadlines of commands.
 */
export interface Session {
  state: SessionState;
  readonly deadlines: SessionDeadlines;
  /** The last time that the device said anything. */
  heardAtMs: number;
  /** Limits the messages that no command of this link asks for; created by the first of them. */
  unasked: TokenBucket | undefined;
  /** Limits how often the device detaches; created by the first time. */
  detaches: TokenBucket | undefined;
}

export type SessionState =
  /** The device is not known yet. */
  | { kind: 'greeting'; deadlineMs: number }
  /** The ticket is being verified. */
  | { kind: 'checking'; terms: LinkTerms; claimedDevice: string | undefined; attach: boolean }
  /** The ticket is good. The device may report results; it gets commands once it attaches. */
  | { kind: 'known'; deadlineMs: number; terms: LinkTerms; ticket: Ticket; outbox: Outbox | undefined }
  /** The registry is being asked for an epoch. */
  | { kind: 'opening'; terms: LinkTerms; ticket: Ticket; outbox: Outbox | undefined }
  | { kind: 'live'; terms: LinkTerms; ticket: Ticket; epoch: Epoch; outbox: Outbox | undefined }
  | { kind: 'ended' };

export type LiveState = Extract<SessionState, { kind: 'live' }>;

/** How long each step may take. */
export interface SessionDeadlines {
  greetingMs: number;
  /** Time for a known device to attach; one that does not is only here to report results. */
  attachMs: number;
}

/** A balancer's permission for a device to open its link on the named push servers. */
export interface Ticket {
  device: DeviceId;
  group: GroupPath;
  nodes: NodeId[];
  /** Number of the device's ticket: earlier ones are void once the registry knows a greater one. 0: the ticket has none. */
  generation: number;
}

/** The push server at which a device is told to connect instead. */
export interface RedirectTarget {
  nodeId: string;
  address: string;
  port: number;
}

/** A message to the device; each link writes it in its wire's form. */
export type ToDevice =
  /** The ticket is good. */
  | { kind: 'accepted'; device: DeviceId }
  /** The session is open: commands may come. */
  | { kind: 'attached'; device: DeviceId }
  | { kind: 'detached' }
  | { kind: 'command'; command: PushedCommand; device: DeviceId; nowMs: number }
  /** The device is to give the command up. */
  | { kind: 'cancel'; command: CommandId; reason: string; device: DeviceId }
  /** The result of the durable command is stored; the device may forget it. */
  | { kind: 'result-received'; command: CommandId }
  | { kind: 'pong' };

/** The state of a command, as balancers get it. */
export type Report = Pick<node.CommandReport, 'commandId' | 'deviceId'> & ReportBody;
export type ReportBody =
  | { report: 'notHere'; notHere: node.NotHere }
  | { report: 'unsent'; unsent: node.Unsent }
  | { report: 'delivered'; delivered: node.Delivered }
  | { report: 'result'; result: device.CommandResult }
  | { report: 'linkLost'; linkLost: node.LinkLost };

/** Something to be done after an input, in the order of the list. */
export type Effect =
  | { kind: 'send'; message: ToDevice }
  | { kind: 'verify-ticket'; ticket: string }
  | { kind: 'open-session'; device: DeviceId; by: Credentials }
  | { kind: 'close-session'; device: DeviceId; group: GroupPath | undefined; epoch: Epoch }
  /** `isGone`: this link, the newer one, has ended already. */
  | { kind: 'evict'; device: DeviceId; previous: SessionRef; isGone?: true }
  | ReportEffect
  /** The last effect of a session. */
  | { kind: 'end'; reason: CloseReason; target?: RedirectTarget };

export interface ReportEffect {
  kind: 'report';
  report: Report;
  channel: ReportTo;
  /** Epoch of the reporting session; `undefined`: the device has not attached. */
  epoch: Epoch | undefined;
  /** When the command was written to the link, where the report says that it was delivered or has its result. */
  sentAtMs: number | undefined;
  /** Why a command is unsent, as text; empty where the cause says it all. */
  why: string;
  /** Present for a command that is lost with its link and may be the cause of the link's end. */
  failed?: FailedAttempt;
}

export interface FailedAttempt {
  /** See attemptWeight. */
  weight: number;
  /** No other command can be the cause. */
  alone: boolean;
}

export function createSession(attendedMs: number, deadlines: SessionDeadlines): Session {
  return {
    state: { kind: 'greeting', deadlineMs: attendedMs + deadlines.greetingMs },
    deadlines,
    heardAtMs: attendedMs,
    unasked: undefined,
    detaches: undefined,
  };
}

export function isLive(session: Session): boolean {
  return session.state.kind === 'live';
}

/** The time, by the attended clock, at which the session ends unless its device is heard or its state changes before. */
export function endsAtMs({ state, heardAtMs }: Session): number {
  switch (state.kind) {
    case 'greeting':
      return state.deadlineMs;
    case 'known':
      return Math.min(state.deadlineMs, heardAtMs + state.terms.silenceLimitMs);
    // The device waits for us: it may not be read meanwhile, and owes nothing.
    case 'checking':
    case 'opening':
      return Number.POSITIVE_INFINITY;
    case 'live':
      return heardAtMs + state.terms.silenceLimitMs;
    case 'ended':
      return Number.POSITIVE_INFINITY;
    default:
      return state satisfies never;
  }
}

/** Whether the session has commands in flight, which have deadlines of their own. */
export function hasCommands({ state }: Session): boolean {
  return state.kind === 'live' && state.outbox !== undefined;
}

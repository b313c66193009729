import type { Capabilities, CommandId, common } from '@pushfleet/protocol';
import type { LinkKind } from '@pushfleet/registry';

/** The properties of a link's wire that the session needs; a part of the hello. */
export interface LinkTerms {
  link: LinkKind;
  /** Silence after which the device counts as gone. `Infinity`: never. */
  silenceLimitMs: number;
  /** Number of unconfirmed commands that may be on the wire at once. */
  window: number;
  /** Whether the device confirms commands. If not, only a result shows that a command has arrived. */
  confirms: boolean;
  /**
   * A command keeps its place in the window until it is confirmed, also where its result comes before that or never:
   * the wire counts packets, not commands. Otherwise the end of the command frees the place, too.
   */
  countsPackets: boolean;
  /** Shared by all links that declare the same. */
  capabilities: Capabilities;
}

/** Identifies the channel that a command came over; its reports go back there. */
export type ChannelId = number;

/** The channel that a report goes to; `every`: all channels, because the one that waits for it is not known. */
export type ReportTo = ChannelId | 'every';

/** A command on its way to a device, from a balancer or from the registry. */
export interface PushedCommand {
  id: CommandId;
  operation: common.Operation;
  payloadBytes: number;
  /** The command is never written to the link after this. */
  deliverByMs: number;
  /** Nobody waits for the result after this. */
  finishByMs: number;
  channel: ReportTo;
  /** The command is durable and may have been sent over an earlier link; the registry knows what became of it. */
  redelivered: boolean;
  /** A link has ended upon the command before: it is written after all others, and while nothing else is on the wire. */
  isSuspect: boolean;
}

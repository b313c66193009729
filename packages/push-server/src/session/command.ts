import type { Capabilities, CommandId, common } from '@pushfleet/protocol';
import type { LinkKind } from '@pushfleet/registry';

/** What a link's wire makes of the session; said with the greeting. */
export interface LinkTerms {
  link: LinkKind;
  /** The device is taken for gone when nothing was heard from it for this long. `Infinity`: never. */
  silenceLimitMs: number;
  /** How many unconfirmed commands may be on the wire at once. */
  window: number;
  /** Whether the device confirms commands. If not, only a result tells that one has arrived. */
  confirms: boolean;
  /**
   * A command keeps its place in the window until it is confirmed, also where its result comes before that or never:
   * the wire counts packets, not commands. Otherwise its end gives the place free, too.
   */
  countsPackets: boolean;
  /** Shared by all links that declare the same. */
  capabilities: Capabilities;
}

/** Names the channel that a command came over; its reports go back there. */
export type ChannelId = number;

/** To the channel that a command came over, or to every channel where that is not known. */
export type ReportTo = ChannelId | 'every';

/** A command as a balancer hands it over, or as the registry has it for the device. */
export interface PushedCommand {
  id: CommandId;
  operation: common.Operation;
  payloadBytes: number;
  /** Never written to the link after this. */
  deliverBy: number;
  /** Of no interest after this. */
  finishBy: number;
  channel: ReportTo;
  /** It may have been sent over an earlier link. Only of durable commands, of which the registry knows what became. */
  redelivered: boolean;
  /** A link has ended upon it before: it is written after all others, and while nothing else is on the wire. */
  isSuspect: boolean;
}

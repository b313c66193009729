import type { CommandId, common } from '@pushfleet/protocol';
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
}

/** Names the channel that a command came over; its reports go back there. */
export type ChannelId = number;

/** A command as a balancer hands it over. */
export interface PushedCommand {
  id: CommandId;
  operation: common.Operation;
  payloadBytes: number;
  /** Never written to the link after this. */
  deliverBy: number;
  /** Of no interest after this. */
  finishBy: number;
  channel: ChannelId;
}

import type { Events } from '@pushfleet/registry';
import type { AttendedTime, Clock, Logger } from '@pushfleet/runtime';
import type { TicketSigner } from '../assignment/ticket.ts';
import type { CommandModule } from '../commands/command-module.ts';
import { orderThrough } from './order.ts';
import { Tunnels } from './tunnels.ts';

export interface TunnelParts {
  /** How many may be open at once. */
  tunnels: number;
  signer: TicketSigner;
  events: Events;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

/** Devices are told over the ways of commands, and are announced on them when they come. */
export function createTunnels(
  parts: TunnelParts,
  commands: Pick<CommandModule, 'ids' | 'engine' | 'onTunnelArrival'>,
): Tunnels {
  const { signer, events, clock, attended, logger, tunnels: capacity } = parts;
  const tunnels = new Tunnels({
    ...{ events, clock, attended, logger, capacity },
    signToken: (device, tunnel) => signer.signTunnelToken(device, tunnel),
    order: orderThrough(commands.engine, commands.ids),
  });
  commands.onTunnelArrival = (channel, arrival) => tunnels.opener.arrivals.onArrival(channel, arrival);
  return tunnels;
}

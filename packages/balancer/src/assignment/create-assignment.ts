import type { BlockList } from 'node:net';
import { type Registry, reportLockedSignIns } from '@pushfleet/registry';
import { type Clock, DeviceSignIns, type TicketKeySource } from '@pushfleet/runtime';
import { Assigner, type AssignerOptions } from './assigner.ts';
import { AssignmentQueue } from './assignment-queue.ts';
import { Enroller } from './enrollment/enroller.ts';
import type { AssignmentServerOptions } from './server.ts';

/** The parts of the port that devices ask: what a balancer is set to, and what it has for other purposes as well. */
export interface AssignmentParts
  extends Omit<
      AssignmentServerOptions,
      'at' | 'bindSetting' | 'assigner' | 'enroller' | 'shared' | 'signIns' | 'ticketKeys'
    >,
    Omit<AssignerOptions, 'registry' | 'queue' | 'signIns'> {
  registry: Registry;
  bind: string;
  assignBind?: string | undefined;
  assignPort: number;
  sharedNetworks?: BlockList | undefined;
  ticketKeys: TicketKeySource | undefined;
  clock: Clock;
}

/** The assigner, what registers new devices, and what bounds both. */
export function createAssignmentOptions(parts: AssignmentParts): AssignmentServerOptions {
  const { registry, clock, logger, ticketKeys, sharedNetworks, bind, assignBind, assignPort, ...rest } = parts;
  const queue = new AssignmentQueue(clock);
  const onLocked = reportLockedSignIns({ events: registry.events, clock, logger });
  const signIns = new DeviceSignIns({ clock, shared: sharedNetworks, onLocked });
  return {
    ...rest,
    at: { host: assignBind ?? bind, port: assignPort },
    bindSetting: assignBind === undefined ? 'PUSHFLEET_BIND' : 'PUSHFLEET_ASSIGN_BIND',
    ...(ticketKeys ? { ticketKeys } : {}),
    ...{ shared: sharedNetworks, signIns, logger },
    assigner: new Assigner({ ...parts, queue, signIns }),
    enroller: new Enroller({ registry, clock, logger, queue, signIns }),
  };
}

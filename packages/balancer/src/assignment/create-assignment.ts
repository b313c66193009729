import type { BlockList } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type Registry, reportLockedSignIns } from '@pushfleet/registry';
import { type Clock, DeviceSignIns, type Live, type TicketKeySource } from '@pushfleet/runtime';
import { Assigner, type AssignerOptions } from './assigner.ts';
import { AssignmentQueue } from './assignment-queue.ts';
import { Enroller } from './enrollment/enroller.ts';
import { DeviceCertificates } from './identity/device-certificates.ts';
import type { DeviceTrust } from './identity/device-trust.ts';
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
  deviceTrust?: Live<DeviceTrust> | undefined;
  ticketKeys: TicketKeySource | undefined;
  clock: Clock;
}

/** The assigner, what registers new devices, and what bounds both. */
export function createAssignmentOptions(parts: AssignmentParts): AssignmentServerOptions {
  const {
    registry,
    clock,
    logger,
    ticketKeys,
    sharedNetworks,
    bind,
    assignBind,
    assignPort,
    deviceTrust: trust,
    ...rest
  } = parts;
  const queue = new AssignmentQueue(clock);
  const onLocked = reportLockedSignIns({ events: registry.events, clock, logger });
  const signIns = new DeviceSignIns({ clock, shared: sharedNetworks, onLocked });
  return {
    ...rest,
    tls: trust ? askingForCertificates(rest.tls) : rest.tls,
    at: { host: assignBind ?? bind, port: assignPort },
    bindSetting: assignBind === undefined ? 'PUSHFLEET_BIND' : 'PUSHFLEET_ASSIGN_BIND',
    ...(ticketKeys ? { ticketKeys } : {}),
    ...{ shared: sharedNetworks, signIns, logger },
    assigner: new Assigner({ ...parts, queue, signIns, certificates: trust && new DeviceCertificates(trust, clock) }),
    enroller: new Enroller({ registry, clock, logger, queue, signIns }),
  };
}

/**
 * No certificate, or one of somebody else, ends no handshake: whoever shows none has a secret, and all is looked at when the device asks. OpenSSL is not
 * told the CAs: a signature that it finds bad leaves an error behind by which Node.js ends the connection, without a word to the device.
 */
function askingForCertificates(tls: Live<TlsOptions>): Live<TlsOptions> {
  const asking = (options: TlsOptions): TlsOptions => ({ ...options, requestCert: true, rejectUnauthorized: false });
  return {
    get current() {
      return asking(tls.current);
    },
    onChange: (use) => tls.onChange((options) => use(asking(options))),
  };
}

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
    tls: trust ? askingForCertificates(rest.tls, trust) : rest.tls,
    at: { host: assignBind ?? bind, port: assignPort },
    bindSetting: assignBind === undefined ? 'PUSHFLEET_BIND' : 'PUSHFLEET_ASSIGN_BIND',
    ...(ticketKeys ? { ticketKeys } : {}),
    ...{ shared: sharedNetworks, signIns, logger },
    assigner: new Assigner({ ...parts, queue, signIns, certificates: trust && new DeviceCertificates(trust, clock) }),
    enroller: new Enroller({ registry, clock, logger, queue, signIns }),
  };
}

/** No certificate, or one of somebody else, ends no handshake: whoever shows none has a secret, and all is looked at when the device asks. */
function askingForCertificates(tls: Live<TlsOptions>, trust: Live<DeviceTrust>): Live<TlsOptions> {
  const options = (): TlsOptions => ({
    ...tls.current,
    ...{ requestCert: true, rejectUnauthorized: false },
    // Clients with several certificates choose by the names of these.
    ca: trust.current.authorities.map((authority) => authority.toString()),
  });
  return {
    get current() {
      return options();
    },
    onChange: (use) => {
      const sources = [tls.onChange(() => use(options())), trust.onChange(() => use(options()))];
      return {
        [Symbol.dispose]: () => {
          for (const source of sources) source[Symbol.dispose]();
        },
      };
    },
  };
}

import type { X509Certificate } from 'node:crypto';
import type { AddressCheck } from '@pushfleet/registry';
import type { AttendedTime, Clock, Logger } from '@pushfleet/runtime';
import { probeAddress } from './address-probe.ts';
import { Reachability, type ReachabilityOptions } from './reachability.ts';

export interface ReachabilitySettings {
  /** The CAs that devices trust; `undefined`: not known. */
  authorities: readonly X509Certificate[] | undefined;
  addressCheck: AddressCheck;
}

export interface ReachabilityParts extends ReachabilitySettings, Pick<ReachabilityOptions, 'conditionOf'> {
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

const probeDeadlineMs = 5_000;

/** What tries push servers over real sockets. */
export function createReachability(parts: ReachabilityParts): Reachability {
  const { authorities, attended, clock } = parts;
  const wallMs = () => clock.wallMs();
  const probe: ReachabilityOptions['probe'] = (target) =>
    probeAddress(target, { authorities, attended, wallMs, deadlineMs: probeDeadlineMs });
  return new Reachability({ ...parts, probe });
}

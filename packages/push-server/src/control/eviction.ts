import type { DeviceId, node } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import { describeMember, type Member, type Refusal } from '@pushfleet/runtime';

export interface JudgedEvictions {
  permitted: node.Eviction[];
  /** About the first that is not borne out. */
  refusal: Refusal | undefined;
}

/** Sessions of the devices as the registry has them. */
export interface KnownSessions {
  current: ReadonlyMap<DeviceId, SessionRef>;
  /** Devices that were connected to the caller before they went on to where they are now. */
  formerlyAtCaller: ReadonlySet<DeviceId>;
}

/**
 * The evictions that the registry bears out: the device has a session by now that is newer than the one that is to end, and it is,
 * or was, the caller's. One whose newer session has closed meanwhile is left out, and is nobody's fault. Pure.
 */
export function judgeEvictions(
  evictions: readonly node.Eviction[],
  { current, formerlyAtCaller }: KnownSessions,
  caller: Member | undefined,
): JudgedEvictions {
  const permitted: node.Eviction[] = [];
  let refusal: Refusal | undefined;
  for (const eviction of evictions) {
    const session = current.get(eviction.deviceId as DeviceId);
    if (!session) continue;
    const isHolder = caller?.role === 'balancer' || session.nodeId === caller?.name;
    const isNewer = session.epoch > eviction.epoch;
    if (isNewer && (isHolder || formerlyAtCaller.has(eviction.deviceId as DeviceId))) permitted.push(eviction);
    else refusal ??= refuse(eviction, caller, isNewer);
  }
  return { permitted, refusal };
}

/** Devices whose newer session is at a third push server: whether the caller ever had them, only their history tells. Pure. */
export function heldByThird(
  evictions: readonly node.Eviction[],
  current: ReadonlyMap<DeviceId, SessionRef>,
  caller: Member | undefined,
): DeviceId[] {
  if (caller?.role !== 'push-server') return [];
  return evictions.flatMap(({ deviceId, epoch }) => {
    const session = current.get(deviceId as DeviceId);
    return session && session.epoch > epoch && session.nodeId !== caller.name ? [deviceId as DeviceId] : [];
  });
}

function refuse({ deviceId }: node.Eviction, member: Member | undefined, isNewer: boolean): Refusal {
  const who = member ? describeMember(member) : 'somebody';
  const why = isNewer ? 'whose newer session is not there' : 'which has no newer session elsewhere';
  const detail = `${who} asked to evict device ${deviceId}, ${why}`;
  return { reason: 'not-superseded', member, detail };
}

import type { DeviceId, node } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import { describeMember, type Member, type Refusal } from '@pushfleet/runtime';

export interface JudgedEvictions {
  permitted: node.Eviction[];
  /** About the first that is not borne out. */
  refusal: Refusal | undefined;
}

/**
 * The evictions that the registry bears out: the device has a session by now that is newer than the one that is to end, whoever
 * asks. One whose newer session has closed meanwhile is left out, and is nobody's fault. Pure.
 */
export function judgeEvictions(
  evictions: readonly node.Eviction[],
  sessions: ReadonlyMap<DeviceId, SessionRef>,
  caller: Member | undefined,
): JudgedEvictions {
  const permitted: node.Eviction[] = [];
  let refusal: Refusal | undefined;
  for (const eviction of evictions) {
    const session = sessions.get(eviction.deviceId as DeviceId);
    if (!session) continue;
    if (session.epoch > eviction.epoch) permitted.push(eviction);
    else refusal ??= refuse(eviction, caller);
  }
  return { permitted, refusal };
}

function refuse({ deviceId }: node.Eviction, member: Member | undefined): Refusal {
  const who = member ? describeMember(member) : 'somebody';
  const detail = `${who} asked to evict device ${deviceId}, which has no newer session elsewhere`;
  return { reason: 'not-superseded', member, detail };
}

import { limits, type NodeId, type WorkerId } from '@pushfleet/protocol';
import { type Clock, type DeviceSignIn, type LockedBy, TokenBucket, visibleText } from '@pushfleet/runtime';
import { type EventWriting, rareEvents, writeEvent } from './write-event.ts';

export interface SignInEventsOptions extends EventWriting {
  clock: Pick<Clock, 'now' | 'wallMs'>;
  /** The worker that it is. Absent: a balancer. */
  worker?: { node: NodeId; worker: WorkerId };
}

/** Writes among the events of the fleet where sign-ins of devices are locked, rate-capped. Never throws. */
export function reportLockedSignIns({ worker, ...writing }: SignInEventsOptions) {
  const { clock, logger } = writing;
  const budget = new TokenBucket(rareEvents, clock.now());
  return (signIn: DeviceSignIn, by: LockedBy, lockedMs: number): void => {
    if (!budget.take(clock.now())) return;
    const reason = visibleText(`${wordsOf(signIn, by)}: locked for ${Math.ceil(lockedMs / 1_000)} s`);
    logger.warn({ reason }, 'too many sign-ins of devices have failed');
    writeEvent(writing, { kind: 'sign-ins-locked', reason: reason.slice(0, limits.reasonChars), ...worker });
  };
}

/** Whoever claims to be a device is not known to be it: the event is none of that device. */
function wordsOf({ address, identity }: DeviceSignIn, by: LockedBy): string {
  switch (by) {
    case 'pair':
      return `sign-ins as "${identity}" from ${address} fail`;
    case 'address':
      return `sign-ins from ${address} fail`;
    case 'identity':
      return `sign-ins as "${identity}" fail`;
    default:
      return by satisfies never;
  }
}

import { limits, type NodeId, type WorkerId } from '@pushfleet/protocol';
import {
  type Clock,
  type DeviceSignIn,
  type LockedBy,
  type Logger,
  TokenBucket,
  visibleText,
} from '@pushfleet/runtime';
import type { Events } from './events.ts';

export interface SignInEventsOptions {
  events: Pick<Events, 'append'>;
  clock: Pick<Clock, 'now' | 'wallMs'>;
  logger: Logger;
  /** The worker that it is. Absent: a balancer. */
  worker?: { node: NodeId; worker: WorkerId };
}

/** Events of one process: what is more is in its metrics. */
const rate = { burst: 20, perSecond: 1 / 6 } as const;

/** Writes among the events of the fleet where sign-ins of devices are locked, rate-capped. Never throws. */
export function reportLockedSignIns({ events, clock, logger, worker }: SignInEventsOptions) {
  const budget = new TokenBucket(rate, clock.now());
  return (signIn: DeviceSignIn, by: LockedBy, lockedMs: number): void => {
    if (!budget.take(clock.now())) return;
    const reason = visibleText(`${wordsOf(signIn, by)}: locked for ${Math.ceil(lockedMs / 1_000)} s`);
    logger.warn({ reason }, 'too many sign-ins of devices have failed');
    const event = {
      kind: 'sign-ins-locked',
      atMs: clock.wallMs(),
      reason: reason.slice(0, limits.reasonChars),
    } as const;
    events.append([{ ...event, ...worker }]).catch((error: unknown) => {
      logger.warn({ err: error, reason }, 'locked sign-ins are not in the event log');
    });
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

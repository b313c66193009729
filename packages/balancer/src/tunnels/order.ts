import { randomUUID } from 'node:crypto';
import { limits, parseCommandId } from '@pushfleet/protocol';
import type { PushDesk } from '../commands/push-desk.ts';
import type { OpenerOptions } from './opener.ts';

/** The device connects to the target and to a worker meanwhile; each of both may take ten seconds. */
const finishWithinMs = 25_000;

/** Orders to devices that are commands like all others. */
export function orderThrough(desk: Pick<PushDesk, 'pushDirect' | 'cancel'>): OpenerOptions['order'] {
  return async (device, operation, signal) => {
    const id = parseCommandId(randomUUID());
    // Best effort: a device that comes all the same finds nobody, and gives up.
    const withdraw = () => void desk.cancel({ device, id }, 'the tunnel is not wanted any more').catch(() => undefined);
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      const deliverWithinMs = limits.deliverWithinDefaultMs;
      const push = { deviceId: device, operation, wait: 'finished', deliverWithinMs, finishWithinMs } as const;
      const { status } = await desk.pushDirect({ ...push, durable: undefined }, id);
      return status;
    } finally {
      signal.removeEventListener('abort', withdraw);
    }
  };
}

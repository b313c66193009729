import { limits } from '@pushfleet/protocol';
import type { CommandIds } from '../commands/command-id.ts';
import { AwaitedAnswer, type CommandEngine } from '../commands/engine.ts';
import type { OpenerOptions } from './opener.ts';

/** The device connects to the target and to a worker meanwhile; each of both may take ten seconds. */
const finishWithinMs = 25_000;

/** Orders to devices that are commands like all others. */
export function orderThrough(
  engine: Pick<CommandEngine, 'submit' | 'cancel'>,
  ids: Pick<CommandIds, 'next'>,
): OpenerOptions['order'] {
  return async (device, operation, signal) => {
    const id = ids.next();
    // Best effort: a device that comes all the same finds nobody, and gives up.
    const withdraw = () =>
      void engine.cancel({ device, id }, 'the tunnel is not wanted any more').catch(() => undefined);
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      const terms = { operation, deliverWithinMs: limits.deliverWithinDefaultMs, finishWithinMs };
      const listener = new AwaitedAnswer();
      engine.submit({ device, id, hasChosenId: false, ...terms }, { listener, tag: 0, on: 'finished' });
      return (await listener.answer).status;
    } finally {
      signal.removeEventListener('abort', withdraw);
    }
  };
}

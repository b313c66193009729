import type { Duplex } from 'node:stream';
import { tunnelClosed } from './call.ts';

/**
 * Joins two streams: what comes from one goes to the other, each direction as fast as it is read, and ended by itself.
 * When one is destroyed, so is the other. Resolves when both are closed, with what destroyed them, if anything did.
 * Streams that are to carry on in one direction after the end of the other must allow to be half open.
 */
export function splice(one: Duplex, other: Duplex): Promise<Error | undefined> {
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  let cause: Error | undefined;
  let open = 2;
  const watch = (stream: Duplex, partner: Duplex) => {
    stream.on('error', (error) => {
      cause ??= error;
    });
    stream.once('close', () => {
      const isComplete = stream.readableEnded && stream.writableFinished;
      if (!isComplete) cause ??= tunnelClosed('the connection was closed');
      if (cause) partner.destroy(cause);
      open -= 1;
      if (open === 0) resolve(cause);
    });
  };
  watch(one, other);
  watch(other, one);
  one.pipe(other);
  other.pipe(one);
  return promise;
}

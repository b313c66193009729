import net, { type Socket } from 'node:net';
import { formatHostPort, type Target } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';

const connectWithinMs = 10_000;

/** Rejects with an error that says what was tried, or with the signal's reason. */
export function connectTo({ host, port }: Target, clock: Clock, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error) => {
      release();
      socket.destroy();
      reject(error);
    };
    const failed = (why: string) => fail(new Error(`cannot connect to ${formatHostPort(host, port)}: ${why}`));
    const onError = (error: NodeJS.ErrnoException) => failed(error.message || (error.code ?? 'unknown'));
    const onAbort = () => fail(signal.reason as Error);
    const deadline = clock.after(connectWithinMs, () => failed(`no answer within ${connectWithinMs} ms`));
    const release = () => {
      deadline[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      // Until someone else listens, an error is not to end the process.
      socket.on('error', () => undefined);
    };
    socket.on('error', onError);
    socket.once('connect', () => {
      release();
      resolve(socket);
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

import type { Socket } from 'node:net';
import { limits } from '@pushfleet/protocol';
import type { Clock } from '@pushfleet/runtime';

/** Cuts off a client that opens a connection, finishes its TLS handshake and then says nothing. */
export function cutOffSilent(socket: Socket, clock: Clock): void {
  const before = socket.bytesRead;
  const deadline = clock.after(limits.greetingDeadlineMs, () => {
    if (socket.bytesRead === before) socket.destroy();
  });
  socket.once('close', () => deadline[Symbol.dispose]());
}

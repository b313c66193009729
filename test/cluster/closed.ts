import type { Socket } from 'node:net';

/** Resolves once the socket is closed, be it by a reset, which `once` takes for a failure. Rejects where that does not come in time. */
export async function closed(socket: Socket, withinMs = 20_000): Promise<void> {
  socket.on('error', () => {});
  if (socket.closed) return;
  await new Promise((resolve, reject) => {
    socket.once('close', resolve);
    AbortSignal.timeout(withinMs).addEventListener('abort', reject);
  });
}

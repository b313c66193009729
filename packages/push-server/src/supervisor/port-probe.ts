import { once } from 'node:events';
import net from 'node:net';
import { PushfleetError } from '@pushfleet/protocol';

/**
 * Makes sure that nobody else listens on the port. Workers share it with SO_REUSEPORT, and so would a stranger that
 * sets it too, without either noticing.
 * @throws PushfleetError INVALID_ARGUMENT that names the port and the setting.
 */
export async function assertPortFree(host: string, port: number): Promise<void> {
  const probe = net.createServer();
  try {
    probe.listen({ host, port });
    await once(probe, 'listening');
  } catch (cause) {
    throw new PushfleetError('INVALID_ARGUMENT', problemText(port, cause), { field: 'push_server.port', cause });
  }
  probe.close();
  await once(probe, 'close');
}

function problemText(port: number, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  const setting = 'set another `push server port` on the distribution point';
  if (code === 'EADDRINUSE') return `port ${port} is taken; ${setting}`;
  if (code === 'EACCES') return `port ${port} needs privileges that this process does not have; ${setting}`;
  return `port ${port} cannot be opened (${message})`;
}

import { PushfleetError } from '@pushfleet/protocol';
import type { Listener } from '@pushfleet/runtime';

/** @throws PushfleetError INVALID_ARGUMENT that names the port and the setting to change. */
export async function listen(listener: Listener, at: { host: string; port: number }, setting: string): Promise<void> {
  try {
    await listener.listen();
  } catch (cause) {
    throw new PushfleetError('INVALID_ARGUMENT', explain(cause as NodeJS.ErrnoException, at, setting), { cause });
  }
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
  setting: string,
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; choose another with ${setting}`;
    case 'EACCES':
      return `port ${port} needs more rights than this process has; choose another with ${setting}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine; choose another with PUSHFLEET_BIND`;
    default:
      return `cannot listen on port ${port} of ${host}: ${error.message}`;
  }
}

import { PushfleetError } from '@pushfleet/protocol';
import type { Listener } from '@pushfleet/runtime';

/**
 * @param setting That of the port.
 * @param hostSetting That of the address.
 * @throws PushfleetError INVALID_ARGUMENT that names the port and the setting to change.
 */
export async function listen(
  listener: Pick<Listener, 'listen'>,
  at: { host: string; port: number },
  setting: string,
  hostSetting: string,
): Promise<void> {
  try {
    await listener.listen();
  } catch (cause) {
    throw new PushfleetError('INVALID_ARGUMENT', explain(cause as NodeJS.ErrnoException, at, setting, hostSetting), {
      cause,
    });
  }
}

function explain(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
  setting: string,
  hostSetting: string,
): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} is taken; choose another with ${setting}`;
    case 'EACCES':
      return `port ${port} needs more rights than this process has; choose another with ${setting}`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this machine; choose another with ${hostSetting}`;
    default:
      return `cannot listen on port ${port} of ${host}: ${error.message}`;
  }
}

import { parseHostPort } from '@pushfleet/protocol';
import { InvalidArgumentError } from 'commander';

export interface LocalAddress {
  host: string;
  port: number;
}

/** `2222`, `127.0.0.1:2222`, `[::1]:2222`; without a host, this machine alone. 0: any free port. */
export function parseLocalAddress(text: string): LocalAddress {
  const [, hostPart = '127.0.0.1', portPart] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  // Port 0 is no address of anything, but one may listen on it.
  const parsed = parseHostPort(`${hostPart}:${portPart === '0' ? '1' : portPart}`);
  if (!parsed) throw new InvalidArgumentError('It must be a port or host:port, e.g. 2222 or 0.0.0.0:2222.');
  return { host: parsed.address, port: Number(portPart) };
}

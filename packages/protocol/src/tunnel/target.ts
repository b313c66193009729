import { invalidArgument } from '../error.ts';
import { parseHostPort } from '../host-port.ts';

/** The target of a tunnel, as seen from the device. */
export interface Target {
  host: string;
  port: number;
}

const hostForm = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45})$/;

/** @throws PushfleetError INVALID_ARGUMENT that names `field`. */
export function parseTarget(text: unknown, field = 'target'): Target {
  const parsed = typeof text === 'string' ? parseHostPort(text) : undefined;
  if (!parsed || !hostForm.test(parsed.address)) throw invalidArgument(field, 'host:port, e.g. "127.0.0.1:22"');
  return { host: parsed.address, port: parsed.port };
}

import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';

const maxContexts = 16;
const contexts = new Map<string, SecureContext>();

/** One context for all devices that trust the same CA: a context weighs far more than a device. */
export function secureContextOf(ca: Buffer | string | undefined): SecureContext {
  const pem = ca?.toString() ?? '';
  const known = contexts.get(pem);
  if (known !== undefined) return known;
  const context = createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) });
  contexts.set(pem, context);
  if (contexts.size > maxContexts) contexts.delete(contexts.keys().next().value ?? '');
  return context;
}

/** SNI names hosts only (RFC 6066, 3): an IP address gives none. */
export function serverNameOf(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

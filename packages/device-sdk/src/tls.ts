import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';

/** A client certificate with the key to it, PEM. */
export interface ClientCertificate {
  certificate: Buffer | string;
  key: Buffer | string;
}

const maxContexts = 16;
const contexts = new Map<string, SecureContext>();

/**
 * One context for all devices that trust the same CA: a context weighs far more than a device. A device with a certificate has one of its own, and with it
 * TLS sessions of its own: a session that is resumed says who began it.
 * @throws Error where certificate and key do not fit, or are none
 */
export function secureContextOf(ca: Buffer | string | undefined, client?: ClientCertificate): SecureContext {
  const options = { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) };
  if (client) return createSecureContext({ ...options, cert: client.certificate, key: client.key });
  const pem = ca?.toString() ?? '';
  const known = contexts.get(pem);
  if (known !== undefined) return known;
  const context = createSecureContext(options);
  contexts.set(pem, context);
  if (contexts.size > maxContexts) contexts.delete(contexts.keys().next().value ?? '');
  return context;
}

/** SNI names hosts only (RFC 6066, 3): an IP address gives none. */
export function serverNameOf(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

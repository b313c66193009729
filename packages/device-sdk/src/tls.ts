import { createSecureContext, type SecureContext } from 'node:tls';

const remembered = 16;
const contexts = new Map<string, SecureContext>();

/** One context for all devices that trust the same CA: a context weighs far more than a device. */
export function secureContextOf(ca: Buffer | string | undefined): SecureContext {
  const pem = ca?.toString() ?? '';
  const known = contexts.get(pem);
  if (known !== undefined) return known;
  const context = createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) });
  contexts.set(pem, context);
  if (contexts.size > remembered) contexts.delete(contexts.keys().next().value ?? '');
  return context;
}

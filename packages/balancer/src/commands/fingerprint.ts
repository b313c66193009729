import { createHash, type Hash } from 'node:crypto';

/**
 * Tells requests apart that carry the same idempotency key or id: equal for equal values, whatever the order of the keys
 * of their objects; bytes count by their content. 22 characters.
 */
export function fingerprint(value: unknown): string {
  const hash = createHash('sha256');
  feed(hash, value);
  return hash.digest().subarray(0, 16).toString('base64url');
}

/** Everything says its kind and size first, so that no two values feed the same bytes. */
function feed(hash: Hash, value: unknown): void {
  if (value instanceof Uint8Array) hash.update(`bytes ${value.length}\n`).update(value);
  else if (typeof value === 'string') hash.update(`text ${Buffer.byteLength(value)}\n${value}`);
  else if (typeof value === 'object' && value !== null) feedFields(hash, value);
  else hash.update(`${typeof value} ${String(value)}\n`);
}

function feedFields(hash: Hash, value: object): void {
  const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null);
  hash.update(`fields ${fields.length}\n`);
  for (const [name, field] of fields.sort(([a], [b]) => (a < b ? -1 : 1))) {
    feed(hash, name);
    feed(hash, field);
  }
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const scheme = 'sha256';
const saltBytes = 16;

/**
 * The hash of a device's secret as it is stored: `sha256$salt$hash`, the latter two in base64url.
 *
 * A fast hash is enough, and needed. By rule a secret is made by a machine and has 128 bits of entropy or more (16 to
 * 256 bytes), so that nobody finds it by trying, however cheap one try is; scrypt protects secrets that people choose.
 * And it would cost a second of CPU for every twenty devices, on the day when 50,000 of them return at once.
 */
export function hashSecret(secret: string): string {
  const salt = randomBytes(saltBytes);
  return [scheme, salt.toString('base64url'), digest(secret, salt).toString('base64url')].join('$');
}

/** Takes the same time wherever the two differ. A `hash` that is not of `hashSecret`'s form fits no secret. */
export function verifySecret(secret: string, hash: string): boolean {
  const [name, salt, expected, ...rest] = hash.split('$');
  if (name !== scheme || salt === undefined || expected === undefined || rest.length > 0) return false;
  const actual = digest(secret, Buffer.from(salt, 'base64url'));
  const stored = Buffer.from(expected, 'base64url');
  return stored.length === actual.length && timingSafeEqual(stored, actual);
}

function digest(secret: string, salt: Buffer): Buffer {
  return createHmac(scheme, salt).update(secret).digest();
}

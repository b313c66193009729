import { createHash, randomBytes } from 'node:crypto';

/** How a token is kept: its id, by which it is found, and its hash. */
export interface EnrollmentTokenDigest {
  /** The beginning of the hash. */
  id: string;
  /** SHA-256 in hex. A token is 256 random bits: nobody finds it by trying, however cheap one try is. */
  hash: string;
}

const randomness = 32;
/** By which people, and tools that look for secrets in files, know what it is. */
const prefix = 'pushfleet_enroll_';
const pattern = new RegExp(`^${prefix}[\\w-]{43}$`);
const idChars = 16;

export const enrollmentTokenRule = `an enrollment token, which begins with ${prefix}`;

export function createEnrollmentToken(): string {
  return `${prefix}${randomBytes(randomness).toString('base64url')}`;
}

export function isEnrollmentToken(value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

export function digestEnrollmentToken(token: string): EnrollmentTokenDigest {
  const hash = createHash('sha256').update(token).digest('hex');
  return { id: hash.slice(0, idChars), hash };
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TokenGrant } from '@pushfleet/registry';
import { type Caller, hashToken, type NamedToken, type TokenDirectory } from './token-directory.ts';

const secretBytes = 32;
const secretPattern = /^[A-Za-z0-9_-]{43}$/;

/** Whether it may be such a secret: nobody need ask the registry for anything else. */
export function isGrantSecret(shown: string): boolean {
  return secretPattern.test(shown);
}

/**
 * A new secret, 256 random bits in characters that stand in cookies and links as they are, and the grant as the registry keeps it:
 * nobody learns the secret or the token from that.
 * @param caller Whose token is good now.
 */
export function createGrant(
  tokens: Pick<TokenDirectory, 'named'>,
  { name }: Caller,
): { secret: string; grant: TokenGrant } {
  const token = tokens.named(name);
  if (!token) throw new TypeError(`there is no token ${name}`);
  const secret = randomBytes(secretBytes).toString('base64url');
  return { secret, grant: { hash: hashToken(secret), tokenName: name, tokenProof: proofOf(secret, token) } };
}

/** The caller for whom the grant was made; `undefined`: its token was revoked, was replaced or has expired. */
export function callerOfGrant(
  tokens: Pick<TokenDirectory, 'named'>,
  secret: string,
  { tokenName, tokenProof }: TokenGrant,
): Caller | undefined {
  const token = tokens.named(tokenName);
  return token && isSame(proofOf(secret, token), tokenProof) ? token.caller : undefined;
}

/** In a time that tells nothing of where they differ. */
export function isSame(shown: string, expected: string): boolean {
  const [left, right] = [Buffer.from(shown), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Keyed by the secret, so that nobody finds a weak token of a file by trying, who only reads the registry. */
function proofOf(secret: string, { digest }: NamedToken): string {
  return createHmac('sha256', secret).update(digest).digest('hex');
}

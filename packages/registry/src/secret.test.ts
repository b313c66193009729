import { describe, expect, it } from 'vitest';
import { hashSecret, verifySecret } from './secret.ts';

const secret = 'k3J9x-Yp0aQm7sTz2LwV';

describe('hashSecret', () => {
  it('makes a hash that the secret fits, and no other', () => {
    const hash = hashSecret(secret);
    expect(hash).toMatch(/^sha256\$[\w-]{22}\$[\w-]{43}$/);
    expect(hash).not.toContain(secret);
    expect(verifySecret(secret, hash)).toBe(true);
    expect(verifySecret(`${secret}x`, hash)).toBe(false);
    expect(verifySecret('', hash)).toBe(false);
  });

  it('makes another hash of the same secret each time', () => {
    expect(hashSecret(secret)).not.toBe(hashSecret(secret));
  });

  it.each(['', 'sha256', 'sha256$$', 'sha256$c2FsdA$', 'sha256$c2FsdA$aGFzaA', 'md5$c2FsdA$aGFzaA', 'a$b$c$d'])(
    'fits no secret to the malformed hash "%s"',
    (hash) => {
      expect(verifySecret(secret, hash)).toBe(false);
    },
  );

  it('fits nothing to a hash of another scheme or with more in it', () => {
    const hash = hashSecret(secret);
    expect(verifySecret(secret, hash.replace('sha256', 'sha1'))).toBe(false);
    expect(verifySecret(secret, `${hash}$`)).toBe(false);
  });
});

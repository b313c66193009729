import { hashSecret, verifySecret } from '@pushfleet/registry';

/**
 * The hash to keep: the known one, where no secret is given or it is the same, because another hash is another secret to
 * the registry and makes the device's tickets void. `undefined`: there is none.
 */
export function resolveHash(secret: string | undefined, known: string | undefined): string | undefined {
  if (known !== undefined && (secret === undefined || verifySecret(secret, known))) return known;
  return secret === undefined ? undefined : hashSecret(secret);
}

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { makePrivateDirectory, readFileIfAny, writePrivateFile } from './private-file.ts';

/** The secret in `file`, which is made where there is none. Without a newline, so that `curl -d @file` sends it bare. */
export function ensureSecretFile(file: string): string {
  const existing = readSecretFile(file);
  if (existing) return existing;
  const secret = createSecret();
  makePrivateDirectory(dirname(file));
  writePrivateFile(file, secret);
  return secret;
}

/** `undefined`: no such file. */
export function readSecretFile(file: string): string | undefined {
  return readFileIfAny(file)?.trim();
}

/** Where the secret of one device lies. */
export function deviceSecretFile(stateDir: string, deviceId: string): string {
  return join(stateDir, 'devices', `${deviceId}.secret`);
}

/** 256 bits, in characters that need no escape in a URL, a shell or a header. */
function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

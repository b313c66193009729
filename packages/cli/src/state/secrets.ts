import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { findHidden, limits, PushfleetError } from '@pushfleet/protocol';
import { decodeText, readBoundedFile } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { makePrivateDirectory, writePrivateFile } from './private-file.ts';

const greatestFileBytes = 65_536;

/** The secret in `file`, which is made where there is none. Without a newline, so that `curl -d @file` sends it bare. */
export function ensureSecretFile(file: string): string {
  const existing = readSecretFile(file);
  if (existing) return existing;
  const secret = createSecret();
  makePrivateDirectory(dirname(file));
  writePrivateFile(file, secret);
  return secret;
}

/** A secret in `file`, in place of the one that may be there. */
export function replaceSecretFile(file: string): string {
  const secret = createSecret();
  writePrivateFile(file, secret);
  return secret;
}

/**
 * The one line in the file, without blanks around it; `''`: there is nothing in it. `undefined`: no such file.
 * @throws CommandFailure, PushfleetError INVALID_ARGUMENT that name the file and not the secret
 */
export function readSecretFile(file: string): string | undefined {
  const bytes = readIfAny(file);
  if (bytes === undefined) return undefined;
  const secret = decodeText(bytes, file).trim();
  const fault = findSecretFault(secret);
  if (fault) throw new CommandFailure(`${file}: the secret has ${fault}`);
  return secret;
}

/**
 * A fault of the secret that editors, shells and YAML leave there, as `2 lines; …`. With it the device would be refused for
 * a reason that nobody sees. `undefined`: none.
 */
export function findSecretFault(secret: string): string | undefined {
  const lines = secret.split(/\r\n|\n|\r/).length;
  if (lines > 1) return `${lines} lines; a secret is one line`;
  const hidden = findHidden(secret);
  return hidden && `a character that nobody sees, ${hidden}`;
}

interface SecretOptions {
  /** Make the file where it is missing or empty. */
  make: boolean;
  /** The flag by which the user has it made. */
  flag: string;
}

/** The secret of a device in `file`. @throws CommandFailure, PushfleetError that name the file and not the secret */
export function loadDeviceSecret(file: string, { make, flag }: SecretOptions): string {
  const secret = make ? ensureSecretFile(file) : readSecretFile(file);
  if (secret === undefined) throw new CommandFailure(`there is no file ${file}; ${flag} makes it`);
  const bytes = Buffer.byteLength(secret);
  if (bytes >= limits.secretMinBytes && bytes <= limits.secretMaxBytes) return secret;
  throw new CommandFailure(
    `${file}: a secret must be ${limits.secretMinBytes} to ${limits.secretMaxBytes} bytes; it has ${bytes}`,
  );
}

/** The path of the file with the secret of one device. */
export function deviceSecretFile(stateDir: string, deviceId: string): string {
  return join(stateDir, 'devices', `${deviceId}.secret`);
}

/** 256 bits, in characters that need no escape in a URL, a shell or a header. */
function createSecret(): string {
  return randomBytes(32).toString('base64url');
}

function readIfAny(file: string): Buffer | undefined {
  try {
    return readBoundedFile(file, greatestFileBytes);
  } catch (cause) {
    if (cause instanceof PushfleetError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CommandFailure(`cannot read ${file} (${code})`, { cause });
  }
}

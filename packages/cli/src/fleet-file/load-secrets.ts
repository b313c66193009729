import { dirname, resolve } from 'node:path';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { CommandFailure } from '../output/failure.ts';
import { ensureSecretFile, readSecretFile } from '../state/secrets.ts';
import type { FleetFile } from './schema.ts';

/** `secret` absent: the device keeps the one that it has. */
export type FleetDevice = Omit<NewDevice, 'deviceId'> & { id: string };

export interface SecretOptions {
  /** The fleet file, which relative paths in it are relative to. */
  file: string;
  /** Make secret files that are missing. */
  make: boolean;
}

/** @throws CommandFailure that names the place and the file. */
export function loadSecrets(fleet: FleetFile, options: SecretOptions): FleetDevice[] {
  return fleet.devices.map(({ id, group, secret, secretFile, labels, linkKinds }, index) => {
    const loaded = secretFile === undefined ? secret : load(secretFile, `devices[${index}].secretFile`, options);
    return {
      id,
      group,
      ...(labels ? { labels } : {}),
      ...(linkKinds ? { linkKinds } : {}),
      ...(loaded === undefined ? {} : { secret: loaded }),
    };
  });
}

function load(secretFile: string, place: string, { file, make }: SecretOptions): string {
  const path = resolve(dirname(file), secretFile);
  try {
    const secret = make ? ensureSecretFile(path) : readSecretFile(path);
    if (secret !== undefined) return secret;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandFailure(`${place}: cannot ${make ? 'read or make' : 'read'} ${path} (${code})`, { cause });
  }
  throw new CommandFailure(`${place}: there is no file ${path}; --make-secrets makes what is missing`);
}

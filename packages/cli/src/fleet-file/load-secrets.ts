import { dirname, resolve } from 'node:path';
import type { NewDevice } from '@pushfleet/admin-sdk';
import { PushfleetError } from '@pushfleet/protocol';
import { CommandFailure } from '../output/failure.ts';
import { loadDeviceSecret } from '../state/secrets.ts';
import type { ParsedFleet } from './parse-fleet-file.ts';

/** `secret` absent: the device keeps the one that it has. */
export type FleetDevice = Omit<NewDevice, 'deviceId'> & { id: string };

export interface FleetSecretOptions {
  /** The fleet file, which relative paths in it are relative to. */
  file: string;
  /** Make secret files that are missing. */
  make: boolean;
}

/** @throws CommandFailure that names the place and the file, and not the secret. */
export function loadSecrets(fleet: ParsedFleet, { file, make }: FleetSecretOptions): FleetDevice[] {
  const load = (secretFile: string, index: number) => {
    try {
      return loadDeviceSecret(resolve(dirname(file), secretFile), { make, flag: '--make-secrets' });
    } catch (error) {
      if (!(error instanceof CommandFailure || error instanceof PushfleetError)) throw error;
      throw new CommandFailure(`${fleet.place(['devices', index, 'secretFile'])}: ${error.message}`, { cause: error });
    }
  };
  return fleet.devices.map(({ id, group, secret, secretFile, labels, linkKinds }, index) => {
    const loaded = secretFile === undefined ? secret : load(secretFile, index);
    return {
      id,
      group,
      ...(labels ? { labels } : {}),
      ...(linkKinds ? { linkKinds } : {}),
      ...(loaded === undefined ? {} : { secret: loaded }),
    };
  });
}

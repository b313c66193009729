import { join } from 'node:path';
import { type AdminClient, createAdminClient } from '@pushfleet/admin-sdk';
import {
  type Environment,
  type PemFile,
  parseAdminToken,
  parseCertificates,
  pemOf,
  readCredentialFile,
  readSettings,
  type SettingValues,
} from '@pushfleet/runtime';
import { stateFiles } from '../state/state-directory.ts';
import { connectionSettings } from './connection-settings.ts';

type Connection = SettingValues<typeof connectionSettings>;
type FileSetting = 'caFile' | 'adminTokenFile';

/** A client of the cluster that the environment, or else the state directory, points to. */
export function openClient(environment: Environment): AdminClient {
  const connection = readSettings(connectionSettings, environment);
  return createAdminClient({
    address: connection.adminAddress,
    ca: readAuthority(connection).toString(),
    token: readToken(connection),
  });
}

/** PEM of the CA that the cluster's certificates are checked by. @throws CommandFailure, PushfleetError INVALID_ARGUMENT */
export function readAuthority(connection: Connection): Buffer {
  return pemOf(parseCertificates(readCredential(connection, 'caFile', `${stateFiles.ca}.crt`)));
}

function readToken(connection: Connection): string {
  const { bytes, path } = readCredential(connection, 'adminTokenFile', stateFiles.adminToken);
  return parseAdminToken(bytes, path);
}

function readCredential(connection: Connection, setting: FileSetting, fallback: string): PemFile {
  const given = connection[setting];
  const { name } = connectionSettings[setting];
  if (given !== undefined) return readCredentialFile(name, given, 'there is no such file');
  const advice = `run this where \`pushfleet dev\` runs, or set ${name} to the cluster's`;
  return readCredentialFile(`${name} is not set`, join(connection.stateDir, fallback), advice);
}

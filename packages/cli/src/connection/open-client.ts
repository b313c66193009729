import { join } from 'node:path';
import { type AdminClient, type AdminClientOptions, createAdminClient } from '@pushfleet/admin-sdk';
import {
  type Environment,
  type PemFile,
  parseAdminToken,
  parseAuthorities,
  pemOf,
  processSettings,
  readCredentialFile,
  readSettings,
  type SettingValues,
  settingKinds,
} from '@pushfleet/runtime';
import { stateFiles } from '../state/state-files.ts';

/** No URL: `https://` and what else may stand around it mean nothing here. */
const balancer = String.raw`(?:\[[^\]\s,/]+\]|[^\s,:/@[\]]+):\d{1,5}`;

/** How the commands that administer a cluster reach it. */
export const connectionSettings = {
  stateDir: processSettings.stateDir,
  adminTokenFile: processSettings.adminTokenFile,
  caFile: processSettings.caFile,
  adminAddress: {
    name: 'PUSHFLEET_ADMIN_ADDRESS',
    description:
      'The admin API of a balancer, as `host:port`, or of several, with commas, for the commands that administer a cluster.',
    schema: settingKinds
      .text('host:port, or several with commas', new RegExp(`^${balancer}(?: *, *${balancer})*$`))
      .transform((text) => text.split(/ *, */)),
    fallback: '127.0.0.1:13299',
  },
} as const;

type Connection = SettingValues<typeof connectionSettings>;
type FileSetting = 'caFile' | 'adminTokenFile';

/** A client of the cluster that the environment, or else the state directory, points to. */
export function openClient(environment: Environment): AdminClient {
  return createAdminClient(readConnection(environment));
}

/** The way to that cluster. @throws CommandFailure, PushfleetError INVALID_ARGUMENT */
export function readConnection(environment: Environment): AdminClientOptions {
  const connection = readSettings(connectionSettings, environment);
  return {
    address: connection.adminAddress,
    ca: readAuthority(connection).toString(),
    token: readToken(connection),
  };
}

/** PEM of the CA that the cluster's certificates are checked by. @throws CommandFailure, PushfleetError INVALID_ARGUMENT */
export function readAuthority(connection: Connection): Buffer {
  return pemOf(parseAuthorities(readCredential(connection, 'caFile', `${stateFiles.ca}.crt`)));
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

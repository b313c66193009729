import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PushfleetError } from '@pushfleet/protocol';
import { type SettingValues, settingKinds } from './settings.ts';

/** What every process of a cluster is told. */
export const processSettings = {
  stateDir: {
    name: 'PUSHFLEET_STATE_DIR',
    description: 'Directory with certificates, keys, tokens and the embedded registry.',
    schema: settingKinds.path(),
    fallback: '.pushfleet',
  },
  logLevel: {
    name: 'PUSHFLEET_LOG_LEVEL',
    description: 'The least severe log lines to write: trace, debug, info, warn, error, fatal or silent.',
    schema: settingKinds.logLevel(),
    fallback: 'info',
  },
  bind: {
    name: 'PUSHFLEET_BIND',
    description: 'The address to listen on. `0.0.0.0`: all IPv4 addresses, `::`: all addresses.',
    schema: settingKinds.host(),
    fallback: '0.0.0.0',
  },
  drainMs: {
    name: 'PUSHFLEET_DRAIN_MS',
    description: 'How long a process that is told to stop may take to hand over, or finish, what it has begun.',
    schema: settingKinds.durationMs(0, 3_600_000),
    fallback: '8000',
  },
  adminTokenFile: {
    name: 'PUSHFLEET_ADMIN_TOKEN_FILE',
    description:
      'File whose first line is the token of the admin API, 16 characters or more: balancers ask for it, commands show it. Default: `admin-token` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  tlsCertFile: {
    name: 'PUSHFLEET_TLS_CERT_FILE',
    description:
      'Certificate chain (PEM) shown to devices and Administration Servers. Default: `server.crt` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  tlsKeyFile: {
    name: 'PUSHFLEET_TLS_KEY_FILE',
    description: 'Private key (PEM) of that certificate. Default: `server.key` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  clusterCaFile: {
    name: 'PUSHFLEET_CLUSTER_CA_FILE',
    description:
      'Certificate (PEM) of the CA that balancers and push servers trust among themselves, and nobody else. Default: `cluster-ca.crt` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  clusterCertFile: {
    name: 'PUSHFLEET_CLUSTER_CERT_FILE',
    description:
      'Certificate (PEM) of this process for other processes of the cluster. Default: `cluster.crt` in the state directory.',
    schema: settingKinds.path().optional(),
  },
  clusterKeyFile: {
    name: 'PUSHFLEET_CLUSTER_KEY_FILE',
    description: 'Private key (PEM) of that certificate. Default: `cluster.key` in the state directory.',
    schema: settingKinds.path().optional(),
  },
} as const;
export type ProcessSettings = SettingValues<typeof processSettings>;

/** PEM texts. */
export interface KeyPair {
  cert: Buffer;
  key: Buffer;
}

/** For mutual TLS inside the cluster. */
export interface ClusterCredentials extends KeyPair {
  ca: Buffer;
}

/** The name in every cluster certificate: processes of a cluster prove that they belong to it, not where they run. */
export const clusterServerName = 'pushfleet-cluster';

/** @throws PushfleetError INVALID_ARGUMENT that names the variable and the file. */
export function loadServerCredentials(settings: ProcessSettings): KeyPair {
  return {
    cert: readStateFile(settings, 'tlsCertFile', 'server.crt'),
    key: readStateFile(settings, 'tlsKeyFile', 'server.key'),
  };
}

/** @throws PushfleetError INVALID_ARGUMENT that names the variable and the file. */
export function loadClusterCredentials(settings: ProcessSettings): ClusterCredentials {
  return {
    ca: readStateFile(settings, 'clusterCaFile', 'cluster-ca.crt'),
    cert: readStateFile(settings, 'clusterCertFile', 'cluster.crt'),
    key: readStateFile(settings, 'clusterKeyFile', 'cluster.key'),
  };
}

type FileSetting = 'tlsCertFile' | 'tlsKeyFile' | 'clusterCaFile' | 'clusterCertFile' | 'clusterKeyFile';

function readStateFile(settings: ProcessSettings, setting: FileSetting, fallback: string): Buffer {
  const file = settings[setting] ?? join(settings.stateDir, fallback);
  try {
    return readFileSync(file);
  } catch (cause) {
    const rule = `${processSettings[setting].name}: cannot read ${file}; \`pushfleet init\` makes one`;
    throw new PushfleetError('INVALID_ARGUMENT', rule, { cause });
  }
}

import { type SettingValues, settingKinds } from './settings.ts';

/** Settings that every process of a cluster has. */
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
    description:
      'The local address on which devices are heard: push servers, and balancers for assignments. `0.0.0.0`: all IPv4 addresses, `::`: all addresses.',
    schema: settingKinds.host(),
    fallback: '0.0.0.0',
  },
  drainMs: {
    name: 'PUSHFLEET_DRAIN_MS',
    description: 'How long a process that is told to stop may take to hand over, or finish, what it has begun.',
    schema: settingKinds.durationMs(0, 3_600_000),
    fallback: '8000',
  },
  unauthenticated: {
    name: 'PUSHFLEET_UNKNOWN_CONNECTIONS',
    description:
      'How many connections may be open on one port of one process whose clients have begun their handshake and not shown who they are. One more is closed at once, or one that has been there for 5 s. Where the limit of open files is low, there are fewer.',
    schema: settingKinds.count(1, 1_000_000),
    fallback: '2048',
  },
  unauthenticatedPerAddress: {
    name: 'PUSHFLEET_UNKNOWN_CONNECTIONS_PER_ADDRESS',
    description:
      'How many of these may come from one IPv4 address or IPv6 network (/64). Many devices may share one: behind a proxy that does not say who they are, raise it.',
    schema: settingKinds.count(1, 1_000_000),
    fallback: '1024',
  },
  proxies: {
    name: 'PUSHFLEET_PROXY_PROTOCOL_FROM',
    description:
      'Addresses of proxies, or networks as in `10.1.0.0/16`, with commas between them, that begin each connection to the device port and to the port for assignments with a header of the PROXY protocol, version 2. Limits by address and logs then have the address of the client. From there no connection is taken without it, and from elsewhere none with it. Default: none.',
    schema: settingKinds.networks().optional(),
  },
  sharedNetworks: {
    name: 'PUSHFLEET_SHARED_NETWORKS',
    description:
      'Addresses, or networks as in `10.1.0.0/16`, with commas between them, behind which many devices share one address: NATs, and proxies that do not say for whom they speak. Connections from there are not limited by address, and sign-ins of devices that fail are counted by device alone. Default: none.',
    schema: settingKinds.networks().optional(),
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
  tlsKeyPassphraseFile: {
    name: 'PUSHFLEET_TLS_KEY_PASSPHRASE_FILE',
    description: 'File whose first line is the passphrase of that key, where it is encrypted.',
    schema: settingKinds.path().optional(),
  },
  caFile: {
    name: 'PUSHFLEET_CA_FILE',
    description:
      'Certificates (PEM) of the CAs that devices and Administration Servers trust. Commands check the balancer’s certificate against them, balancers and push servers those of push servers. Default: `ca.crt` in the state directory; for certificates of push servers, those of public CAs where the process shows one of them itself.',
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
  clusterKeyPassphraseFile: {
    name: 'PUSHFLEET_CLUSTER_KEY_PASSPHRASE_FILE',
    description: 'File whose first line is the passphrase of that key, where it is encrypted.',
    schema: settingKinds.path().optional(),
  },
  tlsTicketSecretFile: {
    name: 'PUSHFLEET_TLS_TICKET_SECRET_FILE',
    description:
      'File with a secret, the same for all processes of the cluster, that protects the keys of TLS session tickets in the registry. Default: `tls-ticket-secret` in the state directory; where there is none, one that is derived from the private key of the cluster’s certificate.',
    schema: settingKinds.path().optional(),
  },
  tlsTicketRotationMs: {
    name: 'PUSHFLEET_TLS_TICKET_ROTATION_MS',
    description:
      'Age at which a key of TLS session tickets is followed by another one. A device resumes its TLS session for that long at least, and twice as long at most.',
    // Twice as long is the week after which no client may resume.
    schema: settingKinds.durationMs(60_000, 302_400_000),
    fallback: '259200000',
  },
} as const;
export type ProcessSettings = SettingValues<typeof processSettings>;

import { registrySettings } from '@pushfleet/registry';
import {
  assertAnnounced,
  type Environment,
  processSettings,
  readSettings,
  type SettingValues,
  settingKinds,
} from '@pushfleet/runtime';

/** The settings of a balancer, besides `processSettings` and `registrySettings`. */
export const balancerSettings = {
  assignPort: {
    name: 'PUSHFLEET_ASSIGN_PORT',
    description: 'Port (TLS) where devices ask for an assignment, over gRPC or HTTPS. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13000',
  },
  assignBind: {
    name: 'PUSHFLEET_ASSIGN_BIND',
    description: 'Local address of that port. Default: PUSHFLEET_BIND.',
    schema: settingKinds.host().optional(),
  },
  adminPort: {
    name: 'PUSHFLEET_ADMIN_PORT',
    description: 'Port (TLS) of the admin API, for Administration Servers. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13299',
  },
  adminBind: {
    name: 'PUSHFLEET_ADMIN_BIND',
    description:
      'Local address of that port. An Administration Server on another machine needs one that it can reach; `0.0.0.0`: all IPv4 addresses, `::`: all addresses.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  restPort: {
    name: 'PUSHFLEET_REST_PORT',
    description:
      'Port of the REST API (HTTPS, and plain HTTP from the same machine), `/healthz`, `/readyz` and `/metrics`. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '8080',
  },
  restBind: {
    name: 'PUSHFLEET_REST_BIND',
    description:
      'Local address of that port. For browsers, scripts and Prometheus on other machines, set one that they can reach.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  deviceIssuersFile: {
    name: 'PUSHFLEET_DEVICE_ISSUERS_FILE',
    description:
      'JSON file with the issuers whose tokens devices may show in place of their secrets: `{"issuers": [{"issuer", "audience", "jwks", "deviceIdClaim"}]}`; docs/security.md explains it. Default: none.',
    schema: settingKinds.path().optional(),
  },
  deviceClientCaFile: {
    name: 'PUSHFLEET_DEVICE_CLIENT_CA_FILE',
    description:
      'Certificates (PEM) of the CAs whose client certificates devices may show in place of their secrets; docs/security.md explains it. Default: none, and none are asked for.',
    schema: settingKinds.path().optional(),
  },
  deviceClientCrlFile: {
    name: 'PUSHFLEET_DEVICE_CLIENT_CRL_FILE',
    description: 'What these CAs have revoked: certificate revocation lists, PEM or DER. Default: nothing.',
    schema: settingKinds.path().optional(),
  },
  deviceClientName: {
    name: 'PUSHFLEET_DEVICE_CLIENT_NAME',
    description:
      'Where a client certificate has the id of its device: `cn`, the common name of its subject; `dns`, its one DNS name; `uri:` and a text, the rest of its one URI that begins with that text.',
    schema: settingKinds.text('cn, dns, or uri: and a text', /^(cn|dns|uri:[^",\s]{1,200})$/),
    fallback: 'cn',
  },
  consoleIdleMs: {
    name: 'PUSHFLEET_CONSOLE_IDLE_MS',
    description: 'A session of the console that nobody uses for this long ends. Open live views do not count as use.',
    schema: settingKinds.durationMs(1_000, 2_592_000_000),
    fallback: '1800000',
  },
  consoleSessionMs: {
    name: 'PUSHFLEET_CONSOLE_SESSION_MS',
    description: 'A session of the console ends this long after the sign-in at the latest.',
    schema: settingKinds.durationMs(1_000, 2_592_000_000),
    fallback: '43200000',
  },
  peerBind: {
    name: 'PUSHFLEET_PEER_BIND',
    description: 'Local address on which a balancer listens for the other balancers.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  peerPort: {
    name: 'PUSHFLEET_PEER_PORT',
    description: 'Port (mutual TLS) where other balancers ask about direct commands. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '0',
  },
  peerAddress: {
    name: 'PUSHFLEET_PEER_ADDRESS',
    description:
      'Address under which the other balancers reach this one. Default: PUSHFLEET_PEER_BIND, unless that stands for all addresses.',
    schema: settingKinds.reachableHost().optional(),
  },
  ticketLifetimeMs: {
    name: 'PUSHFLEET_TICKET_LIFETIME_MS',
    description: 'How long a device can connect with a ticket. PUSHFLEET_RESERVATION_MS at least.',
    schema: settingKinds.durationMs(1_000, 86_400_000),
    atLeast: 'PUSHFLEET_RESERVATION_MS',
    fallback: '600000',
  },
  commandsInFlight: {
    name: 'PUSHFLEET_COMMANDS_IN_FLIGHT',
    description: 'How many commands a balancer may have under way at once. Further ones are refused as `OVERLOADED`.',
    schema: settingKinds.count(1, 10_000_000),
    fallback: '100000',
  },
  queueCommands: {
    name: 'PUSHFLEET_QUEUE_COMMANDS',
    description:
      'How many durable commands may wait for one device or be under way to it. A full queue takes only more urgent ones, in place of the last.',
    schema: settingKinds.count(1, 10_000),
    fallback: '256',
  },
  queueBytes: {
    name: 'PUSHFLEET_QUEUE_BYTES',
    description: 'How large the operations of these commands may be together, in bytes.',
    schema: settingKinds.count(2_097_152, 1_073_741_824),
    fallback: '4194304',
  },
  outcomesKeptMs: {
    name: 'PUSHFLEET_OUTCOMES_KEPT_MS',
    description: 'How long the outcome of a durable command is kept after its end.',
    schema: settingKinds.durationMs(1_000, 2_592_000_000),
    fallback: '86400000',
  },
  tunnels: {
    name: 'PUSHFLEET_TUNNELS',
    description: 'How many tunnels a balancer may have open at once. Further ones are refused as `OVERLOADED`.',
    schema: settingKinds.count(1, 100_000),
    fallback: '1000',
  },
  addressCheck: {
    name: 'PUSHFLEET_ADDRESS_CHECK',
    description:
      'What it means that a push server’s address for remote hosts cannot be reached from here: `on`, it is no place for new devices; `warn`, it is told, and devices go there all the same; `off`, it is not tried. Certificates that devices would refuse count with `warn` too.',
    schema: settingKinds.choice('on', 'warn', 'off'),
    fallback: 'on',
  },
  rebalance: {
    name: 'PUSHFLEET_REBALANCE',
    description: '`off`: devices are moved to even out the load only when somebody asks for it.',
    schema: settingKinds.flag(),
    fallback: 'on',
  },
  rebalanceRate: {
    name: 'PUSHFLEET_REBALANCE_RATE',
    description: 'How many devices a second are told to go elsewhere while the load is evened out.',
    schema: settingKinds.count(1, 10_000),
    fallback: '100',
  },
  rebalanceMinLinks: {
    name: 'PUSHFLEET_REBALANCE_MIN_LINKS',
    description: 'The load is evened out when a push server has so many links beyond its fair share, at least.',
    schema: settingKinds.count(1, 10_000_000),
    fallback: '20',
  },
  rebalanceMinPercent: {
    name: 'PUSHFLEET_REBALANCE_MIN_PERCENT',
    description: 'And when its load is so many percent above the mean; after a push server has joined, 2 will do.',
    schema: settingKinds.count(1, 1_000),
    fallback: '10',
  },
  rebalanceCooldownMs: {
    name: 'PUSHFLEET_REBALANCE_COOLDOWN_MS',
    description:
      'After the load was evened out, the next time begins no sooner than this, unless somebody asks for it.',
    schema: settingKinds.durationMs(0, 86_400_000),
    fallback: '60000',
  },
} as const;

const allSettings = { ...processSettings, ...registrySettings, ...balancerSettings };

/** Reads the settings of a balancer. @throws PushfleetError that names a wrong setting. */
export function readBalancerSettings(environment: Environment): SettingValues<typeof allSettings> {
  const settings = readSettings(allSettings, environment);
  const { peerBind, peerAddress } = balancerSettings;
  assertAnnounced([peerBind, settings.peerBind], [peerAddress, settings.peerAddress]);
  return settings;
}

import { limits } from '@pushfleet/protocol';
import { registrySettings } from '@pushfleet/registry';
import {
  assertAnnounced,
  type Environment,
  processSettings,
  readSettings,
  type SettingValues,
  settingKinds,
} from '@pushfleet/runtime';

/**
 * A process of a push server that may wake is silent for so many times as long as makes it hung, at most: by default a minute, before
 * devices with the default keep-alive of a minute notice by themselves that nobody is there, after one and a half or two of them.
 */
export const lastSilenceFactor = 6;

/** The longest keep-alive for which MQTT has a number: 65,535 s. */
const longestKeepAliveMs = 65_535_000;

/** The settings of a push server besides `processSettings` and `registrySettings`. */
export const pushServerSettings = {
  distributionPoint: {
    name: 'PUSHFLEET_DISTRIBUTION_POINT',
    description: 'Id of the distribution point whose push server this is. Required.',
    schema: settingKinds.text(
      'the id of a distribution point, 1 to 63 of A-Z a-z 0-9 . _ -',
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    ),
  },
  controlBind: {
    name: 'PUSHFLEET_CONTROL_BIND',
    description: 'Local address on which workers listen for balancers and other workers.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  controlAddress: {
    name: 'PUSHFLEET_CONTROL_ADDRESS',
    description:
      'Address under which balancers and other workers reach the workers. Default: PUSHFLEET_CONTROL_BIND, unless that stands for all addresses.',
    schema: settingKinds.reachableHost().optional(),
  },
  maxWorkers: {
    name: 'PUSHFLEET_MAX_WORKERS',
    description:
      'How many worker processes a push server has. Default: one per core; up to two per core, and at least four, where the limit of open files asks for more of them.',
    schema: settingKinds.count(1, 256).optional(),
  },
  hungAfterMs: {
    name: 'PUSHFLEET_HUNG_AFTER_MS',
    description:
      'A worker process that says nothing to its push server for this long is replaced. If it is in an endless loop it is killed; one that may wake, e.g. after SIGSTOP, keeps its links, and is killed after six times as long. A push server that says nothing to its workers for six times as long is killed by them.',
    schema: settingKinds.durationMs(1_000, 3_600_000),
    fallback: '10000',
  },
  workerNiceness: {
    name: 'PUSHFLEET_WORKER_NICENESS',
    description:
      'How much less urgent workers are to the operating system than their push server, so that load does not silence it: added to their niceness. 0: not at all.',
    schema: settingKinds.count(0, 19),
    fallback: '3',
  },
  metricsPort: {
    name: 'PUSHFLEET_METRICS_PORT',
    description:
      'Port (plain HTTP) of a push server’s `/metrics`, of its workers together. 0: any free one. Default: there is none.',
    schema: settingKinds.port().optional(),
  },
  metricsBind: {
    name: 'PUSHFLEET_METRICS_BIND',
    description: 'Local address of that port. Whoever reaches it reads the metrics: it asks for no credential.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  deviceTls: {
    name: 'PUSHFLEET_DEVICE_TLS',
    description: '`off`: device links without TLS, for measurements or behind a proxy that ends TLS.',
    schema: settingKinds.flag(),
    fallback: 'on',
  },
  keepAliveMs: {
    name: 'PUSHFLEET_KEEP_ALIVE_MS',
    description: 'The keep-alive of a gRPC link whose device wishes none: how often it says something.',
    schema: settingKinds.durationMs(limits.keepAliveLeastMs, longestKeepAliveMs),
    fallback: `${limits.keepAliveFirstMs}`,
  },
  maxKeepAliveMs: {
    name: 'PUSHFLEET_MAX_KEEP_ALIVE_MS',
    description:
      'The longest keep-alive that is granted to a device. Those that wish a longer one get this one; MQTT 3.1.1 devices, which cannot be told, are judged by it. PUSHFLEET_KEEP_ALIVE_MS at least.',
    schema: settingKinds.durationMs(limits.keepAliveLeastMs, longestKeepAliveMs),
    atLeast: 'PUSHFLEET_KEEP_ALIVE_MS',
    fallback: `${limits.keepAliveMostMs}`,
  },
} as const;
const allSettings = { ...processSettings, ...registrySettings, ...pushServerSettings };
export type PushServerSettings = SettingValues<typeof allSettings>;

/** Reads the settings of the supervisor and its workers. @throws PushfleetError that names a wrong setting. */
export function readPushServerSettings(environment: Environment): PushServerSettings {
  const settings = readSettings(allSettings, environment);
  const { controlBind, controlAddress } = pushServerSettings;
  assertAnnounced([controlBind, settings.controlBind], [controlAddress, settings.controlAddress]);
  return settings;
}

import { registrySettings } from '@pushfleet/registry';
import {
  assertAnnounced,
  type Environment,
  processSettings,
  readSettings,
  type SettingValues,
  settingKinds,
} from '@pushfleet/runtime';

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
      'A worker process that says nothing to its push server for this long is killed and replaced; a push server that says nothing to its workers for six times as long is killed by them.',
    schema: settingKinds.durationMs(1_000, 3_600_000),
    fallback: '10000',
  },
  deviceTls: {
    name: 'PUSHFLEET_DEVICE_TLS',
    description: '`off`: device links without TLS, for measurements or behind a proxy that ends TLS.',
    schema: settingKinds.flag(),
    fallback: 'on',
  },
  keepAliveMs: {
    name: 'PUSHFLEET_KEEP_ALIVE_MS',
    description: 'How often an idle device link says something, in both directions.',
    schema: settingKinds.durationMs(1_000, 3_600_000),
    fallback: '30000',
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

import { registrySettings } from '@pushfleet/registry';
import { processSettings, type SettingValues, settingKinds } from '@pushfleet/runtime';

export const pushServerSettings = {
  ...processSettings,
  ...registrySettings,
  distributionPoint: {
    name: 'PUSHFLEET_DISTRIBUTION_POINT',
    description: 'Id of the distribution point whose push server this is. Required.',
    schema: settingKinds.text(
      'the id of a distribution point, 1 to 63 of A-Z a-z 0-9 . _ -',
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    ),
  },
  bind: {
    name: 'PUSHFLEET_BIND',
    description: 'Local address to listen on.',
    schema: settingKinds.host(),
    fallback: '0.0.0.0',
  },
  controlBind: {
    name: 'PUSHFLEET_CONTROL_BIND',
    description: 'Local address on which workers listen for balancers and other workers.',
    schema: settingKinds.host(),
    fallback: '127.0.0.1',
  },
  controlAddress: {
    name: 'PUSHFLEET_CONTROL_ADDRESS',
    description: 'Address under which balancers and other workers reach the workers. Default: PUSHFLEET_CONTROL_BIND.',
    schema: settingKinds.host().optional(),
  },
  maxWorkers: {
    name: 'PUSHFLEET_MAX_WORKERS',
    description:
      'How many worker processes a push server has at most, unless its `max connections` needs more. Default: one per core.',
    schema: settingKinds.count(1, 256).optional(),
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
  reservationMs: {
    name: 'PUSHFLEET_RESERVATION_MS',
    description: 'How long a place is kept for a device that was assigned and has not come yet.',
    schema: settingKinds.durationMs(1_000, 600_000),
    fallback: '30000',
  },
  drainMs: {
    name: 'PUSHFLEET_DRAIN_MS',
    description: 'How long a process may take to hand over what it holds before it stops.',
    schema: settingKinds.durationMs(0, 3_600_000),
    fallback: '8000',
  },
} as const;
export type PushServerSettings = SettingValues<typeof pushServerSettings>;

import { balancerSettings } from '@pushfleet/balancer';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, type SettingValues, settingKinds } from '@pushfleet/runtime';

/** What `pushfleet dev` is told. */
export const devSettings = {
  stateDir: processSettings.stateDir,
  redisUrl: registrySettings.redisUrl,
  assignPort: balancerSettings.assignPort,
  adminPort: balancerSettings.adminPort,
  restPort: balancerSettings.restPort,
  devicePort: {
    name: 'PUSHFLEET_DEV_DEVICE_PORT',
    description: 'The port of the first push server of `pushfleet dev`; the other two take the ports after it.',
    schema: settingKinds.port(),
    fallback: '13295',
  },
} as const;
export type DevSettings = SettingValues<typeof devSettings>;

/** Everything listens here: a development cluster is for this machine alone. */
export const devHost = '127.0.0.1';

import { balancerSettings } from '@pushfleet/balancer/settings';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, type SettingValues, settingKinds } from '@pushfleet/runtime';

/** The cluster that `pushfleet dev` runs. */
export const demoGroup = 'Demo';
/** Its device is nobody's: for people who want to play one by hand. */
export const workbenchGroup = 'Workbench';
export const workbenchDevice = 'workbench-01';
export const demoNodes = ['dp-1', 'dp-2', 'dp-3'] as const;
const demoDeviceCount = 30;

export interface DemoDevice {
  id: string;
  link: 'grpc' | 'mqtt' | 'mqtt3';
}

/** Half of the devices speak gRPC; of those that speak MQTT every third speaks version 3.1.1, the others version 5. */
export const demoDevices: readonly DemoDevice[] = Array.from({ length: demoDeviceCount }, (_, index) => ({
  id: `demo-${String(index + 1).padStart(2, '0')}`,
  link: linkOf(index),
}));

function linkOf(index: number): DemoDevice['link'] {
  if (index % 2 === 0) return 'grpc';
  return index % 6 === 5 ? 'mqtt3' : 'mqtt';
}

/** Settings of `pushfleet dev`. */
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

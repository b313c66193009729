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

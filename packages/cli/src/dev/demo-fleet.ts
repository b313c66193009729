import { createDevice } from '@pushfleet/device-sdk';
import { aborted } from '@pushfleet/runtime';
import { behave } from './demo-device.ts';
import type { DemoDevice } from './demo-plan.ts';

export interface DemoFleetOptions {
  balancer: string;
  /** PEM. */
  ca: string;
  devices: readonly (DemoDevice & { secret: string })[];
  log: (line: string) => void;
}

/** Plays devices, each with a link of its own, until `stop` fires. They do whatever they are told, and permit tunnels. */
export async function runDemoFleet(options: DemoFleetOptions, stop: AbortSignal): Promise<void> {
  const devices = options.devices.map((device) => play(device, options));
  for (const device of devices) device.start();
  await aborted(stop);
  await Promise.all(devices.map((device) => device.stop()));
}

function play({ id, secret, link }: DemoFleetOptions['devices'][number], { balancer, ca, log }: DemoFleetOptions) {
  // They run on this machine, as whoever started them does: tunnels reach nothing that is out of reach without.
  const tunnels = { allow: ['127.0.0.1:*'] };
  const device = createDevice({ deviceId: id, secret, link, ca, balancers: [balancer], tunnels });
  device.onStatus((status) => log(`${id} (${link}): ${status.kind}`));
  behave(device, (line) => log(`${id} (${link}): ${line}`));
  return device;
}

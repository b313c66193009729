import * as balancer from '@pushfleet/balancer/parts';
import * as device from '@pushfleet/device-sdk/parts';
import { PushfleetError, serverEnd } from '@pushfleet/protocol';
import * as pushServer from '@pushfleet/push-server/parts';
import { createEmbeddedRegistry } from '@pushfleet/registry/embedded';

/** One version of the production code. Processes of several versions may run side by side. */
export interface Software {
  balancer: typeof balancer;
  pushServer: typeof pushServer;
  device: typeof device;
  createRegistry: typeof createEmbeddedRegistry;
  /** Each version knows its own errors only. */
  PushfleetError: typeof PushfleetError;
  /** Earlier versions set timers of the system at the ends of tunnels. */
  serverEnd: typeof serverEnd;
}

/** The version that this package was built with. */
export const present: Software = {
  balancer,
  pushServer,
  device,
  createRegistry: createEmbeddedRegistry,
  PushfleetError,
  serverEnd,
};

/** The version whose built packages are below `root`. It uses its own protocol, runtime and registry. */
export async function loadSoftware(root: string): Promise<Software> {
  const load = async <Module>(path: string): Promise<Module> => import(`${root}/packages/${path}`) as Promise<Module>;
  const registry = await load<{ createEmbeddedRegistry: typeof createEmbeddedRegistry }>(
    'registry/dist/embedded/index.js',
  );
  const protocol = await load<Pick<Software, 'PushfleetError' | 'serverEnd'>>('protocol/dist/index.js');
  return {
    balancer: await load<typeof balancer>('balancer/dist/parts.js'),
    pushServer: await load<typeof pushServer>('push-server/dist/parts.js'),
    device: await load<typeof device>('device-sdk/dist/parts.js'),
    createRegistry: registry.createEmbeddedRegistry,
    PushfleetError: protocol.PushfleetError,
    serverEnd: protocol.serverEnd,
  };
}

/** Whether it has the ports for MQTT links: earlier versions opened sockets of the system for them. */
export function speaksMqtt({ pushServer }: Software): boolean {
  return 'MqttLink' in pushServer;
}

/** Whether the ends of its tunnels take their timers from outside, as a second argument. */
export function takesTimersOfTunnels({ serverEnd }: Software): boolean {
  return serverEnd.length > 1;
}

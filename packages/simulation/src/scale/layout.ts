import { type AwakeHosts, Host, type Process } from './process.ts';
import type { PushServer } from './push-servers.ts';

export interface Layout {
  nodes: number;
  sites: number;
  devices: number;
  capacity: number;
  cores: number;
  workers: number;
  balancers: number;
  /** Everything on one machine of two cores, the devices included, as on the machine where the figures come from. */
  onOneMachine: boolean;
  seed: number;
}

interface Processes {
  layout: Layout;
  pushServers: readonly PushServer[];
  balancers: readonly Process[];
  redis: Process;
  devicesProcess: Process | undefined;
  awake: AwakeHosts;
}

/** The machines of a layout: one for everything, or one for each push server, each balancer, and Redis. */
export function createHosts({ layout, pushServers, balancers, redis, devicesProcess, awake }: Processes): Host[] {
  const workers = pushServers.map((server) => server.workers);
  if (devicesProcess) return [new Host(2, [...balancers, redis, ...workers.flat(), devicesProcess], awake)];
  return [
    ...workers.map((processes) => new Host(layout.cores, processes, awake)),
    ...[...balancers, redis].map((process) => new Host(1, [process], awake)),
  ];
}

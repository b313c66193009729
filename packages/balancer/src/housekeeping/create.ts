import type { Registry } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { NodeDirectory } from '../node-directory.ts';
import { Rebalancer, type RebalanceSettings } from '../rebalance/rebalancer.ts';
import type { MoveCourier } from '../rebalance/run.ts';
import { CommandSweep, type Poke } from './command-sweep.ts';
import { Housekeeping, type LeaderTask } from './housekeeping.ts';
import { LivenessWatch } from './liveness-watch.ts';
import { Reaper } from './reaper.ts';

export interface HousekeepingParts extends RebalanceSettings {
  registry: Registry;
  directory: NodeDirectory;
  courier: MoveCourier;
  poke: Poke;
  foundProblems: LeaderTask;
  isSettled: () => boolean;
  deadAfterMs: number;
  clock: Clock;
  logger: Logger;
}

/** Everything that only one balancer of a cluster does. */
export function createHousekeeping(parts: HousekeepingParts): Housekeeping {
  const { registry, directory } = parts;
  const nodes = () => directory.listed;
  const tasks = [
    new LivenessWatch({ ...parts, events: registry.events, nodes }),
    new Reaper({ ...parts, nodes }),
    new Rebalancer({ ...parts, settings: parts }),
    new CommandSweep({ ...parts, commands: registry.commands }),
    parts.foundProblems,
  ];
  return new Housekeeping({ ...parts, leases: registry.leases, tasks });
}

import type { BootId, DeviceId } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { Clock, Logger, RevocationList } from '@pushfleet/runtime';
import { CommandSweep, type WakeWorker } from './leader/command-sweep.ts';
import { Leader } from './leader/leader.ts';
import { LivenessEvents } from './leader/liveness-events.ts';
import { Reaper } from './leader/reaper.ts';
import { RefusedAccessEvents } from './leader/refused-access-events.ts';
import { RevokedNodes } from './leader/revoked-nodes.ts';
import type { NodeDirectory } from './node-directory.ts';
import { FoundProblems } from './reachability/found-problems.ts';
import type { Reachability } from './reachability/reachability.ts';
import type { Redirector } from './rebalance/rebalance-run.ts';
import { Rebalancer, type RebalanceSettings } from './rebalance/rebalancer.ts';
import type { RefusalRecorder } from './refusal-recorder.ts';
import { RollingRestarter } from './rolling-restart/rolling-restarter.ts';

export interface LeaderParts extends RebalanceSettings {
  registry: Registry;
  directory: NodeDirectory;
  reachability: Reachability;
  revocations: RevocationList;
  refusals: RefusalRecorder;
  redirector: Redirector;
  wakeWorker: WakeWorker;
  /** Whether that life of a worker answers this balancer. */
  answers(bootId: BootId): boolean;
  /** Makes all workers assert what sessions they hold for these devices. */
  checkSessions(devices: readonly DeviceId[]): void;
  deadAfterMs: number;
  clock: Clock;
  logger: Logger;
}

/** Wires everything that only one balancer of a cluster does. */
export function createLeader(parts: LeaderParts): Leader {
  const { registry, directory, reachability } = parts;
  const nodes = () => directory.listed;
  const foundProblems = new FoundProblems({
    ...parts,
    nodes: registry.nodes,
    listed: nodes,
    refresh: () => directory.refreshSoon(),
    verdict: (node) => reachability.verdict(node),
  });
  reachability.onChange(() => foundProblems.onChange());
  const tasks = [
    new LivenessEvents({ ...parts, events: registry.events, nodes }),
    new RevokedNodes({ ...parts, nodes }),
    new RefusedAccessEvents(parts),
    new Reaper({ ...parts, nodes }),
    new Rebalancer({ ...parts, settings: parts, isSettled: () => reachability.isSettled }),
    new RollingRestarter({ ...parts, isSettled: () => reachability.isSettled }),
    new CommandSweep({ ...parts, commands: registry.commands }),
    foundProblems,
  ];
  return new Leader({ ...parts, leases: registry.leases, tasks });
}

import type { AdminClient, DrainRequest } from '@pushfleet/admin-sdk';
import { systemClock } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { describeStatus } from '../nodes/render.ts';
import { CommandFailure } from '../output/failure.ts';
import { durationOf, formatDuration } from '../output/format.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { type PaceFlags, paceOf, withPace } from './drain.ts';
import { awaitMaintenance, awaitReady, awaitRebalance, redirectedOf, workersOf } from './wait.ts';

const help = `
Each push server in turn: its devices are told where to go, it restarts and is ready again; only then comes the next one,
whose devices refill it. At the end the load is evened out. Devices stay reachable throughout. It stops, with status 1, at
the first one to which balancers do not get through afterwards, or whose certificate devices would refuse. Those that are
unreachable already come first.

Examples:
  $ pushfleet rolling-restart
  $ pushfleet rolling-restart --rate 100`;

export function rollingRestartCommand({ environment }: CommandContext): Command {
  const command = new Command('rolling-restart')
    .description('restart all push servers, one after the other')
    .addHelpText('after', help);
  return withPace(command).action(async (flags: PaceFlags) => {
    using client = openClient(environment);
    const nodes = await client.nodes.list();
    const ready = nodes.filter(({ status }) => status === 'NODE_STATUS_READY');
    const unreachable = nodes.filter(({ status }) => status === 'NODE_STATUS_UNREACHABLE');
    const overloaded = nodes.filter(({ status }) => status === 'NODE_STATUS_OVERLOADED');
    const restarted = [...unreachable, ...ready, ...overloaded];
    if (restarted.length < 2) {
      throw new CommandFailure('fewer than two push servers take devices: they would have nowhere to go');
    }
    const leftOut = nodes.filter((node) => !restarted.includes(node) && node.status !== 'NODE_STATUS_DISABLED');
    for (const node of leftOut) print(`${node.nodeId}: left out, ${describeStatus(node)}`);
    const ids = restarted.map(({ nodeId }) => nodeId);
    await restartAll({ client, pace: paceOf(flags), say: print }, ids);
  });
}

/** At or below it the load counts as even. */
const evenRatio = 1.02;
const maxRebalances = 3;

interface RollingRestart {
  client: AdminClient;
  pace: Omit<DrainRequest, 'nodeId'>;
  say: (line: string) => void;
}

/**
 * Restarts one push server after the other. Each comes back empty, and is refilled by the devices of the next one, which
 * go to the least loaded; evening out after each would move them twice. What the last one lacks is evened out at the end.
 * @throws CommandFailure that names the first one that does not work afterwards, and why; those after it are left alone
 */
async function restartAll(rolling: RollingRestart, nodeIds: readonly string[]): Promise<void> {
  const begunMs = systemClock.now();
  for (const [index, nodeId] of nodeIds.entries()) {
    await restartOne(rolling, nodeId).catch((error: unknown) => stop(error, nodeIds.slice(index + 1)));
  }
  await evenOut(rolling);
  rolling.say(`all ${nodeIds.length} restarted in ${formatDuration(systemClock.now() - begunMs)}`);
}

/** Ends the rolling restart: the push servers that are left keep their devices. @throws the error, with their ids */
function stop(error: unknown, rest: readonly string[]): never {
  if (!(error instanceof CommandFailure) || rest.length === 0) throw error;
  throw new CommandFailure(`${error.message}\nStopped; not restarted: ${rest.join(', ')}`, { cause: error });
}

async function restartOne({ client, pace, say }: RollingRestart, nodeId: string): Promise<void> {
  const before = await workersOf(client, nodeId);
  const ordered = await client.maintenance.restart({ nodeId, ...pace });
  if (ordered.kind !== 'MAINTENANCE_KIND_RESTART') {
    throw new CommandFailure(`${nodeId} is being drained; \`pushfleet undrain ${nodeId}\` ends that`);
  }
  const done = await awaitMaintenance(client, ordered, () => undefined);
  await awaitReady(client, nodeId, before);
  say(`${nodeId}: restarted in ${durationOf(done)}, ${done.moved} devices moved away`);
}

/** Devices that were on their way when it was planned make a second one necessary, now and then. */
async function evenOut({ client, say }: RollingRestart): Promise<void> {
  for (let round = 1; round <= maxRebalances; round += 1) {
    const { moves, largestToMean } = await client.maintenance.planRebalance();
    if (moves.length === 0 || largestToMean <= evenRatio) {
      return say(`load is even, largest/mean ${largestToMean.toFixed(3)}`);
    }
    const done = await awaitRebalance(client, await client.maintenance.startRebalance(), () => undefined);
    say(`rebalanced in ${durationOf(done)}, ${redirectedOf(done)} devices moved`);
  }
}

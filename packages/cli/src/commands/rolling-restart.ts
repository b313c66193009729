import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { type PaceFlags, paceOf, withPace } from '../maintenance/pace-options.ts';
import { restartAll } from '../maintenance/rolling-restart.ts';
import { describeStatus } from '../nodes/describe-status.ts';
import { CommandFailure } from '../output/failure.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from './context.ts';

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
    const restarted = [...unreachable, ...ready];
    if (restarted.length < 2) {
      throw new CommandFailure('fewer than two push servers take devices: they would have nowhere to go');
    }
    const leftOut = nodes.filter((node) => !restarted.includes(node) && node.status !== 'NODE_STATUS_DISABLED');
    for (const node of leftOut) print(`${node.nodeId}: left out, ${describeStatus(node)}`);
    const ids = restarted.map(({ nodeId }) => nodeId);
    await restartAll({ client, pace: paceOf(flags), say: print }, ids);
  });
}

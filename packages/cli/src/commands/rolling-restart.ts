import { Command } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { type PaceFlags, paceOf, withPace } from '../maintenance/pace-options.ts';
import { restartAll } from '../maintenance/rolling-restart.ts';
import { CommandFailure } from '../output/failure.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from './context.ts';

const help = `
Each push server in turn: its devices are told where to go, it restarts and is ready again; only then comes the next one,
whose devices refill it. At the end the load is evened out. Devices stay reachable throughout. It stops at the first one
that does not go well.

Examples:
  $ pushfleet rolling-restart
  $ pushfleet rolling-restart --rate 100`;

export function rollingRestartCommand({ environment }: CommandContext): Command {
  const command = new Command('rolling-restart')
    .description('restart all push servers, one after the other')
    .addHelpText('after', help);
  return withPace(command).action(async (flags: PaceFlags) => {
    using client = openClient(environment);
    const nodes = await client.listNodes();
    const ready = nodes.filter(({ status }) => status === 'NODE_STATUS_READY').map(({ nodeId }) => nodeId);
    if (ready.length < 2) {
      throw new CommandFailure('fewer than two push servers are ready: devices would have nowhere to go');
    }
    await restartAll({ client, pace: paceOf(flags), say: print }, ready);
  });
}

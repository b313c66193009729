import type { DrainRequest } from '@pushfleet/admin-sdk';
import { parseNodeId } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, wholeNumber } from '../options/option-values.ts';
import { durationOf } from '../output/format.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { awaitMaintenance, awaitReady, describeMaintenance, workersOf } from './wait.ts';

const drainHelp = `
The push server gets no new devices from now on, and tells those that it has where to go, at the rate. It stays empty,
also after a restart, until \`pushfleet undrain\`. Asked again while one is under way, that one goes on.

Examples:
  $ pushfleet drain dp-1 --wait
  $ pushfleet drain dp-1 --rate 50 --deadline 600`;

export function drainCommand({ environment }: CommandContext): Command {
  const command = new Command('drain')
    .description('empty a push server and keep it empty')
    .argument('<node>', 'its id, as `pushfleet nodes` lists it', checked(parseNodeId))
    .option('--wait', 'return when it is empty, and show how it goes')
    .addHelpText('after', drainHelp);
  return withPace(command).action(async (nodeId: string, flags: PaceFlags & { wait?: true }) => {
    using client = openClient(environment);
    const ordered = await client.maintenance.drain({ nodeId, ...paceOf(flags) });
    if (!flags.wait) return print(`${describeMaintenance(ordered)}; \`pushfleet drain ${nodeId} --wait\` follows it`);
    const done = await awaitMaintenance(client, ordered, sayChanges());
    print(`${nodeId}: empty after ${durationOf(done)}; \`pushfleet undrain ${nodeId}\` lets it take devices again`);
  });
}

export function undrainCommand({ environment }: CommandContext): Command {
  return new Command('undrain')
    .description('let a drained push server take devices again')
    .argument('<node>', 'its id', checked(parseNodeId))
    .addHelpText('after', '\nA drain that is under way ends; what it has moved stays where it is.')
    .action(async (nodeId: string) => {
      using client = openClient(environment);
      await client.maintenance.undrain(nodeId);
      print(
        `${nodeId}: takes devices again; the load is evened out by itself, or now by \`pushfleet rebalance start\``,
      );
    });
}

const restartHelp = `
Its devices are told where to go, its workers are replaced by new processes, and it takes devices again. Returns when
that is done and balancers get through to it; with status 1 if they do not. \`pushfleet rolling-restart\` does it with one push server after the other.

Example:
  $ pushfleet restart dp-1`;

export function restartCommand({ environment }: CommandContext): Command {
  const command = new Command('restart')
    .description('drain a push server, start it anew')
    .argument('<node>', 'its id', checked(parseNodeId))
    .addHelpText('after', restartHelp);
  return withPace(command).action(async (nodeId: string, flags: PaceFlags) => {
    using client = openClient(environment);
    const before = await workersOf(client, nodeId);
    const ordered = await client.maintenance.restart({ nodeId, ...paceOf(flags) });
    const done = await awaitMaintenance(client, ordered, sayChanges());
    await awaitReady(client, nodeId, before);
    print(`${nodeId}: restarted in ${durationOf(done)}`);
  });
}

/** One line for each phase. */
function sayChanges(): (now: Parameters<typeof describeMaintenance>[0]) => void {
  let phase = '';
  return (now) => {
    if (now.phase !== phase && now.phase !== 'MAINTENANCE_PHASE_DONE') print(describeMaintenance(now));
    phase = now.phase;
  };
}

export interface PaceFlags {
  rate?: number;
  deadline?: number;
}

/** How fast devices leave a push server, and until when. */
export function withPace(command: Command): Command {
  return command
    .option('--rate <devices>', 'devices told to leave per second (default: 200)', wholeNumber())
    .option('--deadline <seconds>', 'close what is left after this (default: 300)', wholeNumber());
}

export function paceOf({ rate, deadline }: PaceFlags): Omit<DrainRequest, 'nodeId'> {
  return {
    ...(rate === undefined ? {} : { devicesPerSecond: rate }),
    ...(deadline === undefined ? {} : { deadlineMs: deadline * 1_000 }),
  };
}

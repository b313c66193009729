import type { admin } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { count, durationOf } from '../output/format.ts';
import { paintFor, print, printJson } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from '../stop.ts';
import { awaitRebalance, redirectedOf } from './wait.ts';

const help = `
Only what is too much moves: from push servers that have more than their share to those that have less, among those with
the same scope. It also starts by itself, when a push server joins or the load is uneven (PUSHFLEET_REBALANCE_… of the
balancers), and waits while a push server is being drained.

Examples:
  $ pushfleet rebalance plan          # what it would do; changes nothing
  $ pushfleet rebalance start --wait
  $ pushfleet rebalance status
  $ pushfleet rebalance abort         # devices that have moved stay where they are`;

export function rebalanceCommand(context: CommandContext): Command {
  const group = new Command('rebalance')
    .description('even out the load of the push servers')
    .addHelpText('after', help);
  for (const create of [planCommand, startCommand, statusCommand, abortCommand]) group.addCommand(create(context));
  return group;
}

function planCommand({ environment }: CommandContext): Command {
  return new Command('plan')
    .description('show what would move; changes nothing')
    .option('--json', 'an object with `moves` and `largestToMean`')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const { moves, largestToMean } = await client.maintenance.planRebalance();
      if (json) return printJson({ moves, largestToMean });
      print(`The largest load is ${largestToMean.toFixed(3)} times the mean.`);
      print(moves.length > 0 ? renderTable(planned, moves, paintFor(process.stdout)) : 'Nothing would move.');
    });
}

function startCommand({ environment }: CommandContext): Command {
  return new Command('start')
    .description('start now, however even the load is')
    .option('--wait', 'return when it has ended')
    .action(async ({ wait }: { wait?: true }) => {
      using client = openClient(environment);
      const started = await client.maintenance.startRebalance();
      show(wait ? await awaitRebalance(client, started, () => undefined) : started);
    });
}

function statusCommand({ environment }: CommandContext): Command {
  return new Command('status')
    .description('show the last one')
    .option('--json', 'an object with `rebalanceId`, `state`, `cause`, `moves`, `startedAtMs`, `endedAtMs`; or null')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const last = await client.maintenance.getRebalance();
      if (json) printJson(last ?? null);
      else show(last);
    });
}

function abortCommand({ environment }: CommandContext): Command {
  return new Command('abort').description('stop the one that is under way').action(async () => {
    using client = openClient(environment);
    show(await client.maintenance.abortRebalance());
  });
}

function causeOf({ cause }: admin.Rebalance): string {
  return cause.slice('REBALANCE_CAUSE_'.length).toLowerCase().replaceAll('_', ' ');
}

function show(rebalance: admin.Rebalance | undefined): void {
  if (!rebalance) return print('There was no rebalance yet.');
  const state = rebalance.state.slice('REBALANCE_STATE_'.length).toLowerCase();
  const redirected = count(redirectedOf(rebalance), 'device');
  const since = rebalance.endedAtMs > 0 ? 'after' : 'for';
  print(`${state} ${since} ${durationOf(rebalance)}, because: ${causeOf(rebalance)}; ${redirected} redirected`);
  if (rebalance.moves.length > 0) print(renderTable(carriedOut, rebalance.moves, paintFor(process.stdout)));
}

const planned: Column<admin.RebalanceMove>[] = [
  { title: 'FROM', text: ({ fromNodeId }) => fromNodeId },
  { title: 'TO', text: ({ toNodeId }) => toNodeId },
  { title: 'DEVICES', text: ({ devices }) => String(devices), align: 'right' },
];
const carriedOut: Column<admin.RebalanceMove>[] = [
  ...planned,
  { title: 'REDIRECTED', text: ({ redirected }) => String(redirected), align: 'right' },
];

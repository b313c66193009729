import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { wordsOf } from '../nodes/render.ts';
import { CommandFailure } from '../output/failure.ts';
import { count, durationOf } from '../output/format.ts';
import { paintFor, print, printJson } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';
import type { CommandContext } from '../stop.ts';
import { type PaceFlags, paceOf, withPace } from './drain.ts';
import { awaitRollingRestart } from './wait.ts';

const help = `
Each push server in turn: its devices are told where to go, it restarts and is ready again; only then comes the next one,
whose devices refill it. At the end the load is evened out. Devices stay reachable throughout. It stops, with status 1, at
the first one to which balancers do not get through afterwards, or whose certificate devices would refuse. Those that are
unreachable already come first.

The balancers carry it out: it goes on when this command ends, by Ctrl-C too. \`cancel\` ends it.

Examples:
  $ pushfleet rolling-restart
  $ pushfleet rolling-restart --rate 100
  $ pushfleet rolling-restart plan            # what it would do; changes nothing
  $ pushfleet rolling-restart status --wait   # follow the one that is under way
  $ pushfleet rolling-restart cancel          # the one whose turn it is ends well; those after it are left alone`;

export function rollingRestartCommand(context: CommandContext): Command {
  const command = new Command('rolling-restart')
    .description('restart all push servers, one after the other')
    .option('--ignore-capacity', 'also where devices have nowhere to go while their push server restarts')
    .addHelpText('after', help);
  withPace(command).action(async (flags: PaceFlags & { ignoreCapacity?: true }) => {
    using client = openClient(context.environment);
    const ignoreCapacity = flags.ignoreCapacity === true;
    const started = await client.maintenance.startRollingRestart({ ...paceOf(flags), ignoreCapacity });
    await report(client, started);
  });
  command.addCommand(planCommand(context));
  command.addCommand(statusCommand(context));
  for (const verb of ['pause', 'resume', 'cancel'] as const) command.addCommand(verbCommand(context, verb));
  return command;
}

function planCommand({ environment }: CommandContext): Command {
  return new Command('plan')
    .description('show in which order they would restart, and how many devices would leave each; changes nothing')
    .option('--json', 'an object with `steps` and `obstacle`')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const { steps, obstacle } = await client.maintenance.planRollingRestart();
      if (json) return printJson({ steps, obstacle });
      if (steps.length > 0) print(renderTable(planned, steps, paintFor(process.stdout)));
      if (obstacle !== '') print(`It would be refused: ${obstacle}`);
    });
}

function statusCommand({ environment }: CommandContext): Command {
  return new Command('status')
    .description('show the last one')
    .option('--wait', 'follow it to its end; with status 1 if it fails')
    .option(
      '--json',
      'an object with `rollingRestartId`, `state`, `reason`, `steps`, `startedAtMs`, `endedAtMs`; or null',
    )
    .action(async ({ wait, json }: { wait?: true; json?: true }) => {
      using client = openClient(environment);
      const last = await client.maintenance.getRollingRestart();
      if (json) return printJson(last ?? null);
      if (last && wait && last.endedAtMs === 0) return report(client, last);
      show(last);
    });
}

const verbs = {
  pause: 'let no further push server begin; the one whose turn it is goes on until it is ready',
  resume: 'go on with it',
  cancel: 'end it when the push server whose turn it is is ready',
} as const;

function verbCommand({ environment }: CommandContext, verb: keyof typeof verbs): Command {
  return new Command(verb).description(verbs[verb]).action(async () => {
    using client = openClient(environment);
    show(await client.maintenance[`${verb}RollingRestart`]());
  });
}

/** Says what happens, until it has ended. @throws CommandFailure that says why it failed, or that it was cancelled */
async function report(client: AdminClient, started: admin.RollingRestart): Promise<void> {
  const said = new Set<string>();
  const ended = await awaitRollingRestart(client, started, (now) => {
    for (const line of linesOf(now).filter((one) => !said.has(one))) {
      said.add(line);
      print(line);
    }
  });
  const restarted = ended.steps.filter(({ state }) => state === 'ROLLING_RESTART_STEP_STATE_READY').length;
  if (ended.state === 'ROLLING_RESTART_STATE_DONE') {
    return print(`all ${restarted} restarted in ${durationOf(ended)}`);
  }
  const rest = ended.steps.filter(({ state }) => state === 'ROLLING_RESTART_STEP_STATE_WAITING');
  const untouched = rest.length > 0 ? `\nStopped; not restarted: ${rest.map(({ nodeId }) => nodeId).join(', ')}` : '';
  throw new CommandFailure(`${ended.reason === '' ? 'somebody has cancelled it' : ended.reason}${untouched}`);
}

/** Lines that are each said once. */
function linesOf({ state, steps }: admin.RollingRestart): string[] {
  const lines = steps.flatMap((step) => {
    if (step.state === 'ROLLING_RESTART_STEP_STATE_LEFT_OUT') return [`${step.nodeId}: left out, ${step.reason}`];
    if (step.state !== 'ROLLING_RESTART_STEP_STATE_READY') return [];
    return [`${step.nodeId}: restarted in ${durationOf(step)}, ${count(step.moved, 'device')} moved away`];
  });
  return [...lines, ...(state === 'ROLLING_RESTART_STATE_REBALANCING' ? ['evening out the load'] : [])];
}

function show(last: admin.RollingRestart | undefined): void {
  if (!last) return print('There was no rolling restart yet.');
  const reason = last.reason === '' ? '' : `: ${last.reason}`;
  const since = last.endedAtMs > 0 ? 'after' : 'for';
  print(`${wordsOf(last.state, 'ROLLING_RESTART_STATE_')} ${since} ${durationOf(last)}${reason}`);
  print(renderTable(carriedOut, last.steps, paintFor(process.stdout)));
}

const node: Column<admin.RollingRestartStep> = { title: 'NODE', text: ({ nodeId }) => nodeId };
const state: Column<admin.RollingRestartStep> = {
  title: 'STATE',
  text: (step) => wordsOf(step.state, 'ROLLING_RESTART_STEP_STATE_'),
};
const reason: Column<admin.RollingRestartStep> = { title: 'REASON', text: (step) => step.reason };

const planned: Column<admin.RollingRestartStep>[] = [
  node,
  state,
  { title: 'DEVICES', text: ({ devices }) => String(devices), align: 'right' },
  { title: 'ROOM ELSEWHERE', text: ({ room }) => String(room), align: 'right' },
  reason,
];
const carriedOut: Column<admin.RollingRestartStep>[] = [
  node,
  state,
  { title: 'MOVED', text: ({ moved }) => String(moved), align: 'right' },
  { title: 'LEFT', text: ({ remaining }) => String(remaining), align: 'right' },
  reason,
];

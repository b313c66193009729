import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { systemClock } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { paintFor, plain, print, printJson } from '../output/print.ts';
import { Screen } from '../output/screen.ts';
import type { CommandContext } from '../stop.ts';
import { renderOverview } from './render-overview.ts';

const help = `
Shows links, capacity and load of each push server, commands that end per second by outcome, and alarms, anew every two seconds;
q or Ctrl-C ends it. Where standard output is no terminal, it prints the present state once. SPREAD is the load of the fullest
push server as a multiple of the mean. Push servers that need a look come first.

Examples:
  $ pushfleet top
  $ pushfleet top --json | jq '.alarms'
  $ pushfleet top | head -3`;

export function topCommand({ environment, stop }: CommandContext): Command {
  return new Command('top')
    .description('show push servers, their load, commands and alarms, live')
    .option(
      '--json',
      'the present state once: an object {sampleTimeMs, links, capacity, spread, nodes, commandsPerSecond, alarms}',
    )
    .addHelpText('after', help)
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      // Whatever keeps it from the cluster is said before the terminal is taken.
      const first = await client.overview.get({ timeoutMs: 10_000 });
      if (json) return printJson(first);
      if (!process.stdout.isTTY) return print(snapshotOf(first));
      await show(client, first, stop());
    });
}

const snapshotRoom = { columns: 120, rows: Number.POSITIVE_INFINITY };

function snapshotOf(overview: admin.Overview): string {
  return renderOverview(overview, { wallMs: systemClock.wallMs(), ageMs: 0 }, snapshotRoom, plain).join('\n');
}

/** The age that is shown grows also while no balancer answers. */
const redrawMs = 1_000;

async function show(client: AdminClient, first: admin.Overview, stopped: AbortSignal): Promise<void> {
  const quit = new AbortController();
  const signal = AbortSignal.any([stopped, quit.signal]);
  const paint = paintFor(process.stdout);
  let [shown, atMs] = [first, systemClock.now()];
  const draw = () => {
    const look = { wallMs: systemClock.wallMs(), ageMs: systemClock.now() - atMs };
    screen.draw(renderOverview(shown, look, screen, paint));
  };
  using screen = new Screen({
    ...{ output: process.stdout, input: process.stdin },
    ...{ onQuit: () => quit.abort(), onResize: () => draw() },
  });
  using _redraw = systemClock.every(redrawMs, draw);
  draw();
  try {
    for await (const overview of client.overview.watch({ signal })) {
      [shown, atMs] = [overview, systemClock.now()];
      draw();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

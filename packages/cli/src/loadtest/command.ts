import { type ScenarioName, scenarioNames, scenarios } from '@pushfleet/loadtest/options';
import { Argument, Command } from 'commander';
import type { CommandContext } from '../stop.ts';
import { addLoadOptions, type LoadFlags } from './options.ts';

const scenarioList = Object.entries(scenarios).map(([name, about]) => `  ${name.padEnd(18)} ${about}`);

const help = `
Scenarios:
${scenarioList.join('\n')}

A fleet of lean devices, in processes of its own, connects to a cluster and answers what it is told. The devices, and a group
for them, are made through the admin API, and removed afterwards. Load goes to this machine alone, unless --allow-remote
is given. Ctrl-C ends the run early, with a report of what was measured until then; a second one ends it at once.
docs/loadtest.md explains each scenario, and what the figures mean.

Exit status: 0; 2 where a --fail-if holds; 1 where the run could not be made.

Examples:
  $ pushfleet loadtest connect-ramp --start-cluster --devices 1000 --push-rate 100
  $ pushfleet loadtest steady-push --start-cluster --push-servers 2 --in-flight 256 --report push.html
  $ pushfleet loadtest node-loss --start-cluster --push-servers 3 --devices 3000 --fail-if 'recovery.allBack > 60s'
  $ pushfleet loadtest soak --devices 500 --duration 30m --json soak.json      # against \`pushfleet dev\``;

export function loadtestCommand(context: CommandContext): Command {
  const command = new Command('loadtest')
    .description('put a cluster under load, and report what becomes of it')
    .addArgument(new Argument('<scenario>', 'what is to happen').choices(scenarioNames));
  return addLoadOptions(command)
    .addCommand(savedReportCommand())
    .addCommand(comparisonCommand())
    .addHelpText('after', help)
    .action(async (scenario: ScenarioName, flags: LoadFlags) => {
      // At once: a Ctrl-C that comes while the rest is loaded is one that ends the run.
      const signal = context.stop();
      const { loadtest } = await import('./loadtest.ts');
      await loadtest({ ...context, signal }, scenario, flags, command.parent?.version() ?? 'unknown');
    });
}

/** `pushfleet loadtest report`: a report that was kept as JSON, once more. */
function savedReportCommand(): Command {
  return new Command('report')
    .description('show a report that --json has written, or draw its page')
    .argument('<json>', 'the file')
    .option('--html <file>', 'write it as a page of HTML')
    .action(async (path: string, { html }: { html?: string }) => {
      const { showReport } = await import('./saved-reports.ts');
      await showReport(path, html);
    });
}

/** `pushfleet loadtest compare`: the figures of two reports side by side. */
function comparisonCommand(): Command {
  return new Command('compare')
    .description('the figures of two reports side by side, the greatest change first')
    .argument('<before>', 'JSON of a run')
    .argument('<after>', 'JSON of another one')
    .action(async (before: string, after: string) => {
      const { showComparison } = await import('./saved-reports.ts');
      showComparison(before, after);
    });
}

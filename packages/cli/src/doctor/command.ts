import { Command, Option } from 'commander';
import { paintFor, print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { type Part, parts } from './finding.ts';

const help = `
Looks at what a balancer, a push server or this program needs on this machine, and says what to change. It reads the same
variables and files as they do, and changes nothing. Without --runs it takes the machine for that of a push server where
PUSHFLEET_DISTRIBUTION_POINT is set, for that of a balancer where the key of the cluster's certificate is there, and else for
one from which the cluster is only administered.

Results: ok; warning: it works, and will not always; problem: it does not work; skipped: it does not apply, or could not be
looked at. Exit status: 1 where there is a problem.

Examples:
  $ pushfleet doctor
  $ PUSHFLEET_DISTRIBUTION_POINT=dp-1 pushfleet doctor
  $ pushfleet doctor --json | jq '.findings[] | select(.level == "problem")'`;

export function doctorCommand({ environment }: CommandContext): Command {
  return new Command('doctor')
    .description('check this machine: limits, ports, registry, certificates, clock, versions')
    .addOption(new Option('--runs <part...>', 'what this machine is to run').choices([...parts, 'nothing']))
    .option('--json', 'an object {runs, findings: [{check, level, detail, change}]}')
    .addHelpText('after', help)
    .action(async ({ runs: given, json }: { runs?: (Part | 'nothing')[]; json?: true }) => {
      const { examine, guessParts } = await import('./doctor.ts');
      const runs = given?.filter((part) => part !== 'nothing') ?? guessParts(environment);
      const findings = await examine(environment, runs);
      if (findings.some(({ level }) => level === 'problem')) process.exitCode = 1;
      if (json) return printJson({ runs, findings });
      const { renderFindings } = await import('./render.ts');
      const subject = runs.length > 0 ? runs.join(' and ') : 'only this program';
      print(`For a machine that runs ${subject}${given ? '' : ' (--runs says otherwise)'}:\n`);
      print(renderFindings(findings, paintFor(process.stdout)));
    });
}

import { Argument, Command } from 'commander';
import { printScript } from '../output/print.ts';
import { completionTable } from './completion-table.ts';
import { completionScript, type Shell, shells } from './scripts.ts';

const help = `
It completes commands, options and the values of those that take one of a few; and ids of the running cluster, which it asks
as every other command does: what does not answer within a second is not offered.

To have it in every new shell:
  bash  $ echo 'source <(pushfleet completion bash)' >> ~/.bashrc
  zsh   $ echo 'source <(pushfleet completion zsh)' >> ~/.zshrc     # after compinit
  fish  $ pushfleet completion fish > ~/.config/fish/completions/pushfleet.fish`;

export function completionCommand(): Command {
  const command = new Command('completion');
  return command
    .description('print the script by which a shell completes what is typed')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText('after', help)
    .action((shell: Shell) => {
      if (command.parent) printScript(completionScript(shell, completionTable(command.parent)));
    });
}

import { isIP } from 'node:net';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { print } from '../output/print.ts';
import type { CommandContext } from './context.ts';

const help = `
Keys, certificates and secrets that are there and still good are kept, so it can run before every start.
The directory is .pushfleet, or what PUSHFLEET_STATE_DIR says; docs/operations.md describes its files.

Examples:
  $ pushfleet init
  $ pushfleet init --host push.example.org --host 192.0.2.7`;

export function initCommand({ environment }: CommandContext): Command {
  return new Command('init')
    .description('make certificates, keys and tokens for a cluster, in the state directory')
    .option('--host <name...>', 'further names or addresses by which devices and admins reach this cluster', addHost)
    .addHelpText('after', help)
    .action(async ({ host }: { host?: string[] }) => {
      const { createStateDirectory } = await import('../state/state-directory.ts');
      const { stateDir } = readSettings({ stateDir: processSettings.stateDir }, environment);
      const { path, made } = await createStateDirectory({ path: stateDir, hosts: host ?? [] });
      print(made.length > 0 ? `Made in ${path}: ${made.join(', ')}` : `${path} has all that a cluster needs.`);
    });
}

function addHost(value: string, previous: string[] = []): string[] {
  const isName = /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;
  if (!isIP(value) && !isName.test(value)) throw new InvalidArgumentError('It must be a host name or an IP address.');
  return [...previous, value];
}

import { createWriteStream, existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { openRegistry, registrySettings } from '@pushfleet/registry';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { Command } from 'commander';
import { CommandFailure } from '../output/failure.ts';
import { count } from '../output/format.ts';
import { print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { type BackupCounts, noCounts } from './backup-line.ts';

const fields = Object.keys(noCounts) as (keyof BackupCounts)[];
/** Each field's things, one of them. */
const things: Record<keyof BackupCounts, string> = {
  groups: 'group',
  distributionPoints: 'distribution point',
  drains: 'drain',
  devices: 'device',
  tokens: 'API token',
  enrollmentTokens: 'enrollment token',
  commands: 'command',
  revocations: 'revoked certificate',
};

const backupHelp = `
Reads the registry itself, as a balancer of this machine would: PUSHFLEET_REDIS_URL, or registry.sqlite in the state directory.
The cluster may run meanwhile. The file holds hashes of secrets and tokens and the operations of commands; only its owner can
read it. Files of the state directory (keys, certificates, the admin token) are not in it: copy them as well.

In it: groups, distribution points with their settings, drains, devices, API tokens, enrollment tokens, durable commands that
have not ended, revoked certificates. Not in it: which device is connected where, events, audit, group pushes, statuses of
commands that have ended.

Examples:
  $ pushfleet backup fleet.backup
  $ PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 pushfleet backup "fleet-$(date +%F).backup" --json`;

export function backupCommand({ environment }: CommandContext): Command {
  return new Command('backup')
    .description('write fleet, settings, tokens and waiting commands to a file')
    .argument('<file>', 'where to; it must not be there yet')
    .option('--json', `an object {${fields.join(', ')}}: how many`)
    .addHelpText('after', backupHelp)
    .action(async (file: string, { json }: { json?: true }) => {
      if (existsSync(file)) throw new CommandFailure(`${file} is there already; backups replace nothing`);
      const { writeBackup } = await import('./write-backup.ts');
      const values = readSettings({ ...processSettings, ...registrySettings }, environment);
      const registryFile = `${values.stateDir}/registry.sqlite`;
      if (values.redisUrl === undefined && !existsSync(registryFile))
        throw new CommandFailure(`there is no registry: ${registryFile}`);
      await using registry = await openRegistry(values, undefined, { migrates: false });
      const counts = await writeLines(file, writeBackup(registry));
      if (json) printJson(counts);
      else print(`${file}: ${describeCounts(counts)}`);
    });
}

/** The file is there as a whole, or not at all. */
async function writeLines(file: string, lines: AsyncGenerator<object, BackupCounts, undefined>): Promise<BackupCounts> {
  const draft = `${file}.${process.pid}.new`;
  let counts = { ...noCounts };
  try {
    await pipeline(
      async function* () {
        for (;;) {
          const { value, done } = await lines.next();
          if (done) {
            counts = value;
            return;
          }
          yield `${JSON.stringify(value)}\n`;
        }
      },
      createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }),
    );
    await rename(draft, file);
    return counts;
  } catch (cause) {
    await rm(draft, { force: true });
    const { syscall, code } = cause as NodeJS.ErrnoException;
    throw syscall === undefined ? cause : new CommandFailure(`cannot write ${file} (${code})`, { cause });
  }
}

const restoreHelp = `
Writes into the registry itself, as a balancer of this machine would: PUSHFLEET_REDIS_URL, or registry.sqlite in the state
directory. Stop balancers and push servers before. The file may come from the other kind of registry: that is how a cluster
grows out of one machine. All lines are checked before the first is written.

Commands that were on their way to a device are sent again under the same id: devices with the SDK know them again. Commands
whose time has passed are left out.

Examples:
  $ pushfleet restore fleet.backup
  $ PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 pushfleet restore fleet.backup`;

export function restoreCommand({ environment }: CommandContext): Command {
  return new Command('restore')
    .description('write what a backup holds into the registry')
    .argument('<file>', 'a file that `pushfleet backup` wrote')
    .option('--merge', 'keep what the registry has already, and replace what the backup has, too')
    .option('--json', `an object {restored: {${fields.join(', ')}}, expired}`)
    .addHelpText('after', restoreHelp)
    .action(async (file: string, { merge = false, json }: { merge?: boolean; json?: true }) => {
      assertReadable(file);
      const { restoreBackup } = await import('./restore-backup.ts');
      const values = readSettings({ ...processSettings, ...registrySettings }, environment);
      await using registry = await openRegistry(values);
      const { restored, expired } = await restoreBackup(registry, file, { merge });
      if (json) return printJson({ restored, expired });
      print(`restored ${describeCounts(restored)}`);
      if (expired > 0) print(`left out: ${count(expired, 'command')} whose time has passed`);
    });
}

/** Before the registry is opened, which would make one. */
function assertReadable(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new CommandFailure(`cannot read ${file} (ENOENT)`);
  if (found.isDirectory()) throw new CommandFailure(`${file} is a directory, and no backup`);
}

function describeCounts(counts: BackupCounts): string {
  return fields.map((field) => count(counts[field], things[field])).join(', ');
}

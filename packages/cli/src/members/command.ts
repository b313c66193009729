import { parseNodeId } from '@pushfleet/protocol';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { print } from '../output/print.ts';
import { addHost } from '../servers/command.ts';
import type { CommandContext } from '../stop.ts';

const enrollHelp = `
Writes a bundle: the push server's own key and certificates, a secret that all push servers share, and a password for a Redis
user of its own. No key of a CA or of a balancer is in it. Copy the directory to the distribution point's machine and name it in
PUSHFLEET_STATE_DIR there; a push server on this machine finds it by itself. Run again, it makes new keys and certificates; those
before stay good until \`pushfleet revoke\`.

Examples:
  $ pushfleet enroll dp-1 --host push-1.example.org
  $ pushfleet enroll dp-1 --host 192.0.2.7 --out /media/usb/dp-1`;

export function enrollCommand({ environment }: CommandContext): Command {
  return new Command('enroll')
    .description('make the keys and certificates of one push server, which is a member of the cluster by them')
    .argument('<distribution-point>', 'its id', parsePoint)
    .option('--host <name...>', 'names or addresses by which devices reach it; default: those of this machine', addHost)
    .option('--out <directory>', 'where to write; default: push-servers/<distribution-point> in the state directory')
    .option('--keep', 'keep what is there and still good, so that it can run before every start')
    .addHelpText('after', enrollHelp)
    .action(async (distributionPoint: string, { host, out, keep }: EnrollOptions) => {
      const { enrollPushServer } = await import('../state/enrollment.ts');
      const { stateDir, redisKeyPrefix } = readSettings(enrollSettings, environment);
      const wish = {
        stateDir,
        redisKeyPrefix,
        distributionPoint,
        out,
        keep: keep ?? false,
        ...(host ? { hosts: host } : {}),
      };
      const { path, made, redisUser } = await enrollPushServer(wish);
      print(made.length > 0 ? `Made in ${path}: ${made.join(', ')}` : `${path} has all that the push server needs.`);
      if (redisUser) print(`Its user in Redis, for the aclfile (redis-users.acl in ${stateDir} has it):\n${redisUser}`);
    });
}

const enrollSettings = { stateDir: processSettings.stateDir, redisKeyPrefix: registrySettings.redisKeyPrefix };

interface EnrollOptions {
  host?: string[];
  out?: string;
  keep?: boolean;
}

function parsePoint(value: string): string {
  try {
    return parseNodeId(value);
  } catch {
    throw new InvalidArgumentError('It must be the id of a distribution point, 1 to 63 of A-Z a-z 0-9 . _ -');
  }
}

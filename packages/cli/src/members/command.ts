import { parseNodeId } from '@pushfleet/protocol';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailure } from '../output/failure.ts';
import { count } from '../output/format.ts';
import { print, printJson } from '../output/print.ts';
import { addHost } from '../servers/command.ts';
import type { CommandContext } from '../stop.ts';
import type { Revoked, RevokedPushServer } from './revoke.ts';

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
    .option(
      '--keep',
      'keep what is there and still good, so that it can run before every start; nothing of what was revoked',
    )
    .addHelpText('after', enrollHelp)
    .action(async (distributionPoint: string, { host, out, keep }: EnrollOptions) => {
      const { enrollPushServer } = await import('../state/enrollment.ts');
      const { stateDir, redisUrl, redisKeyPrefix } = readSettings(enrollSettings, environment);
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
      if (!redisUser) return;
      const file = `redis-users.acl in ${stateDir}`;
      print(
        redisUrl
          ? `Its user in Redis, which ${file} has, too:\n${redisUser}`
          : `Its user in Redis, if you use one: in ${file}.`,
      );
    });
}

const revokeHelp = `
Run it on the machine with the state directory of \`enroll\`, where PUSHFLEET_REDIS_URL leads to the registry. Within 10 seconds,
without a restart of anything: balancers and workers refuse the push server's certificates, it is taken out and ends, its devices go
to others, and its user in Redis is removed. \`pushfleet enroll\` makes a new bundle for it afterwards.

With --balancer it ends the certificates that balancers had in the cluster before the present one: \`pushfleet init --renew\` makes
that, and all balancers that are to go on have it, first. Within 10 seconds, members refuse the former ones, a balancer that still
has one ends, and tickets by it are void.

Examples:
  $ pushfleet revoke dp-1
  $ pushfleet init --renew && … && pushfleet revoke --balancer`;

export function revokeCommand({ environment }: CommandContext): Command {
  return new Command('revoke')
    .description(
      'end the certificates of a push server or of balancers, because they were stolen or are no longer needed',
    )
    .argument('[distribution-point]', 'id of the push server', parsePoint)
    .option('--balancer', 'those that balancers had before the one in the state directory')
    .option('--json', 'an object {certificates, before}; of a push server also isGone, user: {name, removal}')
    .addHelpText('after', revokeHelp)
    .action(async (point: string | undefined, { balancer = false, json }: { balancer?: boolean; json?: true }) => {
      if ((point === undefined) !== balancer)
        throw new CommandFailure(
          'name either a distribution point or --balancer; `pushfleet revoke --help` explains it',
        );
      const { revokeBalancers, revokePushServer } = await import('./revoke.ts');
      const values = readSettings({ ...processSettings, ...registrySettings }, environment);
      if (point === undefined) {
        const revoked = await revokeBalancers(values);
        if (json) return printJson(revoked);
        return print(describeRevokedBalancers(revoked).join('\n'));
      }
      const revoked = await revokePushServer(values, point);
      if (json) printJson(revoked);
      else print(describeRevoked(point, revoked).join('\n'));
    });
}

function describeRevokedBalancers({ certificates, before }: Revoked): string[] {
  return [
    `Revoked: ${count(certificates, 'certificate')} of balancers${before > 0 ? `, ${before} of them before` : ''}.`,
    'Whoever had it had more: other tls-ticket-secret, push-server-ticket-secret, admin-token and redis-password, too (docs/operations.md).',
  ];
}

function describeRevoked(point: string, { certificates, before, isGone, user }: RevokedPushServer): string[] {
  const again = before > 0 ? `, ${before} of them before` : '';
  const lines = [`Revoked: ${count(certificates, 'certificate')} of push server ${point}${again}.`];
  lines.push(isGone ? 'It is taken out.' : 'It still announces itself; is a balancer running?');
  if (user) lines.push(describeRemoval(user));
  lines.push(
    'Its secret of TLS session tickets is that of all push servers: if it was stolen, replace it (docs/operations.md).',
  );
  return lines;
}

function describeRemoval({ name, removal }: NonNullable<RevokedPushServer['user']>): string {
  switch (removal) {
    case 'removed':
      return `Its user ${name} is removed from Redis, and from redis-users.acl. Where Redis has a copy of that file, replace it.`;
    case 'absent':
      return `Redis knows no user ${name}. If the push server had another one, change its password.`;
    case 'not-permitted':
      return `Its user could not be removed from Redis. Do it on each server: ACL DELUSER ${name}`;
    default:
      return removal satisfies never;
  }
}

const { redisUrl, redisKeyPrefix } = registrySettings;
const enrollSettings = { stateDir: processSettings.stateDir, redisUrl, redisKeyPrefix };

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

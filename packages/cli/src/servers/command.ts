import { isIP } from 'node:net';
import { registrySettings } from '@pushfleet/registry';
import { processSettings, readSettings } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { print } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';

const balancerHelp = `
Reads its settings from PUSHFLEET_… variables; docs/configuration.md lists them. Stops in good order at SIGTERM.
Certificates and the admin token come from the state directory: run \`pushfleet init\` first. They are read again when their
files change, and at SIGHUP.

Examples:
  $ pushfleet balancer
  $ PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 PUSHFLEET_ADMIN_PORT=23299 pushfleet balancer`;

export function balancerCommand({ environment, stop }: CommandContext): Command {
  return new Command('balancer')
    .description('run a balancer: assigns devices, routes commands, serves the admin API')
    .addHelpText('after', balancerHelp)
    .action(async () => {
      const stopped = stop({ ignoreHangUp: true });
      const { runBalancer } = await import('@pushfleet/balancer');
      await runBalancer(environment, stopped, onHangUp);
    });
}

const pushServerHelp = `
PUSHFLEET_DISTRIBUTION_POINT names the distribution point that it serves; port, address and capacity are set there,
with \`pushfleet apply\` or the admin API. Other settings are PUSHFLEET_… variables; docs/configuration.md lists them.
At SIGTERM it sends its devices to other push servers before it stops.

Examples:
  $ PUSHFLEET_DISTRIBUTION_POINT=dp-1 pushfleet push-server
  $ PUSHFLEET_DISTRIBUTION_POINT=dp-1 PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 pushfleet push-server`;

export function pushServerCommand({ environment, stop }: CommandContext): Command {
  return new Command('push-server')
    .description('run the push server of a distribution point: holds the live links of devices')
    .addHelpText('after', pushServerHelp)
    .action(async () => {
      const stopped = stop({ ignoreHangUp: true });
      const { runPushServer } = await import('@pushfleet/push-server');
      await runPushServer(environment, stopped, onHangUp);
    });
}

/** SIGHUP: certificates, keys and tokens are read from their files anew. */
function onHangUp(reload: () => void): void {
  process.on('SIGHUP', reload);
}

const initHelp = `
Keys, certificates and secrets that are there and still good are kept, so it can run before every start.
The directory is .pushfleet, or what PUSHFLEET_STATE_DIR says; docs/operations.md describes its files.

Examples:
  $ pushfleet init
  $ pushfleet init --host push.example.org --host 192.0.2.7
  $ pushfleet init --renew                          # before \`pushfleet revoke --balancer\`
  $ pushfleet init --redis-acl                      # the users that Redis is to have, for its aclfile`;

const initSettings = { stateDir: processSettings.stateDir, redisKeyPrefix: registrySettings.redisKeyPrefix };

export function initCommand({ environment }: CommandContext): Command {
  return new Command('init')
    .description('make certificates, keys and tokens for a cluster, in the state directory')
    .option('--host <name...>', 'further names or addresses by which devices and admins reach this cluster', addHost)
    .option(
      '--redis-acl',
      'print the users of Redis and their rights: of the balancers, and of each push server that is enrolled',
    )
    .option(
      '--renew',
      "make the balancer's keys and certificates anew: the former ones were stolen, or are to be replaced",
    )
    .addHelpText('after', initHelp)
    .action(async ({ host, redisAcl, renew = false }: { host?: string[]; redisAcl?: true; renew?: boolean }) => {
      const { createStateDirectory } = await import('../state/state-directory.ts');
      const { stateDir, redisKeyPrefix } = readSettings(initSettings, environment);
      const wish = { path: stateDir, hosts: host ?? [], redisKeyPrefix, renew };
      const { path, made, redisUsers } = await createStateDirectory(wish);
      if (redisAcl) return print(redisUsers.trimEnd());
      print(made.length > 0 ? `Made in ${path}: ${made.join(', ')}` : `${path} has all that a cluster needs.`);
    });
}

export function addHost(value: string, previous: string[] = []): string[] {
  const isName = /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;
  if (!isIP(value) && !isName.test(value)) throw new InvalidArgumentError('It must be a host name or an IP address.');
  return [...previous, value];
}

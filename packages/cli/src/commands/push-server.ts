import { Command } from 'commander';
import type { CommandContext } from './context.ts';

const help = `
PUSHFLEET_DISTRIBUTION_POINT names the distribution point that it serves; port, address and capacity are set there,
with \`pushfleet apply\` or the admin API. Other settings are PUSHFLEET_… variables; docs/configuration.md lists them.
At SIGTERM it sends its devices to other push servers before it stops.

Examples:
  $ PUSHFLEET_DISTRIBUTION_POINT=dp-1 pushfleet push-server
  $ PUSHFLEET_DISTRIBUTION_POINT=dp-1 PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 pushfleet push-server`;

export function pushServerCommand({ environment, stop }: CommandContext): Command {
  return new Command('push-server')
    .description('run the push server of a distribution point: holds the live links of devices')
    .addHelpText('after', help)
    .action(async () => {
      const stopped = stop({ ignoreHangUp: true });
      const { runPushServer } = await import('@pushfleet/push-server');
      await runPushServer(environment, stopped);
    });
}

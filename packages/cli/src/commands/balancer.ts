import { Command } from 'commander';
import type { CommandContext } from './context.ts';

const help = `
Reads its settings from PUSHFLEET_… variables; docs/configuration.md lists them. Stops in good order at SIGTERM.
Certificates and the admin token come from the state directory: run \`pushfleet init\` first.

Examples:
  $ pushfleet balancer
  $ PUSHFLEET_REDIS_URL=redis://10.0.0.9:6379 PUSHFLEET_ADMIN_PORT=23299 pushfleet balancer`;

export function balancerCommand({ environment, stop }: CommandContext): Command {
  return new Command('balancer')
    .description('run a balancer: assigns devices, routes commands, serves the admin API')
    .addHelpText('after', help)
    .action(async () => {
      const stopped = stop({ ignoreHangUp: true });
      const { runBalancer } = await import('@pushfleet/balancer');
      await runBalancer(environment, stopped);
    });
}

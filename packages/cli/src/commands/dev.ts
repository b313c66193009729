import { systemClock } from '@pushfleet/runtime';
import { Command } from 'commander';
import { launcherGone } from '../dev/launcher.ts';
import type { CommandContext } from './context.ts';

const help = `
Starts a balancer, three push servers and a demo fleet of 30 devices (half gRPC, half MQTT) as processes of their own,
forces a synchronization of all devices and shows the outcomes. Certificates, tokens, secrets, the registry and logs
lie in .pushfleet. Ctrl-C ends everything.

Settings:
  PUSHFLEET_ASSIGN_PORT      where devices ask for an assignment (default 13000)
  PUSHFLEET_ADMIN_PORT       admin API (default 13299)
  PUSHFLEET_REST_PORT        /healthz and /readyz (default 8080)
  PUSHFLEET_DEV_DEVICE_PORT  the first of three ports of push servers (default 13295)
  PUSHFLEET_REDIS_URL        keep the registry in this Redis instead of a file
  PUSHFLEET_STATE_DIR        instead of .pushfleet

Examples:
  $ pushfleet dev
  $ PUSHFLEET_REDIS_URL=redis://127.0.0.1:6379 PUSHFLEET_REST_PORT=18080 pushfleet dev`;

export function devCommand({ environment, stop }: CommandContext): Command {
  return new Command('dev')
    .description('run a whole cluster with demo devices on this machine')
    .addHelpText('after', help)
    .action(async () => {
      const stopped = AbortSignal.any([stop(), launcherGone(environment, systemClock)]);
      const { runDev } = await import('../dev/dev.ts');
      await runDev(environment, stopped);
    });
}

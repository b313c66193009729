import { createStandardOutput, readSettings, systemClock, visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { connectionSettings, readAuthority } from '../connection/open-client.ts';
import { CommandFailure } from '../output/failure.ts';
import { deviceSecretFile, readSecretFile } from '../state/secrets.ts';
import type { CommandContext } from '../stop.ts';
import { launcherGone } from './launcher.ts';
import { demoDevices } from './plan.ts';

const help = `
Starts a balancer, three push servers and a demo fleet of 30 devices (half gRPC, half MQTT) as processes of their own,
forces a synchronization of all devices and shows the outcomes. Certificates, tokens, secrets, the registry and logs
lie in .pushfleet. Ctrl-C ends everything.

Settings:
  PUSHFLEET_ASSIGN_PORT      where devices ask for an assignment (default 13000)
  PUSHFLEET_ADMIN_PORT       admin API (default 13299)
  PUSHFLEET_REST_PORT        REST API, /healthz and /readyz (default 8080)
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
      const { runDev } = await import('./dev.ts');
      await runDev(environment, stopped);
    });
}

/** Part of `pushfleet dev`; not in the list of commands. */
export function demoFleetCommand({ environment, stop }: CommandContext): Command {
  return new Command('demo-fleet')
    .description('play the demo devices whose secrets lie in the state directory')
    .option('--balancer <url>', 'where the devices ask for an assignment', 'https://127.0.0.1:13000')
    .action(async ({ balancer }: { balancer: string }) => {
      const stopped = stop();
      const connection = readSettings(connectionSettings, environment);
      const { stateDir } = connection;
      const ca = readAuthority(connection).toString();
      const devices = demoDevices.flatMap((device) => {
        const secret = readSecretFile(deviceSecretFile(stateDir, device.id));
        return secret === undefined ? [] : [{ ...device, secret }];
      });
      if (devices.length === 0) throw new CommandFailure(`there is no secret of a demo device in ${stateDir}/devices`);
      const { runDemoFleet } = await import('./demo-fleet.ts');
      // Its log, like that of a server: where the disk is full, lines are lost and devices stay.
      const output = createStandardOutput();
      const log = (line: string) => output.write(`${visibleText(line)}\n`);
      await runDemoFleet({ balancer, ca, devices, log }, stopped);
    });
}

import { createStandardOutput, readSettings, visibleText } from '@pushfleet/runtime';
import { Command } from 'commander';
import { connectionSettings } from '../admin/connection-settings.ts';
import { readAuthority } from '../admin/open-client.ts';
import { demoDevices } from '../dev/demo-plan.ts';
import { CommandFailure } from '../output/failure.ts';
import { deviceSecretFile, readSecretFile } from '../state/secrets.ts';
import type { CommandContext } from './context.ts';

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
      const { runDemoFleet } = await import('../dev/demo-fleet.ts');
      // Its log, like that of a server: where the disk is full, lines are lost and devices stay.
      const output = createStandardOutput();
      const log = (line: string) => output.write(`${visibleText(line)}\n`);
      await runDemoFleet({ balancer, ca, devices, log }, stopped);
    });
}

import { limits, parseDeviceId, parseTarget } from '@pushfleet/protocol';
import { aborted, visibleText } from '@pushfleet/runtime';
import { Command, Option } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, duration } from '../options/option-values.ts';
import { print, say } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { type LocalAddress, parseLocalAddress, TunnelListener } from './tunnel-listener.ts';

const help = `
Each connection to the local port is a tunnel of its own: through a balancer, the push server that the device is linked to
and the device, to the target. The device must permit the target. A connection for which no tunnel can be opened is reset,
and what was wrong is said here: the device is away, it declines, or nothing listens at the target. Ctrl-C ends all of them.

Examples:
  $ pushfleet tunnel laptop-17 --local 2222 --target 127.0.0.1:22
  $ ssh -p 2222 127.0.0.1     # in a second terminal
  $ pushfleet tunnel kiosk-3 --local 8080 --target 192.168.1.40:80 --idle-limit 10m`;

interface TunnelFlags {
  local: LocalAddress;
  target: string;
  idleLimit: number;
  timeLimit: number;
}

const hourMs = 3_600_000;

export function tunnelCommand({ environment, stop }: CommandContext): Command {
  return new Command('tunnel')
    .description('reach a TCP server through a device, at a port of this machine')
    .argument('<device>', 'id of the device', checked(parseDeviceId))
    .requiredOption(
      '-l, --local <[host:]port>',
      'where to listen; without a host, for this machine alone',
      parseLocalAddress,
    )
    .requiredOption('-t, --target <host:port>', 'where the tunnels lead, as seen from the device', checked(targetText))
    .addOption(
      limit('--idle-limit <duration>', 'a tunnel ends when nothing has flowed for so long', {
        hours: 1,
        maxMs: limits.tunnelIdleLimitMaxMs,
      }),
    )
    .addOption(
      limit('--time-limit <duration>', 'a tunnel ends after so long', { hours: 8, maxMs: limits.tunnelTimeLimitMaxMs }),
    )
    .addHelpText('after', help)
    .action(async (deviceId: string, { local, target, idleLimit, timeLimit }: TunnelFlags) => {
      using client = openClient(environment);
      await using listener = new TunnelListener({
        tunnels: client.tunnels,
        target: { deviceId, target, idleLimitMs: idleLimit, timeLimitMs: timeLimit },
        onEnded: (peer, bytes, problem) => print(describeEnd(peer, bytes, problem)),
        onRefused: (peer, problem) => say(`pushfleet: connection from ${peer} refused: ${problem}`),
      });
      await listener.listen(local);
      const signal = stop();
      print(`${listener.address} leads to ${target} at ${deviceId}; Ctrl-C ends it`);
      await aborted(signal);
    });
}

function targetText(text: string, field: string): string {
  parseTarget(text, field);
  return text;
}

/** Checked here as well: a balancer is first asked by the first connection. */
function limit(flags: string, description: string, { hours, maxMs }: { hours: number; maxMs: number }): Option {
  const option = new Option(flags, description).argParser(duration(maxMs, limits.tunnelLimitMinMs));
  return option.default(hours * hourMs, `${hours}h`);
}

function describeEnd(peer: string, bytes: { toDevice: number; fromDevice: number }, problem?: string): string {
  const counts = `${bytes.toDevice} bytes to the device, ${bytes.fromDevice} from it`;
  return `connection from ${peer} ended: ${counts}${problem === undefined ? '' : ` (${visibleText(problem)})`}`;
}

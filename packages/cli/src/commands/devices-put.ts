import { parseDeviceId, parseGroupPath } from '@pushfleet/protocol';
import { Command, Option } from 'commander';
import { openClient } from '../admin/open-client.ts';
import { renderDevices, toDeviceRow } from '../devices/list-devices.ts';
import { checked } from '../options/checked.ts';
import { labelOption } from '../options/label.ts';
import { print, printJson } from '../output/print.ts';
import { loadDeviceSecret } from '../state/secrets.ts';
import type { CommandContext } from './context.ts';

const help = `
What is not named is not kept: a device that is put without labels has none. Its secret stays, unless it gets another.

Examples:
  $ pushfleet devices put laptop-17 --group "HQ/Floor 2" --secret-file laptop-17.secret --make-secret
  $ pushfleet devices put laptop-17 --group "HQ/Floor 3" --label os=linux --label ring=early`;

interface PutFlags {
  group: string;
  label?: Record<string, string>;
  link?: ('grpc' | 'mqtt')[];
  secretFile?: string;
  makeSecret?: true;
  json?: true;
}

export function putCommand({ environment }: CommandContext): Command {
  return new Command('put')
    .description('create or replace a device')
    .argument('<device>', 'its id', checked(parseDeviceId))
    .requiredOption('-g, --group <path>', 'its group, which must exist', checked(parseGroupPath))
    .addOption(labelOption('a label'))
    .addOption(new Option('--link <kind...>', 'how it may be linked; default: both').choices(['grpc', 'mqtt']))
    .option('--secret-file <file>', 'its secret is in this file; without it, the device keeps the one that it has')
    .option('--make-secret', 'make the secret file if it is missing')
    .option('--json', 'an object {deviceId, group, labels, linkKinds, session}')
    .addHelpText('after', help)
    .action(async (deviceId: string, { group, label, link, json, secretFile, makeSecret }: PutFlags) => {
      const secret =
        secretFile === undefined
          ? undefined
          : loadDeviceSecret(secretFile, { make: makeSecret ?? false, flag: '--make-secret' });
      using client = openClient(environment);
      const put = await client.devices.put({
        deviceId,
        group,
        ...(label ? { labels: label } : {}),
        ...(link ? { linkKinds: link } : {}),
        ...(secret === undefined ? {} : { secret }),
      });
      if (json) printJson(toDeviceRow(put));
      else print(renderDevices([toDeviceRow(put)]));
    });
}

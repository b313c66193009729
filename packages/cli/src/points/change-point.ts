import type { AdminClient } from '@pushfleet/admin-sdk';
import { type admin, PushfleetError, parseGroupPath, parseReachableHost } from '@pushfleet/protocol';
import { type Command, InvalidArgumentError } from 'commander';
import { checked, checkedEach } from '../options/checked.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { CommandFailure } from '../output/failure.ts';

/** As given on the command line; absent: as it is. */
export interface PointFlags {
  groups?: string[];
  address?: string;
  port?: number;
  maxConnections?: number;
  weight?: number;
  addressCheck?: admin.AddressCheck;
}

/** How the address check is written on the command line and in fleet files; `default`: as balancers are set. */
export const addressChecks = {
  default: 'ADDRESS_CHECK_UNSPECIFIED',
  on: 'ADDRESS_CHECK_ON',
  warn: 'ADDRESS_CHECK_WARN',
  off: 'ADDRESS_CHECK_OFF',
} as const satisfies Record<string, admin.AddressCheck>;

/** Adds the options that `PointFlags` are read from. */
export function withPointOptions(command: Command): Command {
  return command
    .option('--groups <path...>', 'its scope: groups, subgroups included; they must exist', checkedEach(parseGroupPath))
    .option('--address <host>', '"address for remote hosts": IP address or host name', checked(parseReachableHost))
    .option('--port <port>', '"push server port"; default 13295', wholeNumber(65_535))
    .option('--max-connections <count>', 'default 50000', wholeNumber(10_000_000))
    .option(
      '--weight <percent>',
      'its share of the load beside others of the same size; default 100',
      wholeNumber(1_000),
    )
    .option(
      '--address-check <how>',
      'what it means that balancers cannot reach the address: on, warn, off; default: as they are set',
      readAddressCheck,
    );
}

function readAddressCheck(word: string): admin.AddressCheck {
  if (Object.hasOwn(addressChecks, word)) return addressChecks[word as keyof typeof addressChecks];
  throw new InvalidArgumentError(`It must be one of ${Object.keys(addressChecks).join(', ')}.`);
}

/** Changes what the flags name, and leaves the rest. A distribution point that is not there needs a scope at least. */
export async function changePoint(
  client: AdminClient,
  id: string,
  flags: PointFlags,
  enabled?: boolean,
): Promise<admin.DistributionPoint> {
  const known = await findPoint(client, id);
  const groups = flags.groups ?? known?.groups;
  if (!groups) {
    throw new CommandFailure(`there is no distribution point "${id}"; with --groups and --address this makes it`);
  }
  const { groups: _scope, ...settings } = flags;
  const pushServer = { ...known?.pushServer, ...settings, ...(enabled === undefined ? {} : { enabled }) };
  return client.distributionPoints.put({ distributionPointId: id, groups, pushServer });
}

async function findPoint(client: AdminClient, id: string): Promise<admin.DistributionPoint | undefined> {
  try {
    return (await client.distributionPoints.get(id)).distributionPoint;
  } catch (error) {
    if (error instanceof PushfleetError && error.code === 'DISTRIBUTION_POINT_NOT_FOUND') return undefined;
    throw error;
  }
}

import type { AdminClient } from '@pushfleet/admin-sdk';
import { type admin, PushfleetError, parseGroupPath, parseNodeId, parseReachableHost } from '@pushfleet/protocol';
import { Command, InvalidArgumentError } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { checked, checkedEach, enumeration, wholeNumber } from '../options/option-values.ts';
import { CommandFailure } from '../output/failure.ts';
import { print, printJson } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';
import { addressChecks, listPoints, type PointRow, renderPoints, toPointRow } from './render.ts';

const help = `
A distribution point is a host that serves groups (its scope, subgroups included). Its push server follows what is set
here while it runs: an enabled one listens and takes devices; a new port is opened before the devices move there; a
disabled one hands its devices over and closes. STATUS is what it says of itself; "port in use" means that it goes on
at its former port. Without a command, they are listed.

Examples:
  $ pushfleet distribution-points put dp-1 --groups HQ --address push1.example.org
  $ pushfleet dp enable dp-1 --port 13296
  $ pushfleet dp set dp-1 --weight 50 --groups HQ "Branch/North"
  $ pushfleet dp get dp-1
  $ pushfleet dp disable dp-1`;

const asJson =
  'an object {distributionPointId, groups, pushServer, node}; node is null while no push server runs on it';

type Flags = PointFlags & { json?: true };

export function distributionPointsCommand(context: CommandContext): Command {
  return new Command('distribution-points')
    .alias('dp')
    .description('list distribution points; enable and set their push servers')
    .usage('[command] [options]')
    .helpCommand(false)
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(getCommand(context))
    .addCommand(putCommand(context))
    .addCommand(
      changeCommand(context, 'enable', '"run push server" on it, with other settings where they are named', true),
    )
    .addCommand(changeCommand(context, 'disable', 'drain its push server, then close it', false))
    .addCommand(changeCommand(context, 'set', 'change its scope or settings; what is not named stays'))
    .addCommand(deleteCommand(context))
    .addHelpText('after', help);
}

function listCommand({ environment }: CommandContext): Command {
  return new Command('list')
    .description('list distribution points, with what their push servers say of themselves (default)')
    .option('--json', 'an array of {distributionPointId, groups, pushServer, node}')
    .action(async ({ json }: { json?: true }) => {
      using client = openClient(environment);
      const points = await listPoints(client);
      if (json) printJson(points);
      else print(points.length > 0 ? renderPoints(points) : 'There are no distribution points.');
    });
}

function getCommand({ environment }: CommandContext): Command {
  return new Command('get')
    .description('show one distribution point')
    .argument('<id>', 'the distribution point', checked(parseNodeId))
    .option('--json', asJson)
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      show(await readPoint(client, id), json);
    });
}

function putCommand({ environment }: CommandContext): Command {
  return withPointOptions(new Command('put'))
    .description('create or replace a distribution point; its push server runs only with --enabled')
    .argument('<id>', 'the distribution point', checked(parseNodeId))
    .option('--enabled', '"run push server"')
    .option('--json', asJson)
    .action(async (id: string, { groups = [], json, ...pushServer }: Flags & { enabled?: true }) => {
      using client = openClient(environment);
      await client.distributionPoints.put({ distributionPointId: id, groups, pushServer });
      show(await readPoint(client, id), json);
    });
}

function changeCommand({ environment }: CommandContext, name: string, text: string, enabled?: boolean): Command {
  const command = new Command(name).description(text).argument('<id>', 'the distribution point', checked(parseNodeId));
  return (enabled === false ? command : withPointOptions(command))
    .option('--json', asJson)
    .action(async (id: string, { json, ...flags }: Flags) => {
      using client = openClient(environment);
      await changePoint(client, id, flags, enabled);
      show(await readPoint(client, id), json);
    });
}

function deleteCommand({ environment }: CommandContext): Command {
  return new Command('delete')
    .description('delete a distribution point on which no push server runs')
    .argument('<id>', 'the distribution point', checked(parseNodeId))
    .option('--json', 'an object {deleted}')
    .action(async (id: string, { json }: { json?: true }) => {
      using client = openClient(environment);
      await client.distributionPoints.delete(id);
      if (json) printJson({ deleted: id });
      else print(`deleted ${id}`);
    });
}

async function readPoint(client: AdminClient, id: string): Promise<PointRow> {
  const { distributionPoint, node } = await client.distributionPoints.get(id);
  return toPointRow(distributionPoint, node);
}

function show(point: PointRow, json: true | undefined): void {
  if (json) printJson(point);
  else print(renderPoints([point]));
}

/** Settings as given on the command line; absent ones stay as they are. */
interface PointFlags {
  groups?: string[];
  address?: string;
  port?: number;
  maxConnections?: number;
  weight?: number;
  addressCheck?: admin.AddressCheck;
}

/** Adds the options that `PointFlags` are read from. */
function withPointOptions(command: Command): Command {
  return command
    .option('--groups <path...>', 'its scope: groups, subgroups included; they must exist', checkedEach(parseGroupPath))
    .option('--address <host>', '"address for remote hosts": IP address or host name', checked(parseReachableHost))
    .option('--port <port>', '"push server port"; default 13295', wholeNumber())
    .option('--max-connections <count>', 'default 50000', wholeNumber())
    .option('--weight <percent>', 'its share of the load beside others of the same size; default 100', wholeNumber())
    .addOption(
      enumeration(
        '--address-check <how>',
        'what it means that balancers cannot reach the address; default: as they are set',
        Object.keys(addressChecks),
        readAddressCheck,
      ),
    );
}

function readAddressCheck(word: string): admin.AddressCheck {
  if (Object.hasOwn(addressChecks, word)) return addressChecks[word as keyof typeof addressChecks];
  throw new InvalidArgumentError(`It must be one of ${Object.keys(addressChecks).join(', ')}.`);
}

/** Changes what the flags name, and leaves the rest. A distribution point that is not there needs a scope at least. */
async function changePoint(
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

import { PushfleetError } from '@pushfleet/protocol';
import { decodeText, type Environment, readBoundedFile } from '@pushfleet/runtime';
import { Command } from 'commander';
import { openClient } from '../connection/open-client.ts';
import { CommandFailure } from '../output/failure.ts';
import { count } from '../output/format.ts';
import { print } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';

const help = `
The file, in YAML:

  groups:                          # those above are made as well
    - HQ/Floor 2
  distributionPoints:              # each runs one push server
    - id: dp-1
      groups: [HQ]                 # its scope; subgroups included
      pushServer:
        enabled: true              # default true
        address: push1.example.org # where devices reach it
        port: 13295                # default 13295
        maxConnections: 50000      # default 50000
        weight: 100                # percent of the load beside others of its size; default 100
        addressCheck: warn         # on, warn or off: what it means that balancers cannot reach the
                                   # address; default: as they are set
  devices:
    - id: laptop-17
      group: HQ/Floor 2
      secretFile: secrets/laptop-17   # relative to this file; or \`secret: …\`;
                                      # or neither: the device keeps the secret that it has
      labels: { os: linux }           # optional, for \`devices --label os=linux\`
      linkKinds: [grpc]               # optional; default grpc and mqtt

\${NAME} and \${NAME:-default} stand for environment variables, $\${ for \${ itself. What the file does not name stays as
it is.

Examples:
  $ pushfleet apply -f fleet.yaml
  $ pushfleet apply -f fleet.yaml --make-secrets`;

export function applyCommand({ environment }: CommandContext): Command {
  return new Command('apply')
    .description('create or update groups, distribution points and devices from a file')
    .requiredOption('-f, --file <fleet.yaml>', 'the file; its format is below')
    .option('--make-secrets', 'make the secret files that devices name and that are missing')
    .addHelpText('after', help)
    .action(async ({ file, makeSecrets }: { file: string; makeSecrets?: true }) => {
      await apply(environment, file, makeSecrets ?? false);
    });
}

async function apply(environment: Environment, file: string, make: boolean): Promise<void> {
  const { parseFleetFile } = await import('./parse-fleet-file.ts');
  const { loadSecrets } = await import('./apply-fleet.ts');
  const { applyFleet } = await import('./apply-fleet.ts');
  using client = openClient(environment);
  const fleet = parseFleetFile(readText(file), file, environment);
  const { groups, distributionPoints, devices } = await applyFleet(client, fleet, loadSecrets(fleet, { file, make }));
  for (const [noun, tally] of [
    ['group', groups],
    ['distribution point', distributionPoints],
    ['device', devices],
  ] as const) {
    print(`${count(tally.created + tally.updated, noun)}: ${tally.created} created, ${tally.updated} updated`);
  }
}

/** Larger than anybody writes; `pushfleet devices import` takes more. */
const greatestFileBytes = 67_108_864;

function readText(file: string): string {
  try {
    return decodeText(readBoundedFile(file, greatestFileBytes), file);
  } catch (cause) {
    if (cause instanceof PushfleetError) throw cause;
    throw new CommandFailure(`cannot read ${file} (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

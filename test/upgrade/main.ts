// A cluster of an earlier version becomes one of this version, process by process, under load; and back again with --back:
//   npm run upgrade -w test -- [--from COMMIT] [--registry redis|embedded] [--devices 90] [--back] [--balancers-first]
// Ends with status 1 where a device stays away, a command is lost, or an outcome is not what the device saw.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildEarlier } from '@pushfleet/simulation/earlier-build';
import { binary } from '../cluster/tools.ts';
import { upgradeCluster } from './rolling-upgrade.ts';

/**
 * The last version before this one; until there is a release, the oldest commit whose processes form a cluster with those of today in any
 * order. From 2f80ab58 on it is one with --balancers-first: ticket keys of balancers before this are certified by nobody.
 */
const before = '54c85bf1';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: before },
    registry: { type: 'string', default: 'redis' },
    devices: { type: 'string', default: '90' },
    back: { type: 'boolean', default: false },
    'balancers-first': { type: 'boolean', default: false },
  },
});
const { registry } = values;
if (registry !== 'redis' && registry !== 'embedded') throw new Error('--registry: redis or embedded');

const earlier = join(buildEarlier(values.from), 'packages/cli/bin/pushfleet.js');
const [from, to] = values.back ? [binary, earlier] : [earlier, binary];
console.log(`${values.back ? 'from this version to' : 'to this version from'} ${values.from}, registry: ${registry}`);
const { outcomes, errors, lies, durable } = await upgradeCluster({
  ...{ from, to, registry, devices: Number(values.devices) },
  order: values['balancers-first'] ? 'balancers-first' : 'mixed',
  say: (line) => console.log(line),
});
console.log(
  `outcomes ${JSON.stringify(outcomes)}, errors ${errors}; durable commands: ${durable.join(' of ')} arrived once`,
);
for (const lie of lies) console.log('not what the device saw:', lie);
const [arrived, sent] = durable;
process.exitCode = lies.length === 0 && arrived === sent ? 0 : 1;

import { expect, it } from 'vitest';
import { eventually } from '../cluster/eventually.ts';
import { PushLoad } from '../cluster/push-load.ts';
import { chaosSeed, seededRandom } from '../cluster/seeded-random.ts';
import { TestCluster } from '../cluster/test-cluster.ts';
import { startDurableRedis } from './durable-redis.ts';
import { Faults } from './faults.ts';

/** The number of faults of each kind that the test waits for. */
const wantedFaults = 3;

it('no direct command is called delivered or done that was not, whatever is killed', async () => {
  const seed = chaosSeed();
  await using redis = await startDurableRedis();
  const environment = { PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_MAX_WORKERS: '2' };
  await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, environment });
  const devices = await cluster.devices.connect(60, 'chaos');
  const other = cluster.adminOf(1, await cluster.token);
  const load = new PushLoad([cluster.admin, other], devices, 20);
  await eventually('pushes flow', () => load.succeededSince(0).size === devices.length);

  const faults = new Faults({ cluster, redis, random: seededRandom(seed), pauseMs: 1_000 });
  const all = () => Object.values(faults.counts).every((count) => count >= wantedFaults);
  await eventually('everything has been killed several times', all, 240_000);
  await faults.stop();
  const from = load.records.length;
  await eventually('every device is reachable again', () => load.succeededSince(from).size === devices.length, 60_000);
  await load.stop();
  other.close();

  console.log(`seed ${seed}; faults: ${JSON.stringify(faults.counts)}; pushes without an answer: ${load.errors}`);
  console.log(`outcomes: ${JSON.stringify(load.countByOutcome())}`);
  expect(load.lies()).toEqual([]);
}, 480_000);

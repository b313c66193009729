import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAssignmentAsker } from './cluster/assignment-asker.ts';
import { ImpatientFleet } from './cluster/impatient-fleet.ts';
import { inParallel } from './cluster/in-parallel.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { Witness } from './cluster/witness.ts';

const slowHandshakes = join(import.meta.dirname, 'cluster/slow-handshakes.ts');
const devices = 2_000;

/**
 * CPU of the one worker for each handshake; it can do fewer than 125 a second on any machine. Counts are judged and no
 * times: what a handshake costs is the same for all, so that a worker that serves clients which have gone does more of them.
 */
const handshakeMs = 8;

it('lets 2,000 impatient devices in by a slow worker, and works for hardly any that has gone', {
  timeout: 420_000,
}, async () => {
  let handshakes = '';
  await using cluster = await TestCluster.create({
    maxConnections: 2 * devices,
    environment: {
      PUSHFLEET_MAX_WORKERS: '1',
      NODE_OPTIONS: `--import ${slowHandshakes}`,
      PUSHFLEET_TEST_HANDSHAKE_MS: String(handshakeMs),
      get PUSHFLEET_TEST_HANDSHAKES() {
        return handshakes;
      },
    },
    prepare: async (stateDir) => {
      handshakes = join(stateDir, 'handshakes');
      writeFileSync(handshakes, '');
    },
  });
  const witness = new Witness(cluster.admin, await cluster.devices.connect(4), 10_000);
  const ids = Array.from({ length: devices }, (_, index) => `storm-${index}`);
  await cluster.admin.devices.import(ids.map((deviceId) => ({ deviceId, group: testGroup, secret: testSecret })));
  using ask = createAssignmentAsker(cluster.balancerPorts[0]?.assign as number, cluster.ca);
  const tickets = new Map(await inParallel(32, ids, async (id) => [id, (await ask(id)).ticket ?? ''] as const));
  const refusals: unknown[] = [];
  const asking = setInterval(() => ask('storm-0').catch((error: unknown) => refusals.push(error)), 250);

  const options = { port: cluster.devicePorts[0] as number, ca: cluster.ca, tickets };
  using fleet = new ImpatientFleet({ ...options, patienceMs: 4_000, offeredPerSecond: 500 });
  const done = () => statSync(handshakes).size;
  await fleet.allConnected(360_000, () => done() > 2 * devices);
  clearInterval(asking);
  await witness.stop();
  const { connected, lost } = fleet;
  expect({ connected, lost }).toEqual({ connected: devices, lost: 0 });
  expect(done()).toBeLessThan(1.5 * devices);
  expect(witness.complaints).toEqual([]);
  expect(refusals).toEqual([]);
});

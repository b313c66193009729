import { expect, it } from 'vitest';
import { FakeCluster } from './fake-cluster.fixture.ts';
import { SilenceRules } from './silence.ts';

const dead = ['events.append', [[{ kind: 'node-dead', node: 'dp-1', reason: 'silent for 21 s' }]], undefined] as const;

function createCluster(): FakeCluster {
  const fake = new FakeCluster();
  new SilenceRules(fake.cluster, fake.disturbances);
  return fake;
}

it('finds a push server that is called dead while only the registry took no writes', async () => {
  const fake = createCluster();
  fake.disturbances.add('registry', 'registry', 180_000, 200_000);
  await fake.answer(200_000, ...dead);
  expect(fake.rules).toEqual(['taken for dead']);
});

it.each([
  ['dp-1', 'pause'],
  ['balancer-1', 'crash'],
  ['registry', 'registry lost'],
  ['registry', 'clock'],
])('has an excuse after what was done to %s: %s', async (host, kind) => {
  const fake = createCluster();
  fake.disturbances.add(host, kind, 100_000, 110_000);
  await fake.answer(200_000, ...dead);
  expect(fake.rules).toEqual([]);
  await fake.answer(240_000, ...dead);
  expect(fake.rules).toEqual(['taken for dead']);
});

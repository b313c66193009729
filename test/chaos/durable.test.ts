import { setTimeout as sleep } from 'node:timers/promises';
import { type AdminClient, hasEnded, PushfleetError } from '@pushfleet/admin-sdk';
import type { common } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { inParallel } from '../cluster/in-parallel.ts';
import { chaosSeed, seededRandom } from '../cluster/seeded-random.ts';
import { TestCluster } from '../cluster/test-cluster.ts';
import { CommandAudit, countBy, type Entry, falseAccounts } from './command-audit.ts';
import { pushDurably } from './durable-load.ts';
import { startDurableRedis } from './durable-redis.ts';
import { Faults } from './faults.ts';

const commands = 20_000;
const devices = 500;
const endWithinMs = 240_000;

/** Asks for what has not ended until all has, or the time is over. */
async function finalOutcomes(admin: AdminClient, entries: Entry[]): Promise<Map<string, common.Outcome>> {
  const outcomes = new Map<string, common.Outcome>();
  const until = Date.now() + endWithinMs;
  for (let open = entries; open.length > 0 && Date.now() < until; await sleep(500)) {
    await inParallel(64, open, async ({ deviceId, commandId }) => {
      // A balancer that was killed last is there again, and its client about to try.
      const { status } = await admin.commands.get({ deviceId, commandId }).catch(unlessLasting);
      if (status) outcomes.set(commandId, status.outcome);
    });
    open = open.filter(({ commandId }) => !hasEnded(outcomes.get(commandId) ?? 'OUTCOME_QUEUED'));
  }
  return outcomes;
}

function unlessLasting(error: unknown): { status: null } {
  if (error instanceof PushfleetError && error.retry !== 'never') return { status: null };
  throw error;
}

it('every durable command ends as its device says, whatever is killed, and none is lost or run twice', async () => {
  const seed = chaosSeed();
  const random = seededRandom(seed);
  await using redis = await startDurableRedis();
  const environment = { PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_MAX_WORKERS: '2' };
  await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, environment });
  const audit = new CommandAudit();
  const connected = await cluster.devices.connect(devices, 'chaos');
  for (const { device } of connected) {
    device.handle('custom', async (_operation, { commandId }) => {
      audit.run(commandId);
      await sleep(random() * 50);
    });
  }
  const admins = [cluster.admin, cluster.adminOf(1, await cluster.token)];

  const faults = new Faults({ cluster, redis, random, pauseMs: 2_000 });
  const retries = await pushDurably({
    ...{ admins, commands, audit },
    deviceIds: connected.map(({ id }) => id),
    perSecond: 400,
  });
  await faults.stop();
  const accounts = audit.account(await finalOutcomes(cluster.admin, audit.accepted));
  for (const admin of admins) admin.close();

  console.log(`seed ${seed}; faults: ${JSON.stringify(faults.counts)}; asked again: ${JSON.stringify(retries)}`);
  console.log(
    `outcomes of ${accounts.length} accepted commands: ${JSON.stringify(countBy(accounts, (a) => a.outcome))}`,
  );
  expect(accounts).toHaveLength(commands);
  const wrong = falseAccounts(accounts);
  expect(wrong.slice(0, 10), `${wrong.length} accounts are wrong, among them`).toEqual([]);
  for (const count of Object.values(faults.counts)) expect(count).toBeGreaterThan(0);
}, 600_000);

import { afterAll, expect, it } from 'vitest';
import { RedisServer } from '../run/redis-server.ts';
import { simulate } from '../run/simulate.ts';

const server = await RedisServer.start();
afterAll(() => server?.[Symbol.asyncDispose]());

it.skipIf(!server)(
  'the cluster lives through faults with its registry in Redis (redis-server)',
  { timeout: 300_000 },
  async () => {
    const outcome = await simulate({
      ...{
        seed: 4,
        scenario: 'links',
        balancers: 2,
        pushServers: 2,
        devices: 4,
        redisUrl: (server as RedisServer).url,
      },
      faultsForMs: 60_000,
      faultEveryMs: 15_000,
      restAfterMs: 70_000,
      endsAtRest: true,
      faults: [
        { atMs: 30_000, kind: 'registry-refuses-writes', forMs: 4_000 },
        { atMs: 45_000, kind: 'registry-failover', behindMs: 1_000 },
        { atMs: 60_000, kind: 'registry-lost' },
        { atMs: 70_000, kind: 'links-break', share: 0.5 },
      ],
    });
    expect(outcome.findings).toEqual([]);
    // It has done something.
    expect(
      outcome.trace.events.filter(({ what }) => what.startsWith('is told OUTCOME_SUCCEEDED')).length,
    ).toBeGreaterThan(0);
  },
);

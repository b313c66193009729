import { EventEmitter } from 'node:events';
import type { DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { JudgedNode } from '../node-directory.ts';
import { OverviewModule } from './overview-module.ts';
import { OverviewSampler } from './sampler.ts';

/** A cluster of one push server and two balancers, as this balancer sees it. */
class Cluster {
  readonly clock = new ManualClock();
  node: Partial<JudgedNode> = {};
  own = 0;
  other: number | 'silent' = 0;
  taken = 0;
  readonly sampler: OverviewSampler;
  readonly module: OverviewModule;

  constructor(scope?: string) {
    const sound = { status: 'ready', liveness: 'alive', silentMs: 0, live: 5, reserved: 0, capacity: 10, weight: 100 };
    const nodes = () => [{ nodeId: 'dp-1' as NodeId, overloaded: false, ...sound, ...this.node } as JudgedNode];
    const statusOf = (balancerId: string, succeeded: number) => ({
      ...{ balancerId, commandsEnded: { OUTCOME_SUCCEEDED: succeeded }, certificateEndTimeMs: 0 },
    });
    this.sampler = new OverviewSampler({
      directory: {
        registryProblem: undefined,
        get nodes() {
          return nodes();
        },
      },
      check: { unfit: [], doubtful: [] },
      fleet: {
        listDistributionPoints: async () => [],
        getDevices: async (ids) => new Map(ids.map((id) => [id, { id, group: `HQ/${id}` as GroupPath } as never])),
      },
      peers: {
        ask: async () => {
          this.taken += 1;
          if (this.other === 'silent') return [{ balancerId: 'other', problem: 'silent' }];
          return [statusOf('other', this.other)];
        },
      },
      own: () => statusOf('own', this.own),
      clock: this.clock,
      logger: silentLogger,
    });
    const callerOf = () => (scope === undefined ? {} : { scope: scope as GroupPath });
    const { sampler, clock } = this;
    this.module = new OverviewModule({ sampler, callerOf: callerOf as never, clock, logger: silentLogger });
  }

  watch(): Watcher {
    const watcher = new Watcher();
    this.module.handlers.WatchOverview(watcher as never);
    return watcher;
  }
}

class Watcher extends EventEmitter {
  cancelled = false;
  readonly request = {};
  readonly seen: { overview: { links: number; alarms: object[] } }[] = [];
  error: unknown;

  constructor() {
    super();
    this.on('error', (error) => {
      this.error = error;
    });
  }

  write(message: Watcher['seen'][number]): boolean {
    this.seen.push(message);
    return true;
  }

  end(): void {}
}

describe('samples', () => {
  it('are kept every ten seconds for an hour, with the rates of all balancers together', async () => {
    const cluster = new Cluster();
    using _sampler = cluster.sampler;
    cluster.sampler.start();
    await cluster.clock.turn(0);
    for (let second = 0; second < 3_700; second += 10) {
      cluster.own += 10;
      if (cluster.other !== 'silent') cluster.other += 20;
      await cluster.clock.turn(10_000, 1_000);
    }
    const { history } = cluster.sampler;
    expect(history).toHaveLength(360);
    expect(history.at(-1)).toMatchObject({ links: 5, spread: 1, commandsPerSecond: { OUTCOME_SUCCEEDED: 3 } });
    const times = history.map(({ sampleTimeMs = 0 }) => sampleTimeMs);
    expect((times.at(-1) as number) - (times[0] as number)).toBe(3_590_000);
    // One question to each of the others in ten seconds: nobody watches.
    expect(cluster.taken).toBe(371);
  });

  it('are shared by all who ask within a second', async () => {
    const cluster = new Cluster();
    await Promise.all([cluster.sampler.sample(), cluster.sampler.sample()]);
    await cluster.sampler.sample();
    expect(cluster.taken).toBe(1);
    await cluster.clock.turn(1_000, 1_000);
    await cluster.sampler.sample();
    expect(cluster.taken).toBe(2);
  });

  it('go on without a balancer that does not answer, and say so', async () => {
    const cluster = new Cluster();
    await cluster.sampler.sample();
    cluster.own = 20;
    cluster.other = 'silent';
    await cluster.clock.turn(2_000, 1_000);
    const { overview, alarms } = await cluster.sampler.sample();
    expect(overview.commandsPerSecond).toEqual({ OUTCOME_SUCCEEDED: 10 });
    expect(alarms).toMatchObject([{ kind: 'ALARM_BALANCER_UNREACHABLE', subject: 'other' }]);
  });

  it('do not count the links of a push server that is dead', async () => {
    const cluster = new Cluster();
    cluster.node = { liveness: 'dead', silentMs: 20_000 };
    expect((await cluster.sampler.sample()).overview).toMatchObject({ links: 0, capacity: 0 });
  });
});

describe('watchers', () => {
  it('get a sample at once and then every two seconds, one for all; without them none is taken', async () => {
    const cluster = new Cluster();
    const [one, two] = [cluster.watch(), cluster.watch()];
    await cluster.clock.turn(0);
    expect([one.seen.length, two.seen.length, cluster.taken]).toEqual([1, 1, 1]);
    cluster.node = { live: 7 };
    await cluster.clock.turn(2_000, 1_000);
    expect(one.seen.at(-1)?.overview.links).toBe(7);
    expect([one.seen.length, two.seen.length, cluster.taken]).toEqual([2, 2, 2]);
    for (const watcher of [one, two]) watcher.emit('cancelled');
    await cluster.clock.turn(20_000, 1_000);
    expect([cluster.taken, cluster.clock.pending]).toEqual([2, 0]);
  });

  it('are sent to another balancer when this one stops', async () => {
    const cluster = new Cluster();
    const before = cluster.watch();
    await cluster.clock.turn(0);
    cluster.module.stop();
    const after = cluster.watch();
    await cluster.clock.turn(0);
    expect(before.error).toMatchObject({ details: expect.stringContaining('stopping') });
    expect(after.error).toMatchObject({ details: expect.stringContaining('stopping') });
    expect(cluster.clock.pending).toBe(0);
  });

  it('with a scope see alarms about devices only where these are in it', async () => {
    const clones = ['d-1', 'd-2'].map((id) => ({ device: id as DeviceId, atMs: 1, reason: 'takeovers' }));
    const seenBy = async (scope?: string) => {
      const cluster = new Cluster(scope);
      cluster.node = { overloaded: true, sightings: { clones } };
      const watcher = cluster.watch();
      await cluster.clock.turn(0);
      watcher.emit('cancelled');
      return watcher.seen[0]?.overview.alarms.map((alarm) => (alarm as { subject: string }).subject);
    };
    expect(await seenBy()).toEqual(['dp-1', 'd-1', 'd-2']);
    expect(await seenBy('HQ/d-2')).toEqual(['dp-1', 'd-2']);
    expect(await seenBy('Annex')).toEqual(['dp-1']);
  });
});

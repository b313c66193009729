import { type NodeId, parseNodeId } from '@pushfleet/protocol';
import type { AddressCheck, ListedNode, NodeProblem } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { ChannelCondition } from '../commands/workers/worker-channel.ts';
import type { AddressFault, ProbedAddress } from './address-probe.ts';
import { listedNode } from './node.fixture.ts';
import { Reachability } from './reachability.ts';

const refused: AddressFault = { kind: 'address-unreachable', detail: 'nobody listens there' };
const impairing: NodeProblem = { kind: 'control-unreachable', detail: 'of another balancer', impairs: true };

/** Probes are answered when the test says so, or at once with what `faults` holds. */
function start(addressCheck: AddressCheck = 'on') {
  const clock = new ManualClock();
  const faults = new Map<NodeId, AddressFault>();
  const conditions = new Map<NodeId, ChannelCondition>();
  const probed: ProbedAddress[] = [];
  const hanging: (() => void)[] = [];
  const state = { hangs: false, changes: 0 };
  const reachability = new Reachability({
    conditionOf: ({ nodeId }) => conditions.get(nodeId) ?? { kind: 'open' },
    probe: async (target) => {
      probed.push(target);
      if (state.hangs) await new Promise<void>((resolve) => hanging.push(resolve));
      return faults.get(target.nodeId);
    },
    addressCheck,
    clock,
    logger: silentLogger,
    random: () => 0.5,
  });
  reachability.onChange(() => {
    state.changes += 1;
  });
  reachability.start();
  return { reachability, clock, faults, conditions, probed, hanging, state };
}

function many(count: number): ListedNode[] {
  return Array.from({ length: count }, (_, index) => listedNode({ nodeId: parseNodeId(`dp-${index}`) }));
}

describe('reachability', () => {
  it('tries what is new at once, and shows it as ready then', async () => {
    const { reachability, clock, probed } = start();
    const node = listedNode();
    reachability.onListed([node]);
    expect(reachability.judge(node).status).toBe('starting');
    await clock.turn(0);
    await clock.turn(1, 1);
    expect(probed).toEqual([{ nodeId: 'dp-1', address: '10.0.0.7', port: 13_295, deviceTls: true }]);
    expect(reachability.judge(node)).toEqual(node);
    reachability[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });

  it('tries what has changed at once, and what has not again after a while', async () => {
    const { reachability, clock, probed } = start();
    reachability.onListed([listedNode()]);
    await clock.turn(1_000);
    reachability.onListed([listedNode()]);
    await clock.turn(1_000);
    expect(probed).toHaveLength(1);
    const moved = listedNode({ port: 13_296 });
    reachability.onListed([moved]);
    expect(reachability.judge(moved).status).toBe('starting');
    await clock.turn(1, 1);
    expect(probed.at(-1)?.port).toBe(13_296);
    const restarted = listedNode({ port: 13_296 }, 'new-worker');
    reachability.onListed([restarted]);
    expect(reachability.judge(restarted).status).toBe('starting');
    await clock.turn(1, 1);
    expect([probed.length, reachability.judge(restarted).status]).toEqual([3, 'ready']);
    await clock.turn(31_000);
    expect(probed).toHaveLength(4);
  });

  it('shows a problem as such once it is one, and no more when it is solved', async () => {
    const { reachability, clock, faults } = start();
    const node = listedNode();
    faults.set(node.nodeId, refused);
    reachability.onListed([node]);
    await clock.turn(500);
    expect(reachability.judge(node)).toMatchObject({ status: 'starting' });
    await clock.turn(1_000);
    expect(reachability.judge(node)).toMatchObject({ status: 'unreachable', problem: { ...refused, impairs: true } });
    faults.clear();
    await clock.turn(10_000);
    expect(reachability.judge(node)).toEqual(node);
  });

  it('has 16 under way at most, takes new ones first, and goes on when one has ended', async () => {
    const { reachability, clock, probed, hanging, state } = start();
    const old = many(30);
    reachability.onListed(old);
    await clock.turn(2_000);
    expect(probed).toHaveLength(30);
    state.hangs = true;
    await clock.turn(40_000);
    expect(probed).toHaveLength(46);
    reachability.onListed([...old, listedNode({ nodeId: parseNodeId('new') })]);
    expect(probed).toHaveLength(46);
    hanging.shift()?.();
    await clock.turn(1, 1);
    expect(probed.slice(46).map(({ nodeId }) => nodeId)).toEqual(['new']);
  });

  it('spreads the trials of 200 push servers', async () => {
    const { reachability, clock, probed } = start();
    const nodes = many(200);
    reachability.onListed(nodes);
    await clock.turn(5_000);
    expect(probed).toHaveLength(200);
    await clock.turn(60_000);
    expect(probed.length).toBeLessThanOrEqual(600);
  });

  it('does not try what is not ready, is silent, or knows what is wrong with it', async () => {
    const { reachability, clock, probed } = start();
    const own = listedNode({ problem: { ...impairing, kind: 'certificate-expired' } });
    for (const node of [listedNode({ status: 'draining' }), listedNode({ liveness: 'suspect' }), own]) {
      reachability.onListed([node]);
      await clock.turn(1_000);
    }
    expect(probed).toEqual([]);
    expect(reachability.judge(own)).toMatchObject({ status: 'unreachable', problem: { kind: 'certificate-expired' } });
  });

  it('does not try addresses where that is switched off', async () => {
    const { reachability, clock, probed } = start('off');
    const node = listedNode();
    reachability.onListed([node]);
    expect(reachability.judge(node)).toEqual(node);
    await clock.turn(60_000);
    expect(probed).toEqual([]);
  });

  it('looks at each address as its distribution point says, or else as the balancer is set', async () => {
    const { reachability, clock, faults, probed } = start('warn');
    const nodes = ([undefined, 'on', 'off'] as const).map((addressCheck, index) => {
      const nodeId = parseNodeId(`dp-${index}`);
      faults.set(nodeId, refused);
      return listedNode({ nodeId, ...(addressCheck ? { addressCheck } : {}) });
    });
    reachability.onListed(nodes);
    await clock.turn(5_000);
    const seen = nodes.map((node) => reachability.judge(node));
    expect(seen.map(({ status, problem }) => [status, problem?.impairs])).toEqual([
      ['ready', false],
      ['unreachable', true],
      ['ready', undefined],
    ]);
    expect(probed.some(({ nodeId }) => nodeId === 'dp-2')).toBe(false);
  });

  it('believes what the leader has found, but tells its own of what it found itself', async () => {
    const { reachability, clock, faults } = start();
    const node = listedNode({ found: impairing });
    reachability.onListed([node]);
    await clock.turn(1_000);
    expect(reachability.judge(node)).toMatchObject({ status: 'unreachable', problem: impairing });
    faults.set(node.nodeId, refused);
    await clock.turn(60_000);
    expect(reachability.verdict(node)).toMatchObject({ kind: 'impaired', problem: refused });
  });

  it('finds that a wrong clock makes a good certificate look bad', async () => {
    const { reachability, clock } = start();
    const problem: NodeProblem = { kind: 'certificate-not-yet-valid', detail: 'not yet', impairs: true };
    const behind = () => listedNode({ problem, wallMs: clock.wallMs() - 86_400_000 });
    reachability.onListed([behind()]);
    await clock.turn(1_000);
    reachability.onListed([behind()]);
    expect(reachability.judge(behind())).toMatchObject({
      status: 'unreachable',
      problem: { kind: 'clock-skew', detail: expect.stringMatching(/^its clock is 1 d behind that of balancers/) },
    });
  });

  it('is settled once all that was there has been tried, and stays so', async () => {
    const { reachability, clock, state, hanging } = start();
    expect(reachability.isSettled).toBe(false);
    state.hangs = true;
    reachability.onListed([listedNode()]);
    await clock.turn(1_000);
    expect(reachability.isSettled).toBe(false);
    hanging.shift()?.();
    await clock.turn(1, 1);
    expect(reachability.isSettled).toBe(true);
    reachability.onListed(many(2));
    expect(reachability.isSettled).toBe(true);
  });

  it('waits no longer than 15 s to be settled', async () => {
    const { reachability, clock, state } = start();
    state.hangs = true;
    reachability.onListed([listedNode()]);
    await clock.turn(15_000);
    expect(reachability.isSettled).toBe(true);
  });
});

import { parseNodeId } from '@pushfleet/protocol';
import { type HeartbeatVerdict, type NodeRecord, type Nodes, toRegistryError } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { Heartbeat } from './heartbeat.ts';

const record = { nodeId: parseNodeId('dp-1'), status: 'ready' } as NodeRecord;

/** A heartbeat to a registry whose answer the test chooses, with what came of it and the kinds of its events. */
async function start() {
  const clock = new ManualClock();
  const state: {
    verdict: HeartbeatVerdict | 'refused' | 'unanswered';
    overloaded: boolean;
    became: string[];
    events: string[];
    /** Positions of the registry that heartbeats named. */
    known: (string | undefined)[];
  } = {
    verdict: 'ok',
    overloaded: false,
    became: [],
    events: [],
    known: [],
  };
  const nodes: Pick<Nodes, 'register' | 'heartbeat'> = {
    register: async () => 'at 0',
    heartbeat: async (_, { events }, known) => {
      if (state.verdict === 'refused') {
        throw toRegistryError('the registry', { kind: 'refuses-writes', why: 'the disk is full' }, undefined);
      }
      if (state.verdict === 'unanswered') {
        throw toRegistryError('the registry', { kind: 'away', why: 'does not answer' }, undefined);
      }
      state.events.push(...events.map(({ kind }) => kind));
      state.known.push(known);
      return { verdict: state.verdict, position: `at ${state.known.length}` };
    },
  };
  const heartbeat = new Heartbeat({
    ...{
      nodes: nodes as Nodes,
      clock,
      logger: silentLogger,
      record: () => ({ ...record, overloaded: state.overloaded }),
    },
    takeDelta: () => ({ arrived: [], left: [], events: [] }),
    restoreDelta: () => {},
    onFenced: () => void state.became.push('fenced'),
    onLost: () => void state.became.push('lost'),
    onForgotten: () => void state.became.push('forgotten'),
    onRevived: () => void state.became.push('revived'),
  });
  await heartbeat.start();
  await clock.turn(2_000);
  return { clock, state };
}

it('a registry that took no writes for long was away: nothing is to be done', async () => {
  const { clock, state } = await start();
  state.verdict = 'refused';
  await clock.turn(40_000);
  state.verdict = 'ok';
  await clock.turn(2_000);
  expect(state).toMatchObject({ became: [], events: ['node-ready'] });
});

it('goes on as it was where nobody has touched its sessions, however long it was silent', async () => {
  const { clock, state } = await start();
  clock.stall(20_000);
  await clock.turn(2_000);
  state.verdict = 'unanswered';
  await clock.turn(20_000);
  state.verdict = 'ok';
  await clock.turn(2_000);
  expect(state).toMatchObject({ became: [], events: ['node-ready'] });
});

it('names the position that was answered last, whatever was asked since', async () => {
  const { clock, state } = await start();
  state.verdict = 'unanswered';
  await clock.turn(3_000);
  state.verdict = 'ok';
  await clock.turn(1_000);
  expect(state.known).toEqual(['at 0', 'at 1', 'at 2']);
});

it.each([
  { verdict: 'lost', became: ['lost', 'forgotten'], events: ['registry-lost'] },
  { verdict: 'restarted', became: ['forgotten'], events: [] },
  { verdict: 'struck-off', became: ['forgotten'], events: [] },
  { verdict: 'revived', became: ['revived'], events: [] },
  { verdict: 'fenced', became: ['fenced'], events: [] },
] as const)('does what the answer $verdict asks for, whatever it was before', async ({ verdict, became, events }) => {
  for (const before of ['ok', 'refused', 'unanswered', 'stalled'] as const) {
    const { clock, state } = await start();
    if (before === 'stalled') clock.stall(200_000);
    else state.verdict = before;
    await clock.turn(before === 'stalled' ? 0 : 40_000);
    state.verdict = verdict;
    await clock.turn(1_000);
    state.verdict = 'ok';
    await clock.turn(1_000);
    expect(state, before).toMatchObject({ became, events: ['node-ready', ...events] });
  }
});

it('tells once that it is overloaded, and once that it is not any more', async () => {
  const { clock, state } = await start();
  state.overloaded = true;
  await clock.turn(3_000);
  state.overloaded = false;
  await clock.turn(3_000);
  expect(state.events).toEqual(['node-ready', 'node-overloaded', 'node-overload-ended']);
});

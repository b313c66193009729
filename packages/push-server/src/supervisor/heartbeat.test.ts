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
    isRevoked: boolean;
    became: string[];
    events: string[];
  } = {
    verdict: 'ok',
    overloaded: false,
    isRevoked: false,
    became: [],
    events: [],
  };
  const nodes: Pick<Nodes, 'register' | 'heartbeat'> = {
    register: async () => {},
    heartbeat: async (_, { events }) => {
      if (state.verdict === 'refused') {
        throw toRegistryError('the registry', { kind: 'refuses-writes', why: 'the disk is full' }, undefined);
      }
      if (state.verdict === 'unanswered') {
        throw toRegistryError('the registry', { kind: 'away', why: 'does not answer' }, undefined);
      }
      state.events.push(...events.map(({ kind }) => kind));
      return state.verdict;
    },
  };
  const heartbeat = new Heartbeat({
    ...{
      nodes: nodes as Nodes,
      clock,
      logger: silentLogger,
      deadAfterMs: 15_000,
      record: () => ({ ...record, overloaded: state.overloaded }),
    },
    takeDelta: () => ({ arrived: [], left: [], events: [] }),
    restoreDelta: () => {},
    isRevoked: async () => state.isRevoked,
    onFenced: () => void state.became.push('fenced'),
    onRestored: () => void state.became.push('restored'),
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

it('one that has lost its data meanwhile is told of the sessions, under the lives that the workers have', async () => {
  const { clock, state } = await start();
  state.verdict = 'refused';
  await clock.turn(40_000);
  state.verdict = 'restored';
  await clock.turn(1_000);
  state.verdict = 'ok';
  await clock.turn(1_000);
  expect(state).toMatchObject({ became: ['restored'], events: ['node-ready', 'registry-lost'] });
});

it('says nothing of lost data where it was struck off because its certificate was revoked', async () => {
  const { clock, state } = await start();
  state.isRevoked = true;
  state.verdict = 'restored';
  await clock.turn(1_000);
  state.verdict = 'ok';
  await clock.turn(1_000);
  expect(state).toMatchObject({ became: [], events: ['node-ready'] });
});

it('whoever is being cleaned up after lives on under new boot ids, and so does one that was struck off while it was frozen', async () => {
  const { clock, state } = await start();
  state.verdict = 'revived';
  await clock.turn(1_000);
  state.verdict = 'ok';
  await clock.turn(1_000);
  clock.stall(200_000);
  state.verdict = 'restored';
  await clock.turn(100);
  expect(state).toMatchObject({ became: ['revived', 'revived'], events: ['node-ready'] });
});

it('tells once that it is overloaded, and once that it is not any more', async () => {
  const { clock, state } = await start();
  state.overloaded = true;
  await clock.turn(3_000);
  state.overloaded = false;
  await clock.turn(3_000);
  expect(state.events).toEqual(['node-ready', 'node-overloaded', 'node-overload-ended']);
});

it('whoever is fenced off is told so', async () => {
  const { clock, state } = await start();
  state.verdict = 'fenced';
  await clock.turn(1_000);
  expect(state.became).toEqual(['fenced']);
});

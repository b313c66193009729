import type { FoundProblem, ListedNode, NodeProblem } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { FoundProblems } from './found-problems.ts';
import { listedNode } from './node.fixture.ts';
import type { Verdict } from './node-trial.ts';

const bad: NodeProblem = { kind: 'control-unreachable', detail: 'nobody answers', impairs: true };
const worse: NodeProblem = { kind: 'certificate-expired', detail: 'expired', impairs: true };
const skew: NodeProblem = { kind: 'clock-skew', detail: 'a day behind', impairs: true };

function create(node: ListedNode, verdict: Verdict) {
  const written: FoundProblem[] = [];
  const state = { node, verdict, accepts: true, refreshes: 0 };
  const found = new FoundProblems({
    nodes: {
      setProblem: async (one) => {
        written.push(one);
        if (state.accepts) state.node = { ...state.node, ...(one.problem ? { found: one.problem } : {}) };
        if (state.accepts && !one.problem) delete state.node.found;
        return state.accepts;
      },
    },
    listed: () => [state.node],
    refresh: async () => {
      state.refreshes += 1;
    },
    verdict: () => state.verdict,
    clock: new ManualClock(),
  });
  const end = new AbortController();
  return { found, written, state, end, term: { token: 7, lost: end.signal } };
}

const kindsOf = ({ events }: FoundProblem) => events.map(({ kind, reason }) => `${kind} ${reason}`);

describe('what is found', () => {
  it('is written once, with an event, under the lease; and once more when it is solved', async () => {
    const { found, written, state, term } = create(listedNode(), { kind: 'impaired', problem: bad });
    for (let tick = 0; tick < 3; tick += 1) await found.tick(term);
    expect(written).toEqual([expect.objectContaining({ nodeId: 'dp-1', bootId: 'dp-1-boot', problem: bad, token: 7 })]);
    state.verdict = { kind: 'sound' };
    for (let tick = 0; tick < 3; tick += 1) await found.tick(term);
    expect(written.map(kindsOf)).toEqual([
      ['node-problem control-unreachable: nobody answers'],
      ['node-problem-solved control-unreachable'],
    ]);
    expect(state.refreshes).toBe(2);
  });

  it('is told anew where it is another problem, and only written where it is the same in other words', async () => {
    const { found, written, state, term } = create(listedNode({ found: bad }), { kind: 'impaired', problem: worse });
    await found.tick(term);
    state.verdict = { kind: 'impaired', problem: { ...worse, detail: 'expired yesterday' } };
    await found.tick(term);
    expect(written.map(kindsOf)).toEqual([
      ['node-problem-solved control-unreachable', 'node-problem certificate-expired: expired'],
      [],
    ]);
  });

  it('of an earlier leader stays until this one has tried it', async () => {
    const { found, written, state, term } = create(listedNode({ found: bad }), { kind: 'untried' });
    await found.tick(term);
    expect(written).toEqual([]);
    state.verdict = { kind: 'sound' };
    await found.tick(term);
    expect(written.map(({ problem }) => problem)).toEqual([undefined]);
  });

  it.each<[string, Partial<ListedNode>, (NodeProblem | undefined)[]]>([
    ['is forgotten of one that takes no devices any more', { status: 'draining', found: bad }, [undefined]],
    ['stays of one that is silent', { liveness: 'dead', found: bad }, []],
    ['is not written of one that tells of its own problem', { problem: worse }, []],
    ['is forgotten of a clock that was put right', { problem: worse, found: skew }, [bad]],
  ])('%s', async (_, change, problems) => {
    const { found, written, term } = create(listedNode(change), { kind: 'impaired', problem: bad });
    await found.tick(term);
    expect(written.map(({ problem }) => problem)).toEqual(problems);
  });

  it('is written without waiting for the next tick, by the leader alone', async () => {
    const { found, written, end, term } = create(listedNode(), { kind: 'impaired', problem: bad });
    found.onChange();
    expect(written).toHaveLength(0);
    await found.tick({ ...term, lost: AbortSignal.abort() });
    found.onChange();
    expect(written).toHaveLength(0);
    const { state, ...other } = create(listedNode(), { kind: 'sound' });
    await other.found.tick(other.term);
    state.verdict = { kind: 'impaired', problem: bad };
    other.found.onChange();
    expect(other.written).toHaveLength(1);
    end.abort();
  });

  it('does not go round in circles where somebody else leads by now', async () => {
    const { found, written, state, term } = create(listedNode(), { kind: 'impaired', problem: bad });
    state.accepts = false;
    await found.tick(term);
    expect([written.length, state.refreshes]).toEqual([1, 0]);
  });
});

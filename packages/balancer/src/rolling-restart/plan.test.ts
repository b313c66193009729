import { describe, expect, it } from 'vitest';
import type { JudgedNode } from '../node-directory.ts';
import { judgedNode, pointOf } from './cluster.fixture.ts';
import { planRollingRestart, roomProblem } from './plan.ts';

const sameGroup = ['dp-1', 'dp-2', 'dp-3'].map((id) => pointOf(id, 'HQ'));
const expired = { kind: 'certificate-expired', detail: 'since May', impairs: true } as const;

describe('the plan of a rolling restart', () => {
  it('counts the devices that each one gets from those before it', () => {
    const nodes = [judgedNode('dp-3', 30), judgedNode('dp-1', 30), judgedNode('dp-2', 30)];
    const { steps, obstacle } = planRollingRestart(nodes, sameGroup);
    expect(steps.map(({ nodeId, devices, room }) => [nodeId, devices, room])).toEqual([
      ['dp-1', 30, 140],
      ['dp-2', 45, 155],
      ['dp-3', 45, 155],
    ]);
    expect(obstacle).toBeUndefined();
  });

  it('gives more to those that are larger, and no more than there is room for', () => {
    const nodes = [
      judgedNode('dp-1', 90),
      judgedNode('dp-2', 0, { weight: 300 }),
      judgedNode('dp-3', 0, { capacity: 20 }),
    ];
    expect(planRollingRestart(nodes, sameGroup).steps.map(({ devices }) => devices)).toEqual([90, 84, 15]);
    const small = [
      judgedNode('dp-1', 90),
      judgedNode('dp-2', 0, { capacity: 85 }),
      judgedNode('dp-3', 0, { capacity: 5 }),
    ];
    expect(planRollingRestart(small, sameGroup).steps.map(({ devices }) => devices)).toEqual([90, 85, 5]);
  });

  it('begins with those that are out of reach, ends with those that are overloaded, and leaves out what takes no devices', () => {
    const nodes = [
      judgedNode('dp-1', 3, { overloaded: true }),
      judgedNode('dp-2', 3),
      judgedNode('dp-3', 0, { status: 'unreachable', problem: expired }),
      judgedNode('dp-4', 3, { status: 'draining' }),
      judgedNode('dp-5', 3, { liveness: 'dead' }),
      judgedNode('dp-6', 0, { status: 'disabled' }),
    ];
    const { steps, obstacle } = planRollingRestart(nodes, sameGroup);
    expect(steps.map(({ nodeId, state, reason }) => [nodeId, state, reason])).toEqual([
      ['dp-3', 'waiting', ''],
      ['dp-2', 'waiting', ''],
      ['dp-1', 'waiting', ''],
      ['dp-4', 'left-out', 'draining'],
      ['dp-5', 'left-out', 'dead'],
    ]);
    expect(obstacle).toBeUndefined();
  });

  it.each<[string, JudgedNode[], Parameters<typeof planRollingRestart>[1], string | undefined]>([
    ['there is one alone', [judgedNode('dp-1', 5)], sameGroup, 'fewer than two push servers take devices'],
    ['there is none', [], sameGroup, 'fewer than two push servers take devices'],
    [
      'the others are full',
      [judgedNode('dp-1', 90), judgedNode('dp-2', 95)],
      sameGroup,
      'dp-1: the others have room for 5 of its 90 devices',
    ],
    [
      'places are kept for devices on their way',
      [judgedNode('dp-1', 60), judgedNode('dp-2', 10, { reserved: 40 })],
      sameGroup,
      'dp-1: the others have room for 50 of its 60 devices',
    ],
    [
      'nobody else serves its group',
      [judgedNode('dp-1', 1), judgedNode('dp-2', 0)],
      [pointOf('dp-1', 'HQ/Floor 1'), pointOf('dp-2', 'HQ/Floor 2')],
      'dp-1: no other push server that takes devices serves "HQ/Floor 1": its 1 device would have nowhere to go',
    ],
    [
      'nobody else serves one of its groups',
      [judgedNode('dp-1', 2), judgedNode('dp-2', 0)],
      [pointOf('dp-1', 'HQ', 'Lab'), pointOf('dp-2', 'HQ')],
      'dp-1: no other push server that takes devices serves "Lab": its 2 devices would have nowhere to go',
    ],
    [
      'the only other one is out of reach when its turn comes',
      [
        judgedNode('dp-2', 0),
        judgedNode('dp-1', 9, { status: 'unreachable' }),
        judgedNode('dp-3', 0, { liveness: 'suspect' }),
      ],
      [pointOf('dp-1', 'HQ'), pointOf('dp-2', 'Lab'), pointOf('dp-3', 'HQ')],
      'dp-1: no other push server that takes devices serves "HQ": its 9 devices would have nowhere to go',
    ],
    [
      'one above it serves its group',
      [judgedNode('dp-1', 9), judgedNode('dp-2', 0)],
      [pointOf('dp-1', 'HQ/Floor 1'), pointOf('dp-2', 'HQ')],
      // The devices of the wider one cannot go to the narrower one: by then it has those of dp-1.
      'dp-2: no other push server that takes devices serves "HQ": its 9 devices would have nowhere to go',
    ],
    [
      'nobody else serves a group, but it has no devices',
      [judgedNode('dp-1', 0), judgedNode('dp-2', 0)],
      [pointOf('dp-1', 'HQ'), pointOf('dp-2', 'Lab')],
      undefined,
    ],
  ])('says what stands in the way where %s', (_, nodes, points, expected) => {
    const { obstacle } = planRollingRestart(nodes, points);
    if (expected === undefined) expect(obstacle).toBeUndefined();
    else expect(obstacle).toContain(expected);
  });

  it('asks the same of one push server when its turn comes', () => {
    const [one, other] = [judgedNode('dp-1', 60), judgedNode('dp-2', 50)];
    expect(roomProblem(one, [one, other], sameGroup)).toBe('the others have room for 50 of its 60 devices');
    expect(roomProblem(other, [one, other], sameGroup)).toBe('the others have room for 40 of its 50 devices');
    expect(roomProblem(one, [one, judgedNode('dp-2', 40)], sameGroup)).toBeUndefined();
    expect(roomProblem(one, [one, judgedNode('dp-2', 0, { status: 'draining' })], sameGroup)).toContain('serves "HQ"');
  });
});

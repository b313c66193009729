import { beforeEach, describe, expect, it } from 'vitest';
import { FakeCluster } from './fake-cluster.fixture.ts';
import { RegistryGuarantees } from './registry-guarantees.ts';

let fake: FakeCluster;

beforeEach(() => {
  fake = new FakeCluster();
  new RegistryGuarantees(fake.cluster, fake.disturbances);
});

type Answer = readonly [method: string, args: readonly unknown[], answer: unknown];

const open = (epoch: number): Answer => ['sessions.open', ['d-1'], { epoch }];
const advance = (token: number, answer: object | undefined): Answer => [
  'groupPushes.advance',
  [{ id: 'g' }, [], token],
  answer,
];

const dp = { nodeId: 'dp-1' };
const beat = (known: string, verdict: string): Answer => [
  'nodes.heartbeat',
  [dp, {}, known],
  { verdict, position: 'p2' },
];

const announce = (known: string | undefined, verdict: string): Answer => [
  'balancers.announce',
  [{ balancerId: 'b' }, 15_000, known],
  { verdict, position: 'p2' },
];

describe('what the registry guarantees', () => {
  it.each<[string, Answer[]]>([
    ['an epoch goes back', [open(5), open(5)]],
    ['an old link closes a new session', [open(5), open(6), ['sessions.close', ['d-1', 5], true]]],
    [
      'a token goes back',
      [
        ['leases.hold', ['g', 'b1'], 7],
        ['leases.hold', ['g', 'b2'], 7],
      ],
    ],
    ['written under a lost lease', [advance(8, {}), advance(7, {})]],
    [
      'written under a lost lease',
      [
        ['rebalances.put', [{ id: 'r' }, 8], true],
        ['rebalances.put', [{ id: 'r' }, 7], true],
      ],
    ],
    ['a loss that was none', [['nodes.register', [dp], 'p1'], beat('p1', 'lost')]],
    ['a loss that was none', [announce(undefined, 'ok'), announce('p2', 'lost')]],
  ])('is broken: %s', async (rule, answers) => {
    for (const [index, answer] of answers.entries()) await fake.answer(index + 1, ...answer);
    expect(fake.rules).toEqual([rule]);
  });

  it.each<[string, Answer[]]>([
    ['epochs that rise', [open(5), open(6), ['sessions.close', ['d-1', 5], false]]],
    [
      'a lease that is renewed',
      [
        ['leases.hold', ['g', 'b1'], 7],
        ['leases.hold', ['g', 'b1'], 7],
      ],
    ],
    ['a push server that was taken out', [['nodes.register', [dp], 'p1'], beat('p1', 'struck-off'), beat('p2', 'ok')]],
    ['a write that is refused', [advance(8, {}), advance(7, undefined)]],
  ])('is kept: %s', async (_, answers) => {
    for (const [index, answer] of answers.entries()) await fake.answer(index + 1, ...answer);
    expect(fake.rules).toEqual([]);
  });

  it.each([
    ['lost', []],
    ['struck-off', ['a loss that nobody is told of']],
  ])('a heartbeat that is answered %s after a loss', async (verdict, rules) => {
    await fake.answer(1, 'nodes.register', [dp], 'p1');
    for (const kind of ['registry lost', 'all data lost']) fake.disturbances.add('registry', kind, 5, 5);
    await fake.answer(10, ...beat('p1', verdict));
    expect(fake.rules).toEqual(rules);
  });

  it('is forgotten with the data', async () => {
    await fake.answer(1, ...open(5));
    fake.disturbances.add('registry', 'registry lost', 2, 2);
    await fake.answer(3, ...open(4));
    expect(fake.rules).toEqual([]);
  });
});

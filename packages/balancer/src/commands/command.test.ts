import type { common, device, node } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import {
  advance,
  answerOf,
  type CommandInput,
  type CommandState,
  confirmGraceMs,
  firstState,
  resultGraceMs,
  wakeAt,
} from './command.ts';

const deadlines = { deliverByMs: 10_000, finishByMs: 30_000 };

type Step = [atMs: number, input: CommandInput];
const queued: CommandInput = { kind: 'queued' };
const written: CommandInput = { kind: 'written' };
const channelLost: CommandInput = { kind: 'channel-lost' };
const time: CommandInput = { kind: 'time' };
const stopping: CommandInput = { kind: 'stopping' };

function report(body: Partial<node.CommandReport>): CommandInput {
  const kind = Object.keys(body)[0] as NonNullable<node.CommandReport['report']>;
  return { kind: 'report', report: { commandId: 'c', deviceId: 'd', ...body, report: kind } };
}
function result(body: Partial<device.CommandResult>): CommandInput {
  const outcome = Object.keys(body)[0] as NonNullable<device.CommandResult['outcome']>;
  return report({ result: { commandId: 'c', ...body, outcome } });
}
const unsent = (cause: node.UnsentCause) => report({ unsent: { cause } });
const delivered = report({ delivered: {} });
const running = result({ running: {} });
const succeeded = result({ succeeded: { output: Buffer.from('42') } });
const failed = result({ failed: { reason: 'disk full', output: Buffer.from('log') } });
const rejected = result({ rejected: { reason: 'busy' } });
const notHere = report({ notHere: { epoch: 0 } });
const linkLost = report({ linkLost: { reason: 'keepAliveTimeout' } });

const sent: Step[] = [
  [0, queued],
  [1, written],
];

function play(steps: readonly Step[]): CommandState {
  return steps.reduce<CommandState>((state, [atMs, input]) => advance(state, input, deadlines, atMs), firstState);
}

interface Row {
  what: string;
  steps: Step[];
  outcome: common.Outcome;
  reason?: string;
  /** Where it is not the time of the last step. */
  atMs?: number;
}

const rows: Row[] = [
  { what: 'written to the channel', steps: sent, outcome: 'OUTCOME_ROUTED' },
  { what: 'confirmed by the device', steps: [...sent, [2, delivered]], outcome: 'OUTCOME_DELIVERED' },
  { what: 'begun', steps: [...sent, [2, delivered], [3, running]], outcome: 'OUTCOME_RUNNING' },
  { what: 'begun, which implies delivered', steps: [...sent, [2, running]], outcome: 'OUTCOME_RUNNING' },
  {
    what: 'begun, confirmed late',
    steps: [...sent, [2, running], [3, delivered]],
    outcome: 'OUTCOME_RUNNING',
    atMs: 2,
  },
  { what: 'done', steps: [...sent, [2, delivered], [3, succeeded]], outcome: 'OUTCOME_SUCCEEDED' },
  { what: 'done without a confirmation', steps: [...sent, [2, succeeded]], outcome: 'OUTCOME_SUCCEEDED' },
  { what: 'failed', steps: [...sent, [2, delivered], [3, failed]], outcome: 'OUTCOME_FAILED', reason: 'disk full' },
  { what: 'declined', steps: [...sent, [2, rejected]], outcome: 'OUTCOME_REJECTED', reason: 'busy' },
  {
    what: 'the device is away',
    steps: [[0, { kind: 'no-route', reason: '' }]],
    outcome: 'OUTCOME_NOT_CONNECTED',
    reason: '',
  },
  {
    what: 'missed twice',
    steps: [...sent, [2, notHere], [3, queued], [4, written], [5, notHere]],
    outcome: 'OUTCOME_NOT_CONNECTED',
  },
  {
    what: 'missed, then found',
    steps: [...sent, [2, notHere], [3, queued], [4, written], [5, succeeded]],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'missed, then away',
    steps: [...sent, [2, notHere], [3, { kind: 'no-route', reason: '' }]],
    outcome: 'OUTCOME_NOT_CONNECTED',
  },
  {
    what: 'missed, then no room on the way',
    steps: [...sent, [2, notHere], [3, { kind: 'no-room' }]],
    outcome: 'OUTCOME_REJECTED',
    reason: "the push server's queue is full",
  },
  {
    what: 'expired in the queue of the link',
    steps: [...sent, [9, unsent('UNSENT_CAUSE_EXPIRED')]],
    outcome: 'OUTCOME_EXPIRED',
  },
  {
    what: 'no room in the queue of the link',
    steps: [...sent, [9, unsent('UNSENT_CAUSE_QUEUE_FULL')]],
    outcome: 'OUTCOME_REJECTED',
    reason: "the device's queue is full",
  },
  {
    what: 'unsent because the link ended, twice',
    steps: [
      ...sent,
      [2, unsent('UNSENT_CAUSE_LINK_LOST')],
      [3, queued],
      [4, written],
      [5, unsent('UNSENT_CAUSE_LINK_LOST')],
    ],
    outcome: 'OUTCOME_NOT_CONNECTED',
  },
  {
    what: 'not sent by the deadline',
    steps: [
      [0, queued],
      [10_000, time],
    ],
    outcome: 'OUTCOME_EXPIRED',
  },
  { what: 'no route by the deadline', steps: [[10_000, time]], outcome: 'OUTCOME_EXPIRED' },
  {
    what: 'not confirmed by the deadline',
    steps: [...sent, [10_000 + confirmGraceMs, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'not confirmed by the deadline',
  },
  {
    what: 'said to be unsent within the grace after the deadline',
    steps: [...sent, [10_000, time], [10_100, unsent('UNSENT_CAUSE_EXPIRED')]],
    outcome: 'OUTCOME_EXPIRED',
  },
  {
    what: 'no result by the deadline',
    steps: [...sent, [2, delivered], [30_000, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'no result by the deadline',
  },
  {
    what: 'link lost before the confirmation',
    steps: [...sent, [2, linkLost], [10_000 + confirmGraceMs, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the link ended (keepAliveTimeout) before the device confirmed the command, and no result came',
  },
  {
    what: 'link lost after the confirmation',
    steps: [...sent, [2, delivered], [3, linkLost], [3 + resultGraceMs, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the link ended (keepAliveTimeout) after the device confirmed the command, and no result came',
  },
  {
    what: 'reported over the next link',
    steps: [...sent, [2, linkLost], [9_000, succeeded]],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'worker lost after the command was written',
    steps: [...sent, [2, delivered], [3, channelLost], [3 + resultGraceMs, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the push server was lost after the device confirmed the command, and no result came',
  },
  {
    what: 'worker lost before the command was written, then another one found',
    steps: [
      [0, queued],
      [1, channelLost],
      [2, queued],
      [3, written],
      [4, succeeded],
    ],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'the balancer stops',
    steps: [...sent, [2, stopping]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the balancer stopped before a result came',
  },
];

describe('the ladder of outcomes', () => {
  it.each(rows)('$what: $outcome', ({ steps, outcome, reason, atMs = steps.at(-1)?.[0] }) => {
    const state = play(steps);
    expect(state).toMatchObject({
      status: { outcome, atMs, ...(reason === undefined ? {} : { reason }) },
    });
  });

  it.each([
    ['a notHere', notHere],
    ['an unsent for a lost link', unsent('UNSENT_CAUSE_LINK_LOST')],
  ])('asks for another route after %s', (_what, input) => {
    expect(play([...sent, [2, input]])).toEqual({ kind: 'routing', retried: true });
  });

  it('asks for another route when the worker is lost before the command was written', () => {
    expect(
      play([
        [0, queued],
        [1, channelLost],
      ]),
    ).toEqual({ kind: 'routing', retried: true });
  });

  it('never sends again what was written to a worker that is lost', () => {
    expect(play([...sent, [2, channelLost]]).kind).toBe('lost');
  });

  it('carries the output of a result', () => {
    expect(play([...sent, [2, failed]])).toMatchObject({ status: { output: Buffer.from('log') } });
  });

  it('changes nothing once the command has ended', () => {
    const ended = play([...sent, [2, succeeded]]);
    for (const input of [failed, delivered, notHere, linkLost, channelLost, stopping, time]) {
      expect(advance(ended, input, deadlines, 99_999)).toBe(ended);
    }
  });

  it('does not hold negative reports against a command that the device has confirmed', () => {
    const confirmed = play([...sent, [2, delivered]]);
    for (const input of [notHere, unsent('UNSENT_CAUSE_EXPIRED')]) {
      expect(advance(confirmed, input, deadlines, 3)).toBe(confirmed);
    }
  });

  it('leaves what was never sent to its owner when the balancer stops', () => {
    expect(
      play([
        [0, queued],
        [1, stopping],
      ]).kind,
    ).toBe('queued');
  });
});

describe('wakeAt', () => {
  it.each<[string, Step[], number]>([
    ['the time to deliver while unsent', [[0, queued]], 10_000],
    ['a grace later once sent', sent, 10_000 + confirmGraceMs],
    ['the time to finish once confirmed', [...sent, [2, delivered]], 30_000],
    ['the grace for results after a lost link', [...sent, [2, delivered], [3, linkLost]], 3 + resultGraceMs],
    ['the time to finish where that is sooner', [...sent, [2, delivered], [29_000, linkLost]], 30_000],
    ['the time to deliver where an unconfirmed command is lost', [...sent, [2, linkLost]], 10_000 + confirmGraceMs],
    ['never once ended', [...sent, [2, succeeded]], Number.POSITIVE_INFINITY],
  ])('is %s', (_what, steps, atMs) => {
    expect(wakeAt(play(steps), deadlines)).toBe(atMs);
  });
});

describe('answerOf', () => {
  const stages = { queued: play([[0, queued]]), sent: play(sent), confirmed: play([...sent, [2, delivered]]) };
  const ended = play([...sent, [2, delivered], [3, succeeded]]);
  it.each([
    ['accepted', 'queued', undefined],
    ['accepted', 'sent', 'OUTCOME_ROUTED'],
    ['delivered', 'sent', undefined],
    ['delivered', 'confirmed', 'OUTCOME_DELIVERED'],
    ['finished', 'confirmed', undefined],
  ] as const)('for a caller that waits until %s, of a command that is %s: %s', (wait, stage, outcome) => {
    expect(answerOf(stages[stage], wait)?.outcome).toBe(outcome);
    expect(answerOf(ended, wait)?.outcome).toBe('OUTCOME_SUCCEEDED');
  });

  it('does not take a command for delivered whose link broke before the confirmation', () => {
    expect(answerOf(play([...sent, [2, linkLost]]), 'delivered')).toBeUndefined();
  });
});

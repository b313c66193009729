import type { common, device, node } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { type Step as AwaitedStep, hasReached } from '../engine.ts';
import {
  advance,
  type CommandInput,
  type CommandState,
  confirmGraceMs,
  firstState,
  isUnsent,
  resultGraceMs,
  wakeAt,
} from './command-state.ts';

const operation: common.Operation = { kind: 'custom', custom: { name: 'reboot', payload: Buffer.alloc(0) } };
const deadlines = { operation, deliverByMs: 10_000, finishByMs: 30_000 };

/** The wall clock is far from the monotonic one: each shows where it is used. */
const wallAheadMs = 1_800_000_000_000;
const at = (nowMs: number) => ({ nowMs, wallMs: nowMs + wallAheadMs });

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
const unsent = (cause: node.UnsentCause, detail = '') => report({ unsent: { cause, detail } });
const delivered = report({ delivered: {} });
const running = result({ running: { progress: null, statistics: null } });
const runningAt = (percent: number) => result({ running: { progress: { percent, message: '' }, statistics: null } });
const counting = (total: number) =>
  result({ running: { progress: null, statistics: { counters: { total }, atMs: total } } });
const succeeded = result({ succeeded: { output: Buffer.from('42'), statistics: null, alreadyEnded: false } });
const cancelled = result({ cancelled: { reason: 'told to' } });
const cancel: CommandInput = { kind: 'cancel', reason: 'not needed' };
const abandon: CommandInput = { kind: 'abandon' };
const failed = result({ failed: { reason: 'disk full', output: Buffer.from('log') } });
const rejected = result({ rejected: { reason: 'busy' } });
const notHere = report({ notHere: { epoch: 0 } });
const linkLost = report({ linkLost: { reason: 'keepAliveTimeout' } });

const sent: Step[] = [
  [0, queued],
  [1, written],
];

function play(steps: readonly Step[]): CommandState {
  return steps.reduce<CommandState>((state, [atMs, input]) => advance(state, input, deadlines, at(atMs)), firstState);
}

interface Row {
  what: string;
  steps: Step[];
  outcome: common.Outcome;
  reason?: string;
  /** The time of the status, unless it is that of the last step. */
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
    what: 'an operation that the device has not declared',
    steps: [...sent, [2, unsent('UNSENT_CAUSE_UNSUPPORTED')]],
    outcome: 'OUTCOME_REJECTED',
    reason: 'unsupported: custom:reboot',
  },
  {
    what: 'larger than what the device takes',
    steps: [...sent, [2, unsent('UNSENT_CAUSE_TOO_LARGE', '1,604 bytes, and it takes 300')]],
    outcome: 'OUTCOME_REJECTED',
    reason: 'too large for the device: 1,604 bytes, and it takes 300',
  },
  {
    what: 'abandoned before it was given to a worker',
    steps: [
      [0, queued],
      [1, abandon],
    ],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: its caller went away',
  },
  {
    what: 'abandoned in the queue of the link',
    steps: [...sent, [2, abandon], [3, unsent('UNSENT_CAUSE_CANCELLED')]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: its caller went away',
  },
  {
    what: 'abandoned, and its link was lost before it was written: it is not sent over another one',
    steps: [...sent, [2, abandon], [3, unsent('UNSENT_CAUSE_LINK_LOST')]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: its caller went away',
  },
  {
    what: 'abandoned on the wire',
    steps: [...sent, [2, abandon], [3, delivered], [4, succeeded]],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'withdrawn, and its caller gone since',
    steps: [...sent, [2, cancel], [3, abandon], [4, unsent('UNSENT_CAUSE_CANCELLED')]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: not needed',
  },
  {
    what: 'withdrawn in the queue of the link',
    steps: [...sent, [2, cancel], [3, unsent('UNSENT_CAUSE_CANCELLED')]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: not needed',
  },
  {
    what: 'withdrawn before a route was known',
    steps: [[1, cancel]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'withdrawn before it was sent: not needed',
  },
  {
    what: 'withdrawn in the queue of the channel',
    steps: [
      [0, queued],
      [1, cancel],
    ],
    outcome: 'OUTCOME_CANCELLED',
  },
  {
    what: 'withdrawn on the way to a worker that has not the link: not tried again',
    steps: [...sent, [2, cancel], [3, notHere]],
    outcome: 'OUTCOME_CANCELLED',
  },
  {
    what: 'given up by the device',
    steps: [...sent, [2, running], [3, cancel], [4, cancelled]],
    outcome: 'OUTCOME_CANCELLED',
    reason: 'told to',
  },
  {
    what: 'done before the device heard that it was withdrawn',
    steps: [...sent, [2, cancel], [3, succeeded]],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'begun, with progress',
    steps: [...sent, [2, running], [3, runningAt(50)]],
    outcome: 'OUTCOME_RUNNING',
    atMs: 2,
  },
  {
    what: 'running when its link was lost, and still so over the next one',
    steps: [...sent, [2, running], [3, linkLost], [20_000, running]],
    outcome: 'OUTCOME_RUNNING',
    atMs: 2,
  },
  {
    what: 'running when its link was lost, done long after',
    steps: [...sent, [2, running], [3, linkLost], [29_000, time], [29_001, succeeded]],
    outcome: 'OUTCOME_SUCCEEDED',
  },
  {
    what: 'running when its link was lost, and never heard of again',
    steps: [...sent, [2, running], [3, linkLost], [30_000, time]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the link ended (keepAliveTimeout) after the device confirmed the command, and no result came',
  },
  {
    what: 'the balancer stops',
    steps: [...sent, [2, stopping]],
    outcome: 'OUTCOME_UNKNOWN',
    reason: 'the balancer stopped before a result came',
  },
];

describe('the outcome of a direct command', () => {
  it.each(rows)('$what: $outcome', ({ steps, outcome, reason, atMs = steps.at(-1)?.[0] ?? 0 }) => {
    const state = play(steps);
    expect(state).toMatchObject({
      status: { outcome, atMs: atMs + wallAheadMs, ...(reason === undefined ? {} : { reason }) },
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

  it('carries what the device says while it runs, and the last statistics into the end', () => {
    const steps: Step[] = [...sent, [2, runningAt(10)], [3, counting(7)]];
    expect(play(steps)).toMatchObject({
      status: { progress: { percent: 10 }, statistics: { counters: { total: 7 } }, atMs: 2 + wallAheadMs },
    });
    expect(play([...steps, [4, cancelled]])).toMatchObject({ status: { statistics: { counters: { total: 7 } } } });
  });

  it('carries that a task had ended before it was to be stopped', () => {
    const stopped = result({ succeeded: { output: Buffer.alloc(0), statistics: null, alreadyEnded: true } });
    expect(play([...sent, [2, stopped]])).toMatchObject({ status: { alreadyEnded: true } });
  });

  it('takes a beginning that is said again without anything new for nothing', () => {
    const begun = play([...sent, [2, runningAt(10)]]);
    expect(advance(begun, running, deadlines, at(3))).toBe(begun);
  });

  it('keeps in mind that a sent command is to be cancelled, whatever comes next', () => {
    const asked = play([...sent, [2, cancel]]);
    expect(asked).toMatchObject({ kind: 'sent', status: { outcome: 'OUTCOME_ROUTED', cancelRequested: true } });
    expect(advance(asked, cancel, deadlines, at(3))).toBe(asked);
    for (const input of [delivered, running, succeeded, linkLost]) {
      expect(advance(asked, input, deadlines, at(3))).toMatchObject({ status: { cancelRequested: true } });
    }
  });

  it('changes nothing once the command has ended', () => {
    const ended = play([...sent, [2, succeeded]]);
    for (const input of [failed, delivered, notHere, linkLost, channelLost, stopping, cancel, time]) {
      expect(advance(ended, input, deadlines, at(99_999))).toBe(ended);
    }
  });

  it('does not hold negative reports against a command that the device has confirmed', () => {
    const confirmed = play([...sent, [2, delivered]]);
    for (const input of [notHere, unsent('UNSENT_CAUSE_EXPIRED')]) {
      expect(advance(confirmed, input, deadlines, at(3))).toBe(confirmed);
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
    ['the time to finish for what runs on without a link', [...sent, [2, running], [3, linkLost]], 30_000],
    ['the time to finish where that is sooner', [...sent, [2, delivered], [29_000, linkLost]], 30_000],
    ['the time to deliver where an unconfirmed command is lost', [...sent, [2, linkLost]], 10_000 + confirmGraceMs],
    ['never once ended', [...sent, [2, succeeded]], Number.POSITIVE_INFINITY],
  ])('is %s', (_what, steps, atMs) => {
    expect(wakeAt(play(steps), deadlines)).toBe(atMs);
  });
});

describe('the answer', () => {
  const answerOf = (state: CommandState, step: AwaitedStep) =>
    !isUnsent(state) && hasReached(state.status, step) ? state.status : undefined;
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

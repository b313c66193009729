import { type CommandId, type Epoch, limits, type node, type device as wire } from '@pushfleet/protocol';
import { attemptWeight } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { ReportBody, ReportEffect } from '../session/session.ts';
import { device } from './durable-delivery.fixture.ts';
import { statusUpdateOf } from './status-update.ts';

const id = 'd-1' as CommandId;
const epoch = 7 as Epoch;
const statistics = { counters: { threats: 2 }, atMs: 5 };

function effect(body: ReportBody, why = '', of: Epoch | undefined = epoch): ReportEffect {
  const about = { commandId: id, deviceId: device };
  return { kind: 'report', report: { ...about, ...body }, channel: 1, epoch: of, sentAtMs: undefined, why };
}

function result(outcome: Partial<wire.CommandResult>): ReportEffect {
  return effect({ report: 'result', result: { commandId: id, ...outcome } });
}

function unsent(cause: node.UnsentCause, why = ''): ReportEffect {
  return effect({ report: 'unsent', unsent: { cause, detail: why } }, why);
}

const linkLost = effect({ report: 'linkLost', linkLost: { reason: 'linkLost' } });
const none = Buffer.alloc(0);
const output = Buffer.from('out');

describe('what the registry is told of a durable command', () => {
  it.each<[string, ReportEffect, object | undefined]>([
    ['confirmed', effect({ report: 'delivered', delivered: {} }), { kind: 'delivered' }],
    ['running', result({ running: { progress: null, statistics: null } }), { kind: 'running' }],
    [
      'running, with more than there may be',
      result({ running: { progress: { percent: 400, message: 'x'.repeat(1_000) }, statistics } }),
      { kind: 'running', progress: { percent: 100, message: 'x'.repeat(limits.reasonChars) }, statistics },
    ],
    [
      'succeeded',
      result({ succeeded: { output: none, statistics: null, alreadyEnded: false } }),
      { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '' },
    ],
    [
      'succeeded, with all that there is to say',
      result({ succeeded: { output, statistics, alreadyEnded: true } }),
      { kind: 'ended', outcome: 'OUTCOME_SUCCEEDED', reason: '', output, statistics, alreadyEnded: true },
    ],
    [
      'failed',
      result({ failed: { reason: 'disk full', output } }),
      { kind: 'ended', outcome: 'OUTCOME_FAILED', reason: 'disk full', output },
    ],
    [
      'rejected',
      result({ rejected: { reason: 'no such task' } }),
      { kind: 'ended', outcome: 'OUTCOME_REJECTED', reason: 'no such task' },
    ],
    [
      'cancelled',
      result({ cancelled: { reason: 'given up' } }),
      { kind: 'ended', outcome: 'OUTCOME_CANCELLED', reason: 'given up' },
    ],
    ['refused by a full link', unsent('UNSENT_CAUSE_QUEUE_FULL'), { kind: 'released', epoch }],
    ['left behind by its link', unsent('UNSENT_CAUSE_LINK_LOST'), { kind: 'released', epoch }],
    ['too late', unsent('UNSENT_CAUSE_EXPIRED'), { kind: 'ended', outcome: 'OUTCOME_EXPIRED' }],
    [
      'not declared',
      unsent('UNSENT_CAUSE_UNSUPPORTED', 'custom:reboot'),
      { kind: 'ended', outcome: 'OUTCOME_REJECTED', reason: 'unsupported: custom:reboot' },
    ],
    [
      'too large for the device',
      unsent('UNSENT_CAUSE_TOO_LARGE', '1,604 bytes, and it takes 300'),
      {
        ...{ kind: 'attempt-failed', epoch, weight: attemptWeight.impossible, alone: true },
        reason: 'too large for the device: 1,604 bytes, and it takes 300',
      },
    ],
    [
      'withdrawn',
      unsent('UNSENT_CAUSE_CANCELLED', 'a mistake'),
      { kind: 'ended', outcome: 'OUTCOME_CANCELLED', reason: 'withdrawn before it was sent: a mistake' },
    ],
    ['lost with its link', linkLost, undefined],
    [
      'lost with its link, and may be why',
      { ...linkLost, failed: { weight: 5, alone: false } },
      {
        ...{ kind: 'attempt-failed', epoch, weight: 5, alone: false },
        reason: "the device's link ended each time it was sent this command (linkLost: the connection broke)",
      },
    ],
  ])('that is %s', (_, report, expected) => {
    const update = statusUpdateOf(report);
    if (expected) expect(update).toMatchObject({ device, id, ...expected });
    else expect(update).toBeUndefined();
  });
});

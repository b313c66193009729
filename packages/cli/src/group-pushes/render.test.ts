import type { admin } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { plain } from '../output/print.ts';
import {
  describeDeviceOutcome,
  groupPushJson,
  outcomeNames,
  parseOutcomeName,
  renderGroupPush,
  renderGroupPushes,
} from './render.ts';
import { isGroupSettled } from './watch.ts';

const push: admin.GroupPush = {
  groupPushId: 'g-1',
  request: {
    group: 'HQ',
    excludeSubgroups: false,
    labels: { ring: 'early' },
    operation: { kind: 'forceSync', forceSync: { reason: '' } },
    delivery: {
      ttlMs: 604_800_000,
      deliverWithinMs: 0,
      finishWithinMs: 0,
      collapseKey: '',
      priority: 'PRIORITY_NORMAL',
    },
    pace: { commandsPerSecond: 200, jitterWindowMs: 0, abortFailedPercent: 10, abortAfter: 0 },
    idempotencyKey: '',
  },
  state: 'GROUP_PUSH_STATE_PAUSED',
  reason: 'somebody asked for it',
  devices: 3,
  allFound: false,
  counts: [
    { outcome: 'OUTCOME_QUEUED', devices: 1 },
    { outcome: 'OUTCOME_SUCCEEDED', devices: 2 },
  ],
  startedAtMs: 60_000,
  endedAtMs: 0,
};

it('lists group pushes with their outcomes, the most frequent first', () => {
  expect(renderGroupPushes([push], 120_000, plain).split('\n')).toEqual([
    'GROUP PUSH  GROUP  OPERATION   STATE   STARTED  DEVICES  OUTCOMES',
    'g-1         HQ     force_sync  paused  1m ago        3+  2 SUCCEEDED, 1 QUEUED',
  ]);
});

it('shows of one what was asked for and how it goes', () => {
  expect(renderGroupPush(push).split('\n')).toEqual([
    'group push  g-1',
    'group       HQ',
    'labels      ring=early',
    'operation   force_sync',
    'waits       7d',
    'pace        200 per second, stops above 10 % that did not succeed',
    'state       paused: somebody asked for it',
    'started     1970-01-01T00:01:00.000Z',
    'devices     3+',
    'outcomes    2 SUCCEEDED, 1 QUEUED',
  ]);
});

it('gives programs counts by outcome, and null while it has not ended', () => {
  expect(groupPushJson(push)).toMatchObject({
    state: 'paused',
    outcomes: { SUCCEEDED: 2, QUEUED: 1 },
    endedAtMs: null,
  });
});

it('is waited for until every command is out and got there', () => {
  const found = { ...push, allFound: true };
  expect(isGroupSettled(push, 'connected')).toBe(false);
  expect(isGroupSettled(found, 'connected')).toBe(true);
  expect(isGroupSettled(found, 'finished')).toBe(false);
  expect(isGroupSettled({ ...found, devices: 4 }, 'accepted')).toBe(false);
  expect(isGroupSettled({ ...push, endedAtMs: 1 }, 'finished')).toBe(true);
});

it('names every outcome for the command line, and finds it by its name', () => {
  expect(outcomeNames).toContain('not-connected');
  for (const name of outcomeNames) expect(parseOutcomeName(name)).toMatch(/^OUTCOME_/);
  expect(parseOutcomeName('OUTCOME_UNKNOWN')).toBe('OUTCOME_UNKNOWN');
  expect([parseOutcomeName('unspecified'), parseOutcomeName('done')]).toEqual([undefined, undefined]);
});

it('writes an outcome of a device on one line', () => {
  const outcome = {
    deviceId: 'd-1',
    commandId: 'c-1',
    outcome: 'OUTCOME_FAILED',
    reason: 'disk full',
    atMs: 1,
  } as const;
  expect(describeDeviceOutcome(outcome)).toBe('d-1  FAILED  disk full');
});

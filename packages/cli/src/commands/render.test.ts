import type { admin } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { plain } from '../output/print.ts';
import { commandJson, describeStanding, renderCommand, renderCommands } from './render.ts';

const status: admin.CommandRecord['status'] = {
  outcome: 'OUTCOME_RUNNING',
  reason: '',
  atMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  output: Buffer.from('done'),
  progress: { percent: 40, message: 'copying' },
  statistics: { counters: { b: 2, a: 0.5 }, atMs: 1 },
  alreadyEnded: false,
  cancelRequested: true,
};
const record: admin.CommandRecord = {
  commandId: 'c-1',
  deviceId: 'd-1',
  operation: { kind: 'runTask', runTask: { taskId: 'inventory', parameters: {} } },
  status,
  nodeId: 'dp-1',
  durable: true,
  priority: 'PRIORITY_HIGH',
  collapseKey: '',
  idempotencyKey: 'k',
  acceptedAtMs: 60_000,
  routedAtMs: 0,
  deliveredAtMs: 0,
  runningAtMs: 0,
  deliverByMs: 180_000,
  finishByMs: 0,
};

it('says on one line where a command stands', () => {
  expect(describeStanding(record)).toBe('RUNNING  40 %  copying  (to be cancelled)');
  expect(
    describeStanding({ ...record, status: { ...status, outcome: 'OUTCOME_UNKNOWN', progress: null, reason: 'why' } }),
  ).toBe('OUTCOME_UNKNOWN  why  (to be cancelled)');
});

it('lists commands in the order in which they are sent', () => {
  expect(renderCommands([record], 120_000, plain).split('\n')).toEqual([
    'COMMAND  OPERATION           STANDS AT                                  PRIORITY  ACCEPTED  DELIVERED BY',
    'c-1      run_task inventory  RUNNING  40 %  copying  (to be cancelled)  high      1m ago    in 1m',
  ]);
});

it('says of a command that has ended no time by which it is delivered', () => {
  const ended = { ...record, status: { ...status, outcome: 'OUTCOME_SUCCEEDED', cancelRequested: false } } as const;
  const [, line] = renderCommands([{ ...ended, status: { ...ended.status, progress: null } }], 120_000, plain).split(
    '\n',
  );
  expect(line).toMatch(/ SUCCEEDED +high +1m ago +-$/);
});

it('shows of one command what is known, and nothing else', () => {
  expect(renderCommand(record).split('\n')).toEqual([
    'command          c-1',
    'device           d-1',
    'operation        run_task inventory',
    'stands at        RUNNING  40 %  copying  (to be cancelled)',
    'delivery         durable',
    'idempotency key  k',
    'push server      dp-1',
    'accepted         1970-01-01T00:01:00.000Z',
    'outcome          2026-01-02T03:04:05.000Z',
    'deliver by       1970-01-01T00:03:00.000Z',
    'statistics       a=0.5 b=2',
    'output           done',
  ]);
});

it('gives programs text for bytes, and null for times that are not yet', () => {
  expect(commandJson(record)).toMatchObject({
    operation: 'run_task inventory',
    outcome: 'RUNNING',
    output: 'done',
    priority: 'high',
    cancelRequested: true,
    routedAtMs: null,
    acceptedAtMs: 60_000,
  });
  const binary = { ...record, status: { ...status, output: Buffer.from([0xff, 0x00]) } };
  expect(commandJson(binary)).toMatchObject({ outputBase64: '/wA=' });
});

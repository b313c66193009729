import type { common } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { briefOperation } from './brief-operation.ts';

const custom = (bytes: number): common.Operation => ({
  kind: 'custom',
  custom: { name: 'reboot', payload: Buffer.alloc(bytes) },
});
const task = (bytes: number): common.Operation => ({
  kind: 'runTask',
  runTask: { taskId: 'scan', parameters: { a: 'x'.repeat(bytes - 1) } },
});
const statistics = (count: number): common.Operation => ({
  kind: 'getStatistics',
  getStatistics: { applicationId: 'agent', counters: Array(count).fill('c'.repeat(127)), intervalMs: 0 },
});

it.each<[string, common.Operation, common.Operation]>([
  ['a payload', custom(4_097), custom(0)],
  ['parameters', task(4_097), { kind: 'runTask', runTask: { taskId: 'scan', parameters: {} } }],
  ['counters', statistics(33), statistics(0)],
])('leaves out %s of more than 4 KiB', (_, operation, expected) => {
  expect(briefOperation(operation)).toEqual(expected);
});

it.each([custom(4_096), task(4_000), statistics(31), { kind: 'forceSync', forceSync: { reason: 'r' } } as const])(
  'leaves alone what is small',
  (operation) => {
    expect(briefOperation(operation)).toBe(operation);
  },
);

import { expect, it } from 'vitest';
import { checkOperation } from './check-operation.ts';

const long = 'x'.repeat(5_000);

it.each([
  [{ forceSync: { reason: long } }, '--reason: must be at most 256 bytes'],
  [{ runTask: { taskId: 'a b', parameters: {} } }, '--task: must be 1 to 128 of'],
  [
    { runTask: { taskId: 'a', parameters: { depth: long } } },
    '--param: must be a map with values of at most 4096 bytes; see "depth"',
  ],
  [{ stopTask: { taskId: '' } }, '--task: must be'],
  [{ getStatistics: { applicationId: '', counters: [], intervalMs: 0 } }, '--application: must be'],
  [{ getStatistics: { applicationId: 'a', counters: [], intervalMs: 5 } }, '--every: must be 0, or 100 to 86400000'],
  [{ custom: { name: '/', payload: Buffer.alloc(0) } }, 'the name of the operation: must be'],
])('names the flag of what is wrong: %#', (operation, message) => {
  expect(() => checkOperation(operation)).toThrow(message);
});

it('lets pass what is right', () => {
  expect(() => checkOperation({ runTask: { taskId: 'inventory', parameters: { depth: 'full' } } })).not.toThrow();
});

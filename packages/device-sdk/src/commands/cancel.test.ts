import { expect, it } from 'vitest';
import { start } from './runner.fixture.ts';

it('a command that is cancelled and gives up ends as cancelled', async () => {
  const { runner, results, take } = start();
  runner.handlers.set('forceSync', (_, { signal }) => {
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cleaned up'))));
  });
  take('c1');
  await Promise.resolve();
  runner.onCancel('c1', 'enough');
  expect(await results.next()).toMatchObject({ commandId: 'c1', cancelled: { reason: 'enough' } });
  take('c1');
  expect(await results.next()).toMatchObject({ commandId: 'c1', cancelled: { reason: 'enough' } });
});

it('a command that is cancelled and finishes all the same ends with its result', async () => {
  const { runner, results, take } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handlers.set('forceSync', () => promise);
  take('c1');
  runner.onCancel('c1', '');
  resolve();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
});

it('a command whose time was over before it was cancelled has failed', async () => {
  const { clock, runner, results, take } = start();
  runner.handlers.set('forceSync', async (_, { signal }) => {
    clock.advance(signal.aborted ? 0 : 5_000);
    runner.onCancel('c1', 'too late');
    signal.throwIfAborted();
  });
  take('c1');
  expect(await results.next()).toMatchObject({ failed: { reason: 'the time to finish the command has passed' } });
});

it('a command that has ended says its result again when it is cancelled', async () => {
  const { runner, results, take } = start();
  runner.handlers.set('forceSync', () => ({ output: 'done' }));
  take('c1');
  await results.next();
  runner.onCancel('c1', 'too late');
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
});

it('a command that is cancelled before it comes is answered, and not run if it still comes', async () => {
  const { runner, results, take } = start();
  const runs: string[] = [];
  runner.handlers.set('forceSync', (_, { commandId }) => void runs.push(commandId));
  runner.onCancel('c1', 'changed my mind');
  expect(await results.next()).toMatchObject({ commandId: 'c1', cancelled: { reason: 'cancelled before it came' } });
  for (const id of ['c1', 'c2']) take(id);
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'cancelled' });
  expect(await results.next()).toMatchObject({ commandId: 'c2', outcome: 'succeeded' });
  expect(runs).toEqual(['c2']);
});

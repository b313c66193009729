import { expect, it } from 'vitest';
import { start } from './runner.fixture.ts';

/** A device with a task that runs until it is told to stop, and one that takes no notice. */
function startTasks() {
  const made = start();
  const ended = Promise.withResolvers<void>();
  made.runner.handlers.set('runTask', ({ taskId }, { signal }) => {
    if (taskId === 'short') return { output: 'done' };
    if (taskId === 'stubborn') return ended.promise.then(() => ({ output: 'all the same' }));
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  });
  const runTask = (id: string, taskId: string) => made.take(id, { runTask: { taskId, parameters: {} } });
  const stopTask = (id: string, taskId: string) => made.take(id, { stopTask: { taskId } });
  return { ...made, ended, runTask, stopTask };
}

it('says that a task runs, stops it, and ends its command as cancelled', async () => {
  const { results, runTask, stopTask } = startTasks();
  runTask('c1', 'backup');
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'running' });
  stopTask('c2', 'backup');
  expect(await results.next()).toMatchObject({
    commandId: 'c1',
    cancelled: { reason: 'the task was stopped by command c2' },
  });
  expect(await results.next()).toMatchObject({ commandId: 'c2', succeeded: { alreadyEnded: false } });
});

it('says of a task that has ended that it had, and of one that nobody knows that there is none', async () => {
  const { results, runTask, stopTask } = startTasks();
  runTask('c1', 'short');
  await results.next();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
  stopTask('c2', 'short');
  expect(await results.next()).toMatchObject({ commandId: 'c2', succeeded: { alreadyEnded: true } });
  stopTask('c3', 'unknown');
  expect(await results.next()).toMatchObject({ commandId: 'c3', rejected: { reason: 'no such task' } });
});

it('waits for the end of a task that takes no notice, whose result then counts', async () => {
  const { results, ended, runTask, stopTask } = startTasks();
  runTask('c1', 'stubborn');
  await results.next();
  stopTask('c2', 'stubborn');
  expect(results.size).toBe(0);
  ended.resolve();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
  expect(await results.next()).toMatchObject({ commandId: 'c2', succeeded: { alreadyEnded: false } });
});

it('gives up waiting for such a task when its own time is over', async () => {
  const { clock, results, runTask, stopTask } = startTasks();
  runTask('c1', 'stubborn');
  await results.next();
  stopTask('c2', 'stubborn');
  await Promise.resolve();
  clock.advance(5_000);
  expect(await results.next()).toMatchObject({
    commandId: 'c2',
    failed: { reason: 'the time to finish the command has passed' },
  });
});

it('runs a task once at a time, and again when it has ended', async () => {
  const { results, runTask, stopTask } = startTasks();
  runTask('c1', 'backup');
  await results.next();
  runTask('c2', 'backup');
  expect(await results.next()).toMatchObject({ commandId: 'c2', rejected: { reason: 'the task already runs' } });
  stopTask('c3', 'backup');
  await results.next();
  await results.next();
  runTask('c4', 'backup');
  expect(await results.next()).toMatchObject({ commandId: 'c4', outcome: 'running' });
});

it('says nothing of a task that it cannot run', async () => {
  const { results, take } = start();
  take('c1', { runTask: { taskId: 'backup', parameters: {} } });
  expect(await results.next()).toMatchObject({ rejected: { reason: 'unsupported: run_task' } });
});

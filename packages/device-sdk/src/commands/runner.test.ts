import { expect, it } from 'vitest';
import { start } from './runner.fixture.ts';

it('rejects what it cannot run', async () => {
  const { runner, results, take } = start();
  take('c1', { forceSync: { reason: '' } });
  expect(await results.next()).toMatchObject({ rejected: { reason: 'unsupported: force_sync' } });
  runner.handlers.set('custom:echo', () => undefined);
  take('c2', { custom: { name: 'reboot', payload: Buffer.alloc(0) } });
  expect(await results.next()).toMatchObject({ rejected: { reason: 'unsupported: custom:reboot' } });
  take('c3', undefined, { problem: 'unreadable' });
  expect(await results.next()).toMatchObject({ rejected: { reason: 'unreadable' } });
});

it('rejects commands beyond those that it runs side by side', async () => {
  const { runner, results, take } = start({ maxRunning: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handlers.set('forceSync', () => promise);
  take('c1');
  take('c2');
  expect(await results.next()).toMatchObject({
    commandId: 'c2',
    rejected: { reason: 'the device already runs 1 commands' },
  });
  resolve();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
});

it('turns a handler that throws at once into a failure', async () => {
  const { runner, results, take } = start();
  runner.handlers.set('forceSync', () => {
    throw new Error('at once');
  });
  take('c1');
  expect(await results.next()).toMatchObject({ failed: { reason: 'at once' } });
});

it('gives a custom operation to its own handler before that of all', async () => {
  const { runner, results, take } = start();
  runner.handlers.set('custom', ({ name }) => ({ output: `any: ${name}` }));
  runner.handlers.set('custom:reboot', () => ({ output: 'rebooting' }));
  for (const name of ['reboot', 'other']) take(name, { custom: { name, payload: Buffer.alloc(0) } });
  expect(String((await results.next()).succeeded?.output)).toBe('rebooting');
  expect(String((await results.next()).succeeded?.output)).toBe('any: other');
});

it('aborts the signal when the result is of no use any more', async () => {
  const { clock, runner, results, take } = start();
  runner.handlers.set('forceSync', async (_, { signal }) => {
    clock.advance(5_000);
    signal.throwIfAborted();
  });
  take('c1');
  expect(await results.next()).toMatchObject({ failed: { reason: 'the time to finish the command has passed' } });
  expect(clock.pending).toBe(0);
});

it('aborts the signal when the device is stopped, even where it is asked for later', async () => {
  const { runner, results, take } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handlers.set('forceSync', async (_, context) => {
    await promise;
    context.signal.throwIfAborted();
  });
  take('c1');
  runner.abort(new Error('stopped'));
  resolve();
  expect(await results.next()).toMatchObject({ failed: { reason: 'stopped' } });
});

it('says how far a command has come, until it has ended', async () => {
  const { runner, results, take } = start();
  let late: (() => void) | undefined;
  runner.handlers.set('forceSync', (_, { progress }) => {
    progress();
    progress({ percent: 140.4, message: 'ü'.repeat(200) });
    late = progress;
  });
  take('c1');
  expect(await results.next()).toMatchObject({ running: { progress: null } });
  expect(await results.next()).toMatchObject({
    running: { progress: { percent: 100, message: `${'ü'.repeat(126)}…` } },
  });
  expect(await results.next()).toMatchObject({ outcome: 'succeeded' });
  late?.();
  expect(results.size).toBe(0);
});

it('says over the next link that a command still runs, and how far it was', async () => {
  const { runner, take, reconnect } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handlers.set('forceSync', (_, { progress }) => {
    progress({ percent: 40, message: 'on it' });
    return promise;
  });
  take('c1');
  const { results } = reconnect();
  expect(await results.next()).toMatchObject({
    commandId: 'c1',
    running: { progress: { percent: 40, message: 'on it' } },
  });
  take('c1');
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'running' });
  resolve();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
});

it('keeps the result of a durable command until it is received, and repeats it when it comes again', async () => {
  const { runner, link, results, take, reconnect } = start();
  runner.handlers.set('forceSync', () => ({ output: 'once' }));
  take('c1', undefined, { durable: true, operation: { kind: 'forceSync', forceSync: { reason: '' } } });
  await results.next();
  expect(link.durable).toEqual(['c1']);
  const second = reconnect();
  expect(second.reported).toEqual(['c1']);
  second.confirm('c1');
  expect(reconnect().reported).toEqual([]);
});

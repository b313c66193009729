import { expect, it } from 'vitest';
import { Inbox } from '../inbox.fixture.ts';
import type { Link, LinkCommand } from '../link.ts';
import { ManualClock } from '../manual-clock.fixture.ts';
import { CommandRunner } from './runner.ts';

const command = (id: string): LinkCommand => ({
  id,
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
  finishWithinMs: 5_000,
});

function start(maxRunning = 10) {
  const clock = new ManualClock();
  const runner = new CommandRunner({ clock, maxRunning, rememberCommands: 10 });
  const results = new Inbox<Parameters<Link['report']>[0]>();
  runner.onLinkUp({ report: (result) => results.push(result), close: () => Promise.resolve() });
  const take = (given: LinkCommand) => runner.onCommand(given, () => undefined);
  return { clock, runner, results, take };
}

it('rejects what it cannot run', async () => {
  const { runner, results, take } = start();
  take(command('c1'));
  expect(await results.next()).toMatchObject({ rejected: { reason: 'the device has no command handler' } });
  runner.handler = async () => undefined;
  take({ ...command('c2'), operation: undefined, problem: 'unreadable' });
  expect(await results.next()).toMatchObject({ rejected: { reason: 'unreadable' } });
});

it('rejects commands beyond those that it runs side by side', async () => {
  const { runner, results, take } = start(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handler = () => promise;
  take(command('c1'));
  take(command('c2'));
  expect(await results.next()).toMatchObject({
    commandId: 'c2',
    rejected: { reason: 'the device already runs 1 commands' },
  });
  resolve();
  expect(await results.next()).toMatchObject({ commandId: 'c1', outcome: 'succeeded' });
});

it('turns a handler that throws at once into a failure', async () => {
  const { runner, results, take } = start();
  runner.handler = () => {
    throw new Error('at once');
  };
  take(command('c1'));
  expect(await results.next()).toMatchObject({ failed: { reason: 'at once' } });
});

it('aborts the signal when the result is of no use any more', async () => {
  const { clock, runner, results, take } = start();
  runner.handler = async (_command, { signal }) => {
    clock.advance(5_000);
    signal.throwIfAborted();
  };
  take(command('c1'));
  expect(await results.next()).toMatchObject({ failed: { reason: 'the time to finish the command has passed' } });
  expect(clock.pending).toBe(0);
});

it('aborts the signal when the device is stopped, even where it is asked for later', async () => {
  const { runner, results, take } = start();
  const { promise, resolve } = Promise.withResolvers<void>();
  runner.handler = async (_command, context) => {
    await promise;
    context.signal.throwIfAborted();
  };
  take(command('c1'));
  runner.abort(new Error('stopped'));
  resolve();
  expect(await results.next()).toMatchObject({ failed: { reason: 'stopped' } });
});

it('says that a command runs, until it has ended', async () => {
  const { runner, results, take } = start();
  let late: (() => void) | undefined;
  runner.handler = async (_command, { progress }) => {
    progress();
    late = progress;
  };
  take(command('c1'));
  expect(await results.next()).toMatchObject({ outcome: 'running' });
  expect(await results.next()).toMatchObject({ outcome: 'succeeded' });
  late?.();
  expect(results.size).toBe(0);
});

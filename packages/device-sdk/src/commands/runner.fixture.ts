import type { common, OperationKind } from '@pushfleet/protocol';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { LinkCommand } from '../link.ts';
import { RecordingLink } from './recording-link.fixture.ts';
import { CommandRunner, type RunnerOptions } from './runner.ts';

/** A runner that is linked, and how a test gives it commands. */
export function start(options: Partial<RunnerOptions> = {}) {
  const clock = new ManualClock();
  const runner = new CommandRunner({ clock, maxRunning: 10, rememberCommands: 10, ...options });
  const link = new RecordingLink();
  runner.onLinkUp(link);
  const take = (
    id: string,
    operation: common.Operation | undefined = { forceSync: { reason: '' } },
    more: Partial<LinkCommand> = {},
  ) => {
    const kind = Object.keys(operation)[0] as OperationKind;
    const given = 'problem' in more ? undefined : { kind, ...operation };
    runner.onCommand({ id, operation: given, finishWithinMs: 5_000, durable: false, ...more }, () => undefined);
  };
  const reconnect = () => {
    runner.onLinkDown();
    const next = new RecordingLink();
    runner.onLinkUp(next);
    return next;
  };
  return { clock, runner, link, results: link.results, take, reconnect };
}

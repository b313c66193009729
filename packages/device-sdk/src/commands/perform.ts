import { type common, declaredName } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import { CommandCancelled, CommandRejected, type Handler } from './command.ts';
import { type Ending, stopped, succeeded } from './ending.ts';
import type { Handlers } from './handlers.ts';
import type { RunningCommand } from './running-command.ts';
import { readStatistics } from './statistics.ts';
import type { TaskTable } from './task-table.ts';

export interface Performers {
  handlers: Handlers;
  tasks: TaskTable;
  clock: Clock;
}

/** Performs the operation. Throws what the handler throws, and CommandRejected where there is none. */
export async function perform(
  operation: common.Operation,
  running: RunningCommand,
  { handlers, tasks, clock }: Performers,
): Promise<Ending> {
  const by = <Given>(given: Given, handler: Handler<Given> | undefined) => call(operation, given, handler, running);
  const { forceSync, runTask, stopTask, getStatistics, openTunnel, custom } = operation;
  if (forceSync) return by(forceSync, handlers.get('forceSync'));
  if (runTask) {
    if (handlers.get('runTask')) running.begun();
    return by(runTask, handlers.get('runTask'));
  }
  if (stopTask) return stop(stopTask.taskId, tasks, running);
  if (openTunnel) return by(openTunnel, handlers.get('openTunnel'));
  if (custom) return by(custom, handlers.getCustom(custom.name));
  const read = handlers.get('getStatistics');
  if (!getStatistics || read === undefined) throw unsupported(operation);
  return readStatistics(read, getStatistics, running, clock);
}

async function call<Given>(
  operation: common.Operation,
  given: Given,
  handler: Handler<Given> | undefined,
  running: RunningCommand,
): Promise<Ending> {
  if (handler === undefined) throw unsupported(operation);
  return succeeded((await handler(given, running)) ?? undefined);
}

async function stop(taskId: string, tasks: TaskTable, running: RunningCommand): Promise<Ending> {
  const reason = new CommandCancelled(`the task was stopped by command ${running.commandId}`);
  const found = await tasks.stop(taskId, reason, () => running.signal);
  if (found === 'unknown') throw new CommandRejected('no such task');
  return stopped(found === 'alreadyEnded');
}

function unsupported(operation: common.Operation): CommandRejected {
  return new CommandRejected(`unsupported: ${declaredName(operation)}`);
}

import { Command, InvalidArgumentError } from 'commander';
import { deliveryHelp } from '../push/delivery-options.ts';
import { outcomesHelp, withPushOptions } from '../push/push-options.ts';
import { type PushFlags, runPush } from '../push/run-push.ts';
import type { CommandContext } from './context.ts';

const taskExamples = `
Examples:
  $ pushfleet push task laptop-17 --task inventory --param depth=full
  $ pushfleet push task --group HQ --task update --param version=4.2 --ttl 12h --finish-within 1d`;

interface TaskFlags extends PushFlags {
  task: string;
  param?: Record<string, string>;
}

export function pushTaskCommand(context: CommandContext): Command {
  const command = new Command('task')
    .description('run a task on devices')
    .argument('[device...]', 'ids of devices')
    .requiredOption('--task <id>', 'the task, as the devices know it')
    .option('--param <key=value>', 'a parameter of the task; may be given several times', collectParam);
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${taskExamples}`)
    .action((ids: string[], { task, param = {}, ...flags }: TaskFlags) =>
      runPush(context, ids, flags, { runTask: { taskId: task, parameters: param } }),
    );
}

const stopExamples = `
SUCCEEDED: it has stopped, or had ended before, which is said; REJECTED: the device knows no such task.

Example:
  $ pushfleet push stop-task laptop-17 --task inventory`;

export function pushStopTaskCommand(context: CommandContext): Command {
  const command = new Command('stop-task')
    .description('stop a task on devices')
    .argument('[device...]', 'ids of devices')
    .requiredOption('--task <id>', 'the task, as the devices know it');
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${stopExamples}`)
    .action((ids: string[], { task, ...flags }: TaskFlags) =>
      runPush(context, ids, flags, { stopTask: { taskId: task } }),
    );
}

/** `depth=full`; the value may be empty and may hold further equals signs. @throws InvalidArgumentError */
function collectParam(text: string, params: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('A parameter is written key=value, e.g. depth=full.');
  const key = text.slice(0, at);
  if (Object.hasOwn(params, key)) throw new InvalidArgumentError(`The parameter ${key} is there twice.`);
  return { ...params, [key]: text.slice(at + 1) };
}

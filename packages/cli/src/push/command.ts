import { limits, PushfleetError } from '@pushfleet/protocol';
import { readBoundedFile } from '@pushfleet/runtime';
import { Command, InvalidArgumentError } from 'commander';
import { CommandFailure } from '../output/failure.ts';
import type { CommandContext } from '../stop.ts';
import { deliveryHelp, outcomesHelp, withPushOptions } from './options.ts';
import { type PushFlags, runPush } from './run-push.ts';
import { pushStatisticsCommand } from './statistics.ts';

const syncExamples = `
Examples:
  $ pushfleet push sync demo-01 demo-02
  $ pushfleet push sync --group "HQ/Floor 2" --wait delivered
  $ pushfleet push sync --group HQ --ttl 7d                 # devices that are away get it on their return, once
  $ pushfleet push sync --group HQ --label ring=early --rate 200 --abort-failed 10
  $ pushfleet push sync --group HQ --json | jq .outcomes`;

export function pushCommand(context: CommandContext): Command {
  const push = new Command('push').description('tell devices what to do');
  for (const create of [syncCommand, pushTaskCommand, pushStopTaskCommand, pushStatisticsCommand, pushCustomCommand]) {
    push.addCommand(create(context));
  }
  return push;
}

function syncCommand(context: CommandContext): Command {
  const command = new Command('sync')
    .description('force devices to synchronize with the Administration Server now')
    .argument('[device...]', 'ids of devices')
    .option('--reason <text>', 'why, for the log of the devices', 'pushfleet push sync');
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${syncExamples}`)
    .action((ids: string[], { reason, ...flags }: PushFlags & { reason: string }) =>
      runPush(context, ids, flags, { forceSync: { reason } }),
    );
}

const taskExamples = `
Examples:
  $ pushfleet push task laptop-17 --task inventory --param depth=full
  $ pushfleet push task --group HQ --task update --param version=4.2 --ttl 12h --finish-within 1d`;

interface TaskFlags extends PushFlags {
  task: string;
  param?: Record<string, string>;
}

function pushTaskCommand(context: CommandContext): Command {
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

function pushStopTaskCommand(context: CommandContext): Command {
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

const customExamples = `
Examples:
  $ pushfleet push custom laptop-17 lock-screen
  $ pushfleet push custom laptop-17 set-policy --payload-file policy.json
  $ pushfleet push custom --group HQ show-message --payload "The office closes at 18:00"`;

interface CustomFlags extends PushFlags, PayloadFlags {}

interface PayloadFlags {
  payload?: string;
  payloadFile?: string;
}

function pushCustomCommand(context: CommandContext): Command {
  const command = new Command('custom')
    .description('an operation that only the Administration Server and the devices understand')
    .usage('[options] [device...] <name>')
    .argument('<device-and-name...>', 'ids of devices, and last the name of the operation')
    .option('--payload <text>', 'what goes with it')
    .option('--payload-file <path>', 'the same from a file, up to 1 MiB');
  return withPushOptions(command)
    .addHelpText('after', `${outcomesHelp}${deliveryHelp}\n${customExamples}`)
    .action(async (words: string[], { payload, payloadFile, ...flags }: CustomFlags) => {
      const name = words.at(-1) ?? '';
      const custom = { name, payload: readPayload({ payload, payloadFile } as PayloadFlags) };
      await runPush(context, words.slice(0, -1), flags, { custom });
    });
}

function readPayload({ payload, payloadFile }: PayloadFlags): Buffer {
  if (payload !== undefined && payloadFile !== undefined) {
    throw new CommandFailure('--payload and --payload-file say the same: give one of them');
  }
  return payloadFile === undefined ? Buffer.from(payload ?? '') : readPayloadFile(payloadFile);
}

function readPayloadFile(path: string): Buffer {
  try {
    return readBoundedFile(path, limits.payloadBytes);
  } catch (cause) {
    if (cause instanceof PushfleetError) throw new CommandFailure(`--payload-file: ${cause.message}`, { cause });
    const problem = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no file' : 'cannot read';
    throw new CommandFailure(`--payload-file: ${problem} ${path}`, { cause });
  }
}

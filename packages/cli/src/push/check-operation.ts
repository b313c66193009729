import { type common, PushfleetError, parseOperation } from '@pushfleet/protocol';
import { CommandFailure } from '../output/failure.ts';

/** What the user wrote, by the field that it ends up in. */
const flags: readonly (readonly [field: string, flag: string])[] = [
  ['operation.force_sync.reason', '--reason'],
  ['operation.run_task.task_id', '--task'],
  ['operation.run_task.parameters', '--param'],
  ['operation.stop_task.task_id', '--task'],
  ['operation.get_statistics.application_id', '--application'],
  ['operation.get_statistics.counters', '--counter'],
  ['operation.get_statistics.interval', '--every'],
  ['operation.custom.name', 'the name of the operation'],
  ['operation.custom.payload', '--payload'],
];

/**
 * Refuses what every balancer would refuse, before anything is sent.
 * @throws CommandFailure that names the flag, and what would be right.
 */
export function checkOperation(operation: common.OperationInit): void {
  try {
    parseOperation(operation);
  } catch (error) {
    if (!(error instanceof PushfleetError)) throw error;
    const { message } = error;
    const [field, flag] = flags.find(([name]) => message.startsWith(name)) ?? ['', ''];
    throw new CommandFailure(field ? flag + message.slice(field.length) : message, { cause: error });
  }
}

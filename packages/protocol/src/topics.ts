import { type CommandId, type DeviceId, parseCommandId } from './ids.ts';

const root = 'pushfleet/devices';

/** Where a device finds one command. */
export function commandTopic(device: DeviceId, command: CommandId, operation: string): string {
  return `${root}/${device}/commands/${command}/${operation}`;
}

/** In place of an operation: the command is withdrawn. */
export const cancelName = 'cancel';

/** Where a device publishes what became of it. */
export function resultTopic(device: DeviceId, command: CommandId): string {
  return `${root}/${device}/results/${command}`;
}

/** What a device subscribes to. */
export function commandFilter(device: DeviceId): string {
  return `${root}/${device}/commands/#`;
}

/** True where the filter covers every command of the device and nothing of another device. */
export function coversCommands(filter: string, device: DeviceId): boolean {
  const own = `${root}/${device}`;
  return [`${own}/#`, `${own}/commands/#`, `${own}/commands/+/+`, `${own}/+/+/+`].includes(filter);
}

/** The command that a result topic of `device` names; `undefined`: not a result topic of this device. */
export function parseResultTopic(topic: string, device: DeviceId): CommandId | undefined {
  const prefix = `${root}/${device}/results/`;
  if (!topic.startsWith(prefix)) return undefined;
  try {
    return parseCommandId(topic.slice(prefix.length));
  } catch {
    return undefined;
  }
}

/** The command id and operation that a command topic of `device` names. */
export function parseCommandTopic(topic: string, device: DeviceId): { id: CommandId; operation: string } | undefined {
  const prefix = `${root}/${device}/commands/`;
  if (!topic.startsWith(prefix)) return undefined;
  const [id, operation, ...rest] = topic.slice(prefix.length).split('/');
  if (id === undefined || operation === undefined || rest.length > 0) return undefined;
  try {
    return { id: parseCommandId(id), operation };
  } catch {
    return undefined;
  }
}

import { type CommandId, type DeviceId, parseCommandId } from './ids.ts';

const root = 'pushfleet/devices';

/** The topic where a device finds one command. */
export function commandTopic(device: DeviceId, command: CommandId, operation: string): string {
  return `${root}/${device}/commands/${command}/${operation}`;
}

/** In place of an operation: the command is withdrawn. */
export const cancelName = 'cancel';

/** The topic where a device publishes the result of a command. */
export function resultTopic(device: DeviceId, command: CommandId): string {
  return `${root}/${device}/results/${command}`;
}

/** The topic filter that a device subscribes to. */
export function commandFilter(device: DeviceId): string {
  return `${root}/${device}/commands/#`;
}

/** Below the device's own level: what covers every command of the device and nothing of another device. */
const commandPatterns = ['commands/#', '#', 'commands/+/+', '+/+/+'];
export type CommandFilterIndex = number;

/** Which of the filters it is that cover every command of the device and nothing of another one; `undefined`: none. */
export function commandFilterIndex(filter: string, device: DeviceId): CommandFilterIndex | undefined {
  const own = `${root}/${device}/`;
  if (!filter.startsWith(own)) return undefined;
  const index = commandPatterns.indexOf(filter.slice(own.length));
  return index === -1 ? undefined : index;
}

/** True where the topic begins as the device's result topics do. */
export function isBelowResults(topic: string, device: DeviceId): boolean {
  return topic.startsWith(`${root}/${device}/results/`);
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

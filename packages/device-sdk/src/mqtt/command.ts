import {
  cancelName,
  type DeviceId,
  decodeCancel,
  decodeOperation,
  isDurable,
  type PayloadEncoding,
  parseCommandTopic,
  parseOperationName,
} from '@pushfleet/protocol';
import type { IPublishPacket } from 'mqtt-packet';
import type { LinkCommand } from '../link.ts';

/** `undefined`: not a command. */
export function parseCommand(
  { topic, payload, properties }: IPublishPacket,
  deviceId: DeviceId,
  encoding: PayloadEncoding,
): LinkCommand | undefined {
  const named = parseCommandTopic(topic, deviceId);
  if (named === undefined) return undefined;
  // The message expires when nobody waits for the result any more; MQTT 3.1.1 does not say it.
  const finishWithinMs = (properties?.messageExpiryInterval ?? 0) * 1_000;
  const durable = isDurable(named.id);
  return { id: named.id, finishWithinMs, durable, ...parseContent(named.operation, Buffer.from(payload), encoding) };
}

/** `undefined`: something else. A reason that cannot be read is none: the topic has said all that counts. */
export function parseCancel(
  { topic, payload }: IPublishPacket,
  deviceId: DeviceId,
  encoding: PayloadEncoding,
): { id: string; reason: string } | undefined {
  const named = parseCommandTopic(topic, deviceId);
  if (named?.operation !== cancelName) return undefined;
  return { id: named.id, reason: readReason(Buffer.from(payload), encoding) };
}

function readReason(payload: Buffer, encoding: PayloadEncoding): string {
  try {
    return decodeCancel(payload, encoding);
  } catch {
    return '';
  }
}

function parseContent(
  name: string,
  payload: Buffer,
  encoding: PayloadEncoding,
): Pick<LinkCommand, 'operation' | 'problem'> {
  const kind = parseOperationName(name);
  if (kind === undefined) return { operation: undefined, problem: `the device does not know the operation "${name}"` };
  try {
    return { operation: decodeOperation(kind, payload, encoding) };
  } catch (error) {
    return { operation: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}

import {
  cancelName,
  type DeviceId,
  decodeCancel,
  decodeOperation,
  isDurable,
  limits,
  operationsKey,
  type PayloadEncoding,
  parseCommandTopic,
  parseOperationName,
  payloadEncodingKey,
} from '@pushfleet/protocol';
import type { IConnectPacket, IPublishPacket } from 'mqtt-packet';
import type { LinkCommand, LinkSettings } from '../link.ts';

export function connectPacket(settings: LinkSettings, protocolVersion: 4 | 5, ticket: string): IConnectPacket {
  const { deviceId, keepAlive } = settings;
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clean: true,
    clientId: deviceId,
    username: deviceId,
    password: Buffer.from(ticket),
    keepalive: Math.min(Math.ceil(keepAlive.wishedMs / 1_000), 65_535),
    ...(protocolVersion === 5 ? { properties: connectProperties(settings) } : {}),
  };
}

function connectProperties({ payloadEncoding, operations }: LinkSettings): IConnectPacket['properties'] & object {
  const names = operations().join(',');
  const userProperties = {
    [payloadEncodingKey]: payloadEncoding,
    ...(names === '' ? {} : { [operationsKey]: names }),
  };
  return { maximumPacketSize: limits.frameBytes, userProperties };
}

/** The command of a PUBLISH; `undefined`: it is none. */
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

/** The cancel of a PUBLISH; `undefined`: it is none. A reason that cannot be read is left out: the topic has all that counts. */
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

import {
  CloseReason,
  type CommandId,
  cancelName,
  closeReasonKey,
  commandTopic,
  type common,
  contentType,
  type DeviceId,
  encodeCancel,
  encodeOperation,
  formatHostPort,
  limits,
  operationKind,
  operationNames,
  type PayloadEncoding,
  redirectNodeKey,
  resultTopic,
} from '@pushfleet/protocol';
import { generate, type IPublishPacket, type Packet } from 'mqtt-packet';
import type { PushedCommand } from '../../session/command.ts';
import type { Elsewhere } from '../../session/session.ts';

/** 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

export function encodePacket(packet: Packet, version: MqttVersion): Buffer {
  return generate(packet, { protocolVersion: version });
}

/** @param imposedKeepAliveS The keep-alive that the client must use instead of its own; MQTT 5 only. */
export function connack(version: MqttVersion, imposedKeepAliveS: number | undefined): Packet {
  if (version === 4) return { cmd: 'connack', returnCode: 0, sessionPresent: false };
  const properties = {
    maximumQoS: 1,
    retainAvailable: false,
    maximumPacketSize: limits.frameBytes,
    subscriptionIdentifiersAvailable: false,
    sharedSubscriptionAvailable: false,
    ...(imposedKeepAliveS === undefined ? {} : { serverKeepAlive: imposedKeepAliveS }),
  };
  return { cmd: 'connack', reasonCode: 0, sessionPresent: false, properties };
}

/** Refuses a CONNECT. */
export function connackRefused(version: MqttVersion, reason: CloseReason, elsewhere?: Elsewhere): Packet {
  if (version === 4) return { cmd: 'connack', returnCode: CloseReason[reason].mqtt3, sessionPresent: false };
  const properties = closeProperties(reason, elsewhere);
  return { cmd: 'connack', reasonCode: CloseReason[reason].mqtt, sessionPresent: false, properties };
}

/** Ends an open MQTT 5 link. MQTT 3.1.1 servers have no DISCONNECT to send. */
export function disconnect(reason: CloseReason, elsewhere?: Elsewhere): Packet {
  return { cmd: 'disconnect', reasonCode: CloseReason[reason].mqtt, properties: closeProperties(reason, elsewhere) };
}

function closeProperties(reason: CloseReason, elsewhere: Elsewhere | undefined) {
  const why = { reasonString: CloseReason[reason].text, userProperties: { [closeReasonKey]: reason } };
  if (!elsewhere) return why;
  return {
    ...why,
    userProperties: { ...why.userProperties, [redirectNodeKey]: elsewhere.nodeId },
    serverReference: formatHostPort(elsewhere.address, elsewhere.port),
  };
}

export interface CommandPacketTerms {
  version: MqttVersion;
  encoding: PayloadEncoding;
  qos: 0 | 1;
  messageId: number;
  now: number;
}

export function publishCommand(device: DeviceId, command: PushedCommand, terms: CommandPacketTerms): Packet {
  const { version, encoding, qos, messageId, now } = terms;
  const packet: IPublishPacket = {
    cmd: 'publish',
    topic: commandTopic(device, command.id, operationNames[operationKind(command.operation)]),
    payload: encodeOnce(command.operation, encoding),
    qos,
    messageId,
    // [MQTT-3.3.1-2] never with QoS 0.
    dup: command.redelivered && qos === 1,
    retain: false,
  };
  if (version === 5) {
    packet.properties = {
      responseTopic: resultTopic(device, command.id),
      correlationData: Buffer.from(command.id),
      messageExpiryInterval: Math.max(1, Math.ceil((command.finishBy - now) / 1_000)),
      contentType: contentType[encoding],
    };
  }
  return packet;
}

/** Of a command that went to the device before. */
export function publishCancel(
  device: DeviceId,
  command: CommandId,
  reason: string,
  terms: Omit<CommandPacketTerms, 'now'>,
): Packet {
  const { version, encoding, qos, messageId } = terms;
  const topic = commandTopic(device, command, cancelName);
  const payload = encodeCancel(reason, encoding);
  const packet: IPublishPacket = { cmd: 'publish', topic, payload, qos, messageId, dup: false, retain: false };
  if (version === 5) packet.properties = { contentType: contentType[encoding] };
  return packet;
}

/** Devices of one push get the same operation one after the other. */
const encoded: Partial<Record<PayloadEncoding, { operation: common.Operation; payload: Buffer }>> = {};

function encodeOnce(operation: common.Operation, encoding: PayloadEncoding): Buffer {
  const last = encoded[encoding];
  if (last?.operation === operation) return last.payload;
  const payload = encodeOperation(operation, encoding);
  encoded[encoding] = { operation, payload };
  return payload;
}

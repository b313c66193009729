import {
  type CommandId,
  cancelName,
  commandTopic,
  type common,
  contentType,
  encodeCancel,
  encodeOperation,
  operationKind,
  operationNames,
  type PayloadEncoding,
  resultTopic,
} from '@pushfleet/protocol';
import type { ToDevice } from '../../session/session.ts';
import { commandWindow, type MqttTerms } from './connect-terms.ts';
import { encodePublish, type ServerPublish } from './wire/server-packet.ts';

/** Encodes the packets on a device's command topics, and knows which of them the device has confirmed. */
export class CommandPublisher {
  #lastPacketId = 0;
  /** Packets on the wire that wait for a PUBACK, by packet identifier; `undefined`: it cancels a command. */
  #unconfirmed: Map<number, CommandId | undefined> | undefined;
  /** Number of those that cancel a command. */
  #cancels = 0;

  /** @param qos That of the device's subscription. @returns The packet; where it is too large for the device, its size. */
  publish({ device, command, nowMs }: Extract<ToDevice, { kind: 'command' }>, qos: 0 | 1, terms: MqttTerms) {
    const { encoding } = terms;
    return this.#encode(command.id, qos, terms, {
      topic: commandTopic(device, command.id, operationNames[operationKind(command.operation)]),
      payload: encodeOnce(command.operation, encoding),
      dup: command.redelivered,
      properties: {
        messageExpiry: Math.min(0xffff_ffff, Math.max(1, Math.ceil((command.finishByMs - nowMs) / 1_000))),
        contentType: contentType[encoding],
        responseTopic: resultTopic(device, command.id),
        correlationData: command.id,
      },
    });
  }

  /** Encodes a cancel, whose PUBACK confirms nothing. Without QoS 1 where it would take the place of a command in the client's window. */
  cancel({ device, command, reason }: Extract<ToDevice, { kind: 'cancel' }>, qos: 0 | 1, terms: MqttTerms) {
    const places = Math.min(terms.receiveMaximum, 2 * commandWindow) - commandWindow;
    return this.#encode(undefined, this.#cancels < places ? qos : 0, terms, {
      topic: commandTopic(device, command, cancelName),
      payload: encodeCancel(reason, terms.encoding),
      dup: false,
      properties: { contentType: contentType[terms.encoding] },
    });
  }

  /** The command that a PUBACK confirms. */
  confirm(packetId: number): CommandId | undefined {
    const command = this.#unconfirmed?.get(packetId);
    if (this.#unconfirmed?.delete(packetId) && command === undefined) this.#cancels -= 1;
    return command;
  }

  #encode(
    command: CommandId | undefined,
    qos: 0 | 1,
    { version, maxPacketBytes }: MqttTerms,
    content: Omit<ServerPublish, 'qos' | 'packetId'>,
  ): Buffer | number {
    const packetId = qos === 1 ? this.#nextPacketId() : 0;
    const packet = encodePublish(version, { ...content, qos, packetId });
    if (packet.length > maxPacketBytes) return packet.length;
    if (qos === 1) {
      this.#unconfirmed ??= new Map();
      this.#unconfirmed.set(packetId, command);
      if (command === undefined) this.#cancels += 1;
    }
    return packet;
  }

  /** 1 to 65,535, round and round, without those that are in use [MQTT-2.2.1-4]. Far fewer are than there are. */
  #nextPacketId(): number {
    do this.#lastPacketId = (this.#lastPacketId % 65_535) + 1;
    while (this.#unconfirmed?.has(this.#lastPacketId));
    return this.#lastPacketId;
  }
}

/**
 * Devices of one push get the same operation one after the other, and so do those of many pushes: most synchronizations have the same
 * reason. To encode one costs 2.5 µs.
 */
const encoded: Partial<Record<PayloadEncoding, { operation: common.Operation; payload: Buffer }>> = {};

function encodeOnce(operation: common.Operation, encoding: PayloadEncoding): Buffer {
  const last = encoded[encoding];
  if (last && isSame(last.operation, operation)) return last.payload;
  const payload = encodeOperation(operation, encoding);
  encoded[encoding] = { operation, payload };
  return payload;
}

/** `false` where it would take as long to find out as to encode it. */
function isSame(one: common.Operation, other: common.Operation): boolean {
  if (one === other) return true;
  return one.forceSync != null && one.forceSync.reason === other.forceSync?.reason;
}

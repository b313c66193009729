import type { CommandId, DeviceId } from '@pushfleet/protocol';
import type { Packet } from 'mqtt-packet';
import type { PushedCommand } from '../../session/command.ts';
import type { MqttHello } from './hello.ts';
import { publishCancel, publishCommand } from './packets.ts';

/** What goes to a device on its command topics, and what of it the device has confirmed. */
export class CommandPublisher {
  /** Of the device's subscription. */
  qos: 0 | 1 = 1;
  #lastMessageId = 0;
  /** Commands on the wire that wait for a PUBACK. */
  #unconfirmed: Map<number, CommandId> | undefined;

  publish(device: DeviceId, command: PushedCommand, now: number, { version, encoding }: MqttHello): Packet {
    const { qos } = this;
    const messageId = this.#nextMessageId();
    if (qos === 1) {
      this.#unconfirmed ??= new Map();
      this.#unconfirmed.set(messageId, command.id);
    }
    return publishCommand(device, command, { version, encoding, qos, messageId, now });
  }

  /** Its PUBACK confirms nothing. */
  publishCancel(device: DeviceId, command: CommandId, reason: string, hello: MqttHello): Packet {
    const { version, encoding, cancelQos } = hello;
    const qos = this.qos === 1 ? cancelQos : 0;
    return publishCancel(device, command, reason, { version, encoding, qos, messageId: this.#nextMessageId() });
  }

  /** The command that a PUBACK confirms. */
  confirm(messageId: number | undefined): CommandId | undefined {
    if (messageId === undefined) return undefined;
    const command = this.#unconfirmed?.get(messageId);
    this.#unconfirmed?.delete(messageId);
    return command;
  }

  /** 1 to 65,535, round and round. The session's window is far smaller, so that none is in use twice. */
  #nextMessageId(): number {
    this.#lastMessageId = (this.#lastMessageId % 65_535) + 1;
    return this.#lastMessageId;
  }
}

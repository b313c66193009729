import {
  cancelName,
  type DeviceId,
  isDurable,
  parseCommandTopic,
  parseResultTopic,
  type device as wire,
} from '@pushfleet/protocol';
import { type IPubackPacket, type IPublishPacket, type Packet, type Parser, parser } from 'mqtt-packet';

/** The least reason code that says no. */
const failure = 0x80;

/**
 * Reads both directions of an MQTT link, and says what the push server has said to the device as the other kind of link would have: the
 * rules know one kind of messages.
 */
export class MqttTranslator {
  readonly #device: DeviceId;
  readonly #out: Parser;
  readonly #in: Parser;
  readonly #onMessage: (message: wire.ConnectResponse) => void;
  /** Commands whose results were sent, by packet identifier. */
  readonly #results = new Map<number, string>();
  /** The last packet of each command that is to be confirmed. */
  readonly #unconfirmed = new Map<string, number>();

  /** @param onPacket Hears of each packet that comes, before it is translated. */
  constructor(
    device: DeviceId,
    protocolVersion: 4 | 5,
    onMessage: (message: wire.ConnectResponse) => void,
    onPacket: (packet: Packet) => void = () => {},
  ) {
    this.#device = device;
    this.#onMessage = onMessage;
    this.#out = parser({ protocolVersion });
    this.#in = parser({ protocolVersion });
    this.#out.on('packet', (packet) => this.#onSent(packet));
    this.#in.on('packet', (packet) => {
      onPacket(packet);
      this.#onCame(packet);
    });
  }

  take(direction: 'in' | 'out', bytes: Buffer): void {
    (direction === 'in' ? this.#in : this.#out).parse(bytes);
  }

  /** The identifier of the packet that brought the command last; `undefined`: it wants no confirmation. */
  packetOf(command: string): number | undefined {
    return this.#unconfirmed.get(command);
  }

  #onSent(packet: Packet): void {
    if (packet.cmd !== 'publish' || packet.messageId === undefined) return;
    const command = parseResultTopic(packet.topic, this.#device);
    if (command && isDurable(command)) this.#results.set(packet.messageId, command);
  }

  #onCame(packet: Packet): void {
    switch (packet.cmd) {
      case 'suback':
        return Number(packet.granted[0]) < failure ? this.#say({ welcome: {} }) : undefined;
      case 'publish':
        return this.#onPublish(packet);
      case 'puback':
        return this.#onPuback(packet);
      default:
    }
  }

  #onPublish({ topic, messageId }: IPublishPacket): void {
    const named = parseCommandTopic(topic, this.#device);
    if (!named || named.operation === cancelName) return;
    if (messageId !== undefined) this.#unconfirmed.set(named.id, messageId);
    this.#say({ command: { commandId: named.id } });
  }

  #onPuback({ messageId = 0, reasonCode = 0 }: IPubackPacket): void {
    const commandId = this.#results.get(messageId);
    this.#results.delete(messageId);
    if (commandId !== undefined && reasonCode < failure) this.#say({ resultReceived: { commandId } });
  }

  #say(message: object): void {
    this.#onMessage(message as wire.ConnectResponse);
  }
}

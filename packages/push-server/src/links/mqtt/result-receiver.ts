import {
  type CommandId,
  type DeviceId,
  decodeResult,
  isBelowResults,
  isDurable,
  limits,
  PushfleetError,
  parseResultTopic,
  type device as wire,
} from '@pushfleet/protocol';
import type { MqttTerms } from './connect-terms.ts';
import type { PublishPacket } from './wire/publish.ts';
import { connectionRules, type MqttVersion, Violation } from './wire/rule.ts';

/** The content of a PUBLISH: a result, or the reason why it is none. */
export type ReceivedMessage =
  /** `isOwed`: its PUBACK waits until the result is kept. */
  { kind: 'result'; result: wire.CommandResult; isOwed: boolean } | { kind: 'unreadable'; why: string };

/** Reads the results that a device publishes, and knows those whose PUBACK waits until the registry has them. */
export class ResultReceiver {
  /** By packet identifier. A device that says a result again gets a PUBACK for each. */
  #owed: Map<number, CommandId> | undefined;

  /** @throws Violation */
  receive(packet: PublishPacket, { version, encoding }: MqttTerms, device: DeviceId): ReceivedMessage {
    const command = parseResultTopic(packet.topic, device);
    if (!command)
      throw new Violation(connectionRules[isBelowResults(packet.topic, device) ? 'commandId' : 'ownResult'], version);
    let result: wire.CommandResult;
    try {
      // Bytes of a binary result would keep alive whatever was read with them.
      result = decodeResult(command, encoding === 'json' ? packet.payload : Buffer.from(packet.payload), encoding);
    } catch (error) {
      if (error instanceof PushfleetError) return { kind: 'unreadable', why: error.message };
      throw error;
    }
    const isOwed = isDurable(command) && result.outcome !== 'running' && packet.qos === 1;
    if (isOwed) this.#owe(command, packet.packetId, version);
    return { kind: 'result', result, isOwed };
  }

  /** The result is stored: returns the identifiers of the packets that carried it and are to be acknowledged now. */
  settle(command: CommandId): number[] {
    if (!this.#owed) return [];
    const settled = [...this.#owed].filter(([, owed]) => owed === command).map(([packetId]) => packetId);
    for (const packetId of settled) this.#owed.delete(packetId);
    return settled;
  }

  #owe(command: CommandId, packetId: number, version: MqttVersion): void {
    this.#owed ??= new Map();
    const known = this.#owed.get(packetId);
    // MQTT 3.1.1 clients may say the same packet again.
    if (known === command) return;
    if (known !== undefined) throw new Violation(connectionRules.packetIdUnused, version);
    if (this.#owed.size >= limits.unacknowledgedResults) throw new Violation(connectionRules.receiveMaximum, version);
    this.#owed.set(packetId, command);
  }
}

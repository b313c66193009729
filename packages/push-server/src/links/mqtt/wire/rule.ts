import { type CloseReason, limits } from '@pushfleet/protocol';

/** The protocol version of CONNECT: 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** A normative statement of the specifications, and what the link of a client ends with that breaks it. */
export interface Statement {
  /**
   * The place in each version: the number of the statement, or of the section where that has no number. A version that is
   * absent has no such statement.
   */
  clause: Partial<Record<MqttVersion, string>>;
  says: string;
  reason: CloseReason;
}

export interface Rule<Packet> extends Statement {
  broken(packet: Packet): boolean;
}

/** A packet that breaks a rule. Its message is fit for the client: what the rule says, and where it stands. */
export class Violation extends Error {
  readonly reason: CloseReason;

  constructor({ clause, says, reason }: Statement, version: MqttVersion) {
    super(`${says} [${clause[version]}]`);
    this.reason = reason;
  }
}

/** Throws the first Violation among the rules of the packet's version. */
export type Check<Packet> = (packet: Packet, version: MqttVersion) => void;

export function createCheck<Packet>(rules: readonly Rule<Packet>[]): Check<Packet> {
  const rulesOf = {
    4: rules.filter(({ clause }) => clause[4] !== undefined),
    5: rules.filter(({ clause }) => clause[5] !== undefined),
  };
  return (packet, version) => {
    for (const rule of rulesOf[version]) if (rule.broken(packet)) throw new Violation(rule, version);
  };
}

/** The rules of a connection as a whole; those of a single packet stand in the file of its type. */
export const connectionRules = {
  connectFirst: {
    clause: { 5: 'MQTT-3.1.0-1', 4: 'MQTT-3.1.0-1' },
    says: 'the first packet must be CONNECT',
    reason: 'protocolError',
  },
  connectOnce: {
    clause: { 5: 'MQTT-3.1.0-2', 4: 'MQTT-3.1.0-2' },
    says: 'CONNECT must be sent once',
    reason: 'protocolError',
  },
  protocolName: {
    clause: { 5: 'MQTT-3.1.2-1', 4: 'MQTT-3.1.2-1' },
    says: 'the protocol name must be MQTT',
    reason: 'malformed',
  },
  protocolLevel: {
    clause: { 5: 'MQTT-3.1.2-2', 4: 'MQTT-3.1.2-2' },
    says: 'the protocol version must be 5, or 4 for MQTT 3.1.1',
    reason: 'unsupportedProtocolVersion',
  },
  greetingSize: {
    clause: { 5: 'MQTT-3.1.4-1', 4: 'MQTT-3.1.4-1' },
    says: `CONNECT must have at most ${limits.greetingBytes} bytes`,
    reason: 'frameTooLarge',
  },
  packetSize: {
    clause: { 5: 'MQTT-3.2.2-15', 4: '4.8' },
    says: `a packet must have at most ${limits.frameBytes} bytes`,
    reason: 'frameTooLarge',
  },
  ownResult: {
    clause: { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
    says: 'the topic must be pushfleet/devices/{id}/results/{commandId}',
    reason: 'topicNotAllowed',
  },
  commandId: {
    clause: { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
    says: 'behind results/ there must be the id of a command',
    reason: 'topicInvalid',
  },
  packetIdUnused: {
    clause: { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-2' },
    says: 'the packet identifier must not be in use',
    reason: 'protocolError',
  },
  receiveMaximum: {
    clause: { 5: 'MQTT-3.3.4-7', 4: '4.8' },
    says: `at most ${limits.unacknowledgedResults} PUBLISHes may wait for PUBACK`,
    reason: 'receiveMaximumExceeded',
  },
} as const satisfies Record<string, Statement>;

import type { CloseReason } from '@pushfleet/protocol';

/** As CONNECT says it: 4 is MQTT 3.1.1. */
export type MqttVersion = 4 | 5;

/** A normative statement of the specifications, and what the link of a client ends with that breaks it. */
export interface Statement {
  /**
   * Where each version says it: the number of the statement, or of the section where that has no number. A version that
   * is not here does not say it.
   */
  clause: Partial<Record<MqttVersion, string>>;
  says: string;
  reason: CloseReason;
}

export interface Rule<Packet> extends Statement {
  broken(packet: Packet): boolean;
}

/** A packet that breaks a rule. Its message is fit for the client: what the rule says, and where it stands. */
export class Breach extends Error {
  readonly reason: CloseReason;

  constructor({ clause, says, reason }: Statement, version: MqttVersion) {
    super(`${says} [${clause[version]}]`);
    this.reason = reason;
  }
}

/** Throws the first Breach among the rules of the packet's version. */
export type Check<Packet> = (packet: Packet, version: MqttVersion) => void;

export function createCheck<Packet>(rules: readonly Rule<Packet>[]): Check<Packet> {
  const rulesOf = {
    4: rules.filter(({ clause }) => clause[4] !== undefined),
    5: rules.filter(({ clause }) => clause[5] !== undefined),
  };
  return (packet, version) => {
    for (const rule of rulesOf[version]) if (rule.broken(packet)) throw new Breach(rule, version);
  };
}

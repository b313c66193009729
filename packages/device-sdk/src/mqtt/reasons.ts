import {
  type CloseReason,
  closeReasonKey,
  CloseReason as closeReasons,
  connackCode,
  parseCloseReason,
  parseHostPort,
  redirectNodeKey,
} from '@pushfleet/protocol';
import type { IConnackPacket, IDisconnectPacket, UserProperties } from 'mqtt-packet';
import { type LinkEnd, linkEnd } from '../link.ts';

/**
 * The meaning of an MQTT 3.1.1 CONNACK return code. Several close reasons share one code and 3.1.1 says no more: of those
 * that can answer a CONNECT this takes the one that sends the device to a balancer, which knows better.
 */
const returnCodes: Readonly<Record<number, CloseReason>> = {
  1: 'unsupportedProtocolVersion',
  2: 'ticketForAnotherDevice',
  3: 'serverShuttingDown',
  4: 'ticketInvalid',
  5: 'ticketExpired',
};

/** Why the push server refused the CONNECT. */
export function connackEnd({ returnCode, reasonCode, properties }: IConnackPacket): LinkEnd {
  if (reasonCode === undefined) {
    const reason = returnCodes[returnCode ?? 0] ?? 'linkLost';
    return linkEnd(reason, `CONNACK return code ${returnCode}`);
  }
  return mqtt5End(reasonCode, connackCode, properties);
}

/** Why the push server ended an MQTT 5 link. */
export function disconnectEnd({ reasonCode, properties }: IDisconnectPacket): LinkEnd {
  return mqtt5End(reasonCode ?? 0, (reason) => closeReasons[reason].mqtt, properties);
}

/** After the CONNACK 3.1.1 has no words: whatever ended the link, a balancer knows where the device belongs now. */
export function silentMqtt3End(detail: string): LinkEnd {
  return { ...linkEnd('linkLost', detail), retry: 'reassign' };
}

interface EndProperties {
  userProperties?: UserProperties;
  serverReference?: string;
  reasonString?: string;
}

function mqtt5End(code: number, codeOf: (reason: CloseReason) => number, properties: EndProperties = {}): LinkEnd {
  const { userProperties, serverReference, reasonString } = properties;
  const reason = parseCloseReason(firstOf(userProperties, closeReasonKey)) ?? reasonOfCode(code, codeOf);
  // [MQTT 5, 4.11]: references are separated by spaces.
  const place = parseHostPort(serverReference?.split(' ')[0] ?? '');
  const nodeId = firstOf(userProperties, redirectNodeKey);
  const redirect = place && (nodeId === undefined ? place : { ...place, nodeId });
  return linkEnd(reason, reasonString ?? `MQTT reason code 0x${code.toString(16).padStart(2, '0')}`, redirect);
}

/** MQTT 5 allows a user property any number of times. */
function firstOf(properties: UserProperties | undefined, key: string): string | undefined {
  const value = properties?.[key];
  return Array.isArray(value) ? value[0] : value;
}

/** A server that names no close reason: the first row with its code. A goodbye is the device's to say. */
function reasonOfCode(code: number, codeOf: (reason: CloseReason) => number): CloseReason {
  const names = Object.keys(closeReasons) as CloseReason[];
  return names.find((name) => name !== 'goodbye' && codeOf(name) === code) ?? 'linkLost';
}

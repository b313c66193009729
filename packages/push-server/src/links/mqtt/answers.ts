import { CloseReason, closeReasonKey, connackCode, formatHostPort, limits, redirectNodeKey } from '@pushfleet/protocol';
import type { Elsewhere } from '../../session/session.ts';
import type { KeepAlive, MqttTerms } from './hello.ts';
import type { Properties } from './wire/properties.ts';
import type { MqttVersion } from './wire/rule.ts';
import { encodeConnack, encodeDisconnect } from './wire/server-packet.ts';

/** @param clientId What an MQTT 5 client is called that has not given itself a name. @returns `undefined`: it does not fit. */
export function acceptConnect(
  { version, keepsSession }: MqttTerms,
  { wantedS, grantedS }: KeepAlive,
  clientId: string | undefined,
  maxBytes: number,
): Buffer | undefined {
  const packet = encodeConnack(version, 0, {
    // [MQTT-3.2.2] said only where it is not what the client asked for: nothing is kept.
    ...(keepsSession ? { sessionExpiry: 0 } : {}),
    receiveMaximum: limits.unacknowledgedResults,
    maximumQos: 1,
    retainAvailable: 0,
    maximumPacketSize: limits.frameBytes,
    ...(clientId === undefined ? {} : { assignedClientIdentifier: clientId }),
    subscriptionIdentifiersAvailable: 0,
    sharedSubscriptionAvailable: 0,
    ...(grantedS === wantedS ? {} : { serverKeepAlive: grantedS }),
  });
  return packet.length <= maxBytes ? packet : undefined;
}

/** Why a link ends, and what more there is to say of it. */
export interface Farewell {
  reason: CloseReason;
  /** Which rule was broken; in words. */
  detail?: string | undefined;
  elsewhere?: Elsewhere | undefined;
}

/** Refuses a CONNECT. `undefined`: without a word. */
export function refuseConnect(version: MqttVersion, farewell: Farewell, maxBytes: number): Buffer | undefined {
  const { mqtt3 } = CloseReason[farewell.reason];
  if (version === 4) return mqtt3 === null ? undefined : encodeConnack(version, mqtt3);
  const code = connackCode(farewell.reason);
  return firstThatFits(farewell, maxBytes, (properties) => encodeConnack(version, code, properties));
}

/** Ends an open link. `undefined`: without a word; MQTT 3.1.1 servers have no DISCONNECT to send. */
export function endLink(version: MqttVersion, farewell: Farewell, maxBytes: number): Buffer | undefined {
  if (version === 4) return undefined;
  const code = CloseReason[farewell.reason].mqtt;
  return firstThatFits(farewell, maxBytes, (properties) => encodeDisconnect(code, properties));
}

/** [MQTT-3.2.2-19], [MQTT-3.14.2-3]: what makes the packet larger than the client takes is left out, words first. */
function firstThatFits(farewell: Farewell, maxBytes: number, encode: (properties: Properties) => Buffer) {
  const { reason, detail, elsewhere } = farewell;
  const where = elsewhere ? { serverReference: formatHostPort(elsewhere.address, elsewhere.port) } : {};
  const node: [string, string][] = elsewhere ? [[redirectNodeKey, elsewhere.nodeId]] : [];
  const named = { ...where, userProperties: [[closeReasonKey, reason] as const, ...node] };
  const { text } = CloseReason[reason];
  const worded = { ...named, reasonString: detail === undefined ? text : `${text}: ${detail}` };
  for (const properties of [worded, named, where, {}]) {
    const packet = encode(properties);
    if (packet.length <= maxBytes) return packet;
  }
  return undefined;
}

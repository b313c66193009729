import { CloseReason, closeReasonKey, connackCode, formatHostPort, limits, redirectNodeKey } from '@pushfleet/protocol';
import type { RedirectTarget } from '../../session/session.ts';
import type { MqttKeepAlive } from '../keep-alive.ts';
import type { MqttTerms } from './connect-terms.ts';
import type { Properties } from './wire/properties.ts';
import type { MqttVersion } from './wire/rule.ts';
import { encodeConnack, encodeDisconnect } from './wire/server-packet.ts';

/** @param clientId Id for an MQTT 5 client that has not given itself one. @returns The CONNACK; `undefined`: it does not fit. */
export function encodeAccept(
  { version, keepsSession }: MqttTerms,
  { serverKeepAliveS }: MqttKeepAlive,
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
    ...(serverKeepAliveS === undefined ? {} : { serverKeepAlive: serverKeepAliveS }),
  });
  return packet.length <= maxBytes ? packet : undefined;
}

/** The reason of a link's end, and its details. */
export interface LinkEnd {
  reason: CloseReason;
  /** The rule that was broken, as text. */
  detail?: string | undefined;
  target?: RedirectTarget | undefined;
}

/** The CONNACK that refuses a CONNECT; `undefined`: none is sent. */
export function encodeRefusal(version: MqttVersion, linkEnd: LinkEnd, maxBytes: number): Buffer | undefined {
  const { mqtt3 } = CloseReason[linkEnd.reason];
  if (version === 4) return mqtt3 === null ? undefined : encodeConnack(version, mqtt3);
  const code = connackCode(linkEnd.reason);
  return firstThatFits(linkEnd, maxBytes, (properties) => encodeConnack(version, code, properties));
}

/** The DISCONNECT that ends an open link; `undefined`: none is sent, as in MQTT 3.1.1, whose servers have none. */
export function encodeLinkEnd(version: MqttVersion, linkEnd: LinkEnd, maxBytes: number): Buffer | undefined {
  if (version === 4) return undefined;
  const code = CloseReason[linkEnd.reason].mqtt;
  return firstThatFits(linkEnd, maxBytes, (properties) => encodeDisconnect(code, properties));
}

/** [MQTT-3.2.2-19], [MQTT-3.14.2-3]: what makes the packet larger than the client takes is left out, texts first. */
function firstThatFits(linkEnd: LinkEnd, maxBytes: number, encode: (properties: Properties) => Buffer) {
  const { reason, detail, target } = linkEnd;
  const where = target ? { serverReference: formatHostPort(target.address, target.port) } : {};
  const node: [string, string][] = target ? [[redirectNodeKey, target.nodeId]] : [];
  const named = { ...where, userProperties: [[closeReasonKey, reason] as const, ...node] };
  const { text } = CloseReason[reason];
  const worded = { ...named, reasonString: detail === undefined ? text : `${text}: ${detail}` };
  for (const properties of [worded, named, where, {}]) {
    const packet = encode(properties);
    if (packet.length <= maxBytes) return packet;
  }
  return undefined;
}

import {
  type Capabilities,
  operationsKey,
  type PayloadEncoding,
  payloadEncodingKey,
  readCapabilities,
} from '@pushfleet/protocol';
import type { DeviceInput } from '../../session/on-device.ts';
import type { WireTerms } from './wire/client-packet.ts';
import type { ConnectPacket } from './wire/connect.ts';
import type { MqttVersion } from './wire/rule.ts';

/** The properties that a CONNECT sets for its connection. */
export interface MqttTerms extends WireTerms {
  encoding: PayloadEncoding;
  /** No larger packet is sent. */
  maxPacketBytes: number;
  /** No more QoS 1 packets wait for a PUBACK. */
  receiveMaximum: number;
  /** Reason strings are wanted also where nothing ends. */
  wantsProblems: boolean;
}

/** The keep-alive of a connection; where the two differ, the CONNACK names the granted one. */
export interface KeepAlive {
  /** 0: none. */
  wantedS: number;
  grantedS: number;
}

/** The most unconfirmed commands that a device gets at once, also where it sets no limit. */
export const commandWindow = 32;

export function readTerms({ properties }: ConnectPacket, version: MqttVersion): MqttTerms {
  return {
    version,
    keepsSession: (properties.sessionExpiry ?? 0) > 0,
    encoding: declared(properties, payloadEncodingKey)[0] === 'protobuf' ? 'protobuf' : 'json',
    maxPacketBytes: properties.maximumPacketSize ?? Number.POSITIVE_INFINITY,
    receiveMaximum: properties.receiveMaximum ?? 65_535,
    wantsProblems: properties.requestProblemInformation !== 0,
  };
}

/** [MQTT-3.2.2-21] an MQTT 5 client uses what the server says; MQTT 3.1.1 has no word for it. */
export function readKeepAlive({ keepAliveS }: ConnectPacket, version: MqttVersion, limitMs: number): KeepAlive {
  const limitS = Math.ceil(limitMs / 1_000);
  const isTooLong = keepAliveS === 0 || keepAliveS > limitS;
  return { wantedS: keepAliveS, grantedS: version === 5 && isTooLong ? limitS : keepAliveS };
}

export function readHello(
  { password, userName, properties }: ConnectPacket,
  { receiveMaximum }: MqttTerms,
  keepAlive: KeepAlive,
): Extract<DeviceInput, { kind: 'hello' }> {
  const { grantedS } = keepAlive;
  return {
    kind: 'hello',
    ticket: password?.toString() ?? '',
    claimedDevice: userName || undefined,
    attach: false,
    terms: {
      link: 'mqtt',
      // [MQTT-3.1.2-22] one and a half times the keep-alive. MQTT 3.1.1 clients may switch it off: then TCP's own
      // keep-alive finds dead peers.
      silenceLimitMs: grantedS === 0 ? Number.POSITIVE_INFINITY : grantedS * 1_500,
      window: Math.min(receiveMaximum, commandWindow),
      confirms: true,
      // [MQTT-3.3.4-9] what the client's Receive Maximum bounds is packets without a PUBACK.
      countsPackets: true,
      capabilities: declaredCapabilities(properties),
    },
  };
}

function declaredCapabilities(properties: ConnectPacket['properties']): Capabilities {
  return readCapabilities(declared(properties, operationsKey));
}

/** All values of the user property, in their order. */
function declared({ userProperties = [] }: ConnectPacket['properties'], key: string): string[] {
  return userProperties.filter(([name]) => name === key).map(([, value]) => value);
}

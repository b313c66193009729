import {
  type Capabilities,
  operationsKey,
  type PayloadEncoding,
  payloadEncodingKey,
  readCapabilities,
} from '@pushfleet/protocol';
import type { DeviceInput } from '../../session/on-device.ts';
import type { MqttKeepAlive } from '../keep-alive.ts';
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

export function readHello(
  { password, userName, properties }: ConnectPacket,
  { receiveMaximum }: MqttTerms,
  { silenceLimitMs }: MqttKeepAlive,
): Extract<DeviceInput, { kind: 'hello' }> {
  return {
    kind: 'hello',
    ticket: password?.toString() ?? '',
    claimedDevice: userName || undefined,
    attach: false,
    terms: {
      link: 'mqtt',
      silenceLimitMs,
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

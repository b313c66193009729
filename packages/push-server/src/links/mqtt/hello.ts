import {
  type Capabilities,
  operationsKey,
  type PayloadEncoding,
  payloadEncodingKey,
  readCapabilities,
} from '@pushfleet/protocol';
import type { IConnectPacket } from 'mqtt-packet';
import type { DeviceSaid } from '../../session/on-device.ts';
import type { MqttVersion } from './packets.ts';

/** What a CONNECT asks for, in our words. */
export interface MqttHello {
  version: MqttVersion;
  encoding: PayloadEncoding;
  /** MQTT 5: what the CONNACK tells the client to use instead of its own keep-alive. */
  imposedKeepAliveS: number | undefined;
  /** Withdrawals are confirmed, too; a client that takes few packets at once gets them without. */
  cancelQos: 0 | 1;
  said: Extract<DeviceSaid, { kind: 'hello' }>;
}

/** How many unconfirmed commands a device gets at once when it does not say; and at most. */
const window = 32;

export function readConnect(packet: IConnectPacket, keepAliveMs: number): MqttHello | 'unsupportedProtocolVersion' {
  if (packet.protocolVersion !== 4 && packet.protocolVersion !== 5) return 'unsupportedProtocolVersion';
  const version = packet.protocolVersion;
  const wantedS = packet.keepalive ?? 0;
  const limitS = Math.ceil(keepAliveMs / 1_000);
  const imposedKeepAliveS = version === 5 && (wantedS === 0 || wantedS > limitS) ? limitS : undefined;
  const keepAliveS = imposedKeepAliveS ?? wantedS;
  return {
    version,
    encoding: declaredEncoding(packet),
    imposedKeepAliveS,
    cancelQos: (packet.properties?.receiveMaximum ?? Number.POSITIVE_INFINITY) < 2 * window ? 0 : 1,
    said: {
      kind: 'hello',
      ticket: packet.password?.toString() ?? '',
      claimedDevice: packet.username || undefined,
      attach: false,
      terms: {
        link: 'mqtt',
        // [MQTT-3.1.2-22] one and a half times the keep-alive. MQTT 3.1.1 clients may switch it off: then TCP's own
        // keep-alive finds dead peers.
        silenceLimitMs: keepAliveS === 0 ? Number.POSITIVE_INFINITY : keepAliveS * 1_500,
        window: Math.min(packet.properties?.receiveMaximum ?? window, window),
        confirms: true,
        // [MQTT-3.3.4-9] what the client's Receive Maximum bounds is packets without a PUBACK.
        countsPackets: true,
        capabilities: declaredCapabilities(packet),
      },
    },
  };
}

function declaredEncoding(packet: IConnectPacket): PayloadEncoding {
  return packet.properties?.userProperties?.[payloadEncodingKey] === 'protobuf' ? 'protobuf' : 'json';
}

function declaredCapabilities(packet: IConnectPacket): Capabilities {
  const declared = packet.properties?.userProperties?.[operationsKey];
  return declared === undefined ? undefined : readCapabilities([declared].flat());
}

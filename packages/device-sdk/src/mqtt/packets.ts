import { limits, type PayloadEncoding, payloadEncodingKey } from '@pushfleet/protocol';
import type { IConnectPacket } from 'mqtt-packet';
import type { LinkSettings } from '../link-settings.ts';

export function connectPacket(
  { deviceId, keepAliveMs, payloadEncoding }: LinkSettings,
  protocolVersion: 4 | 5,
  ticket: string,
): IConnectPacket {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clean: true,
    clientId: deviceId,
    username: deviceId,
    password: Buffer.from(ticket),
    keepalive: Math.min(Math.ceil(keepAliveMs / 1_000), 65_535),
    ...(protocolVersion === 5 ? { properties: connectProperties(payloadEncoding) } : {}),
  };
}

function connectProperties(payloadEncoding: PayloadEncoding): NonNullable<IConnectPacket['properties']> {
  return { maximumPacketSize: limits.frameBytes, userProperties: { [payloadEncodingKey]: payloadEncoding } };
}

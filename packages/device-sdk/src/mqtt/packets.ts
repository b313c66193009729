import { limits, operationsKey, payloadEncodingKey } from '@pushfleet/protocol';
import type { IConnectPacket } from 'mqtt-packet';
import type { LinkSettings } from '../link-settings.ts';

export function connectPacket(settings: LinkSettings, protocolVersion: 4 | 5, ticket: string): IConnectPacket {
  const { deviceId, keepAliveMs } = settings;
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion,
    clean: true,
    clientId: deviceId,
    username: deviceId,
    password: Buffer.from(ticket),
    keepalive: Math.min(Math.ceil(keepAliveMs / 1_000), 65_535),
    ...(protocolVersion === 5 ? { properties: connectProperties(settings) } : {}),
  };
}

function connectProperties({ payloadEncoding, operations }: LinkSettings): IConnectPacket['properties'] & object {
  const names = operations().join(',');
  const userProperties = {
    [payloadEncodingKey]: payloadEncoding,
    ...(names === '' ? {} : { [operationsKey]: names }),
  };
  return { maximumPacketSize: limits.frameBytes, userProperties };
}

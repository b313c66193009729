import type { ByteReader } from './byte-reader.ts';
import { type Properties, readProperties } from './properties.ts';
import { pubackCodes } from './reason-code.ts';
import { createCheck } from './rule.ts';

export interface PubackPacket {
  kind: 'puback';
  packetId: number;
  /** 0 with MQTT 3.1.1. */
  code: number;
  properties: Properties;
}

const check = createCheck<PubackPacket & { left: number }>([
  {
    clause: { 5: '3.4.3', 4: '3.4.3' },
    says: 'PUBACK must have no payload',
    reason: 'malformed',
    broken: ({ left }) => left > 0,
  },
  {
    clause: { 5: 'MQTT-2.2.1-5', 4: 'MQTT-2.3.1-6' },
    says: 'the packet identifier must be that of a PUBLISH',
    reason: 'protocolError',
    broken: ({ packetId }) => packetId === 0,
  },
  {
    clause: { 5: 'MQTT-3.4.2-1' },
    says: 'the reason code must be one of PUBACK',
    reason: 'malformed',
    broken: ({ code }) => pubackCodes[code] === undefined,
  },
]);

/** @throws Violation */
export function readPuback(reader: ByteReader): PubackPacket {
  const { version } = reader;
  const packetId = reader.uint16();
  const code = version === 5 && reader.left > 0 ? reader.byte() : 0;
  const properties = version === 5 && reader.left > 0 ? readProperties(reader, 'puback') : {};
  const packet: PubackPacket = { kind: 'puback', packetId, code, properties };
  check({ ...packet, left: reader.left }, version);
  return packet;
}

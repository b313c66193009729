import type { ByteReader } from './byte-reader.ts';
import { type Properties, readProperties } from './properties.ts';
import { createCheck } from './rule.ts';

export interface DisconnectPacket {
  kind: 'disconnect';
  /** 0 with MQTT 3.1.1. */
  code: number;
  properties: Properties;
}

/** Table 3-10 of MQTT 5: those that a client may send. */
const clientCodes = new Set([...[0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99]]);
const serverCodes = new Set([
  ...[0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2],
]);

interface Judged extends DisconnectPacket {
  left: number;
  /** The CONNECT asked for a session that outlives the connection. */
  keepsSession: boolean;
}

const check = createCheck<Judged>([
  {
    clause: { 5: '3.14.3', 4: '3.14' },
    says: 'DISCONNECT must have no payload',
    reason: 'malformed',
    broken: ({ left }) => left > 0,
  },
  {
    clause: { 5: 'MQTT-3.14.2-1' },
    says: 'the reason code must be one of DISCONNECT',
    reason: 'malformed',
    broken: ({ code }) => !clientCodes.has(code) && !serverCodes.has(code),
  },
  {
    clause: { 5: '3.14.2.1' },
    says: 'this reason code is for servers to send',
    reason: 'protocolError',
    broken: ({ code }) => !clientCodes.has(code),
  },
  {
    clause: { 5: '3.14.2.2.5' },
    says: 'Server Reference is for servers to send',
    reason: 'protocolError',
    broken: ({ properties }) => properties.serverReference !== undefined,
  },
  {
    clause: { 5: '3.14.2.2.2' },
    says: 'Session Expiry must stay 0 where it was 0 in CONNECT',
    reason: 'protocolError',
    broken: ({ properties, keepsSession }) => !keepsSession && (properties.sessionExpiry ?? 0) > 0,
  },
]);

/** @throws Violation */
export function readDisconnect(reader: ByteReader, keepsSession: boolean): DisconnectPacket {
  const { version } = reader;
  const code = version === 5 && reader.left > 0 ? reader.byte() : 0;
  const properties = version === 5 && reader.left > 0 ? readProperties(reader, 'disconnect') : {};
  const packet: DisconnectPacket = { kind: 'disconnect', code, properties };
  check({ ...packet, left: reader.left, keepsSession }, version);
  return packet;
}

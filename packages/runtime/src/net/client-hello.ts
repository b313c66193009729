/** The first bytes of a connection, as far as they can be told before a handshake. */
export type Hello =
  /** More of it has yet to come. */
  | { kind: 'incomplete' }
  /** No TLS, or a hello that offers no session: the handshake will tell. */
  | { kind: 'stranger' }
  /** A TLS session is offered, in a ticket that was sealed with the key of this name. */
  | { kind: 'ticket'; keyName: string };

/** A longer hello is no longer looked at: its client is a stranger. Browsers' are 1.8 KB, with post-quantum keys. */
export const helloBytes = 8_192;
/** Length of the name with which a ticket begins (RFC 5077, 4; OpenSSL does the same in TLS 1.3). */
export const keyNameBytes = 16;

const stranger: Hello = { kind: 'stranger' };
const incomplete: Hello = { kind: 'incomplete' };

const recordHeaderBytes = 5;
const handshakeRecord = 0x16;
const clientHello = 0x01;
const extensions = { sessionTicket: 35, preSharedKey: 41 } as const;

/**
 * Reads the name of the key of the ticket that a TLS ClientHello (RFC 8446, 4.1.2) offers first. Never throws: whatever is not
 * well-formed is a stranger. It is a hint to whom to serve first, and proves nothing.
 */
export function readHello(bytes: Buffer): Hello {
  if (bytes.length === 0) return incomplete;
  if (bytes[0] !== handshakeRecord) return stranger;
  if (bytes.length < recordHeaderBytes) return incomplete;
  const recordEnd = recordHeaderBytes + bytes.readUInt16BE(3);
  if (recordEnd > helloBytes) return stranger;
  if (bytes.length < recordEnd) return incomplete;
  const keyName = readKeyName(bytes.subarray(recordHeaderBytes, recordEnd));
  return keyName === undefined ? stranger : { kind: 'ticket', keyName };
}

function readKeyName(message: Buffer): string | undefined {
  // Type, length of the message, version, random.
  if (message[0] !== clientHello) return undefined;
  let at = 1 + 3 + 2 + 32;
  at = skip(message, at, 1); // legacy_session_id
  at = skip(message, at, 2); // cipher_suites
  at = skip(message, at, 1); // legacy_compression_methods
  at += 2; // length of all extensions
  let found: string | undefined;
  while (at + 4 <= message.length) {
    const type = message.readUInt16BE(at);
    const end = skip(message, at + 2, 2);
    if (end > message.length) return undefined;
    const data = message.subarray(at + 4, end);
    if (type === extensions.sessionTicket) found ??= nameIn(data, 0);
    // Identities have a length in all and each one of its own. The first one is what servers take.
    if (type === extensions.preSharedKey) return nameIn(data, 4) ?? found;
    at = end;
  }
  return found;
}

/** The place after a field that begins with its length; past the end where there is none. */
function skip(message: Buffer, at: number, lengthBytes: 1 | 2): number {
  if (at + lengthBytes > message.length) return message.length + 1;
  return at + lengthBytes + message.readUIntBE(at, lengthBytes);
}

function nameIn(data: Buffer, at: number): string | undefined {
  return data.length < at + keyNameBytes ? undefined : data.toString('latin1', at, at + keyNameBytes);
}

/** The client that a proxy speaks for. */
export interface ProxiedClient {
  address: string;
  port: number;
}

/** The first bytes of a connection from a proxy. */
export type ProxyHeader =
  /** More of it has yet to come. */
  | { kind: 'incomplete' }
  /** No header of this version, or a broken one. */
  | { kind: 'invalid' }
  /** `client`: absent where the proxy speaks for itself, as in health checks, or for a client without an address. */
  | { kind: 'header'; bytes: number; client?: ProxiedClient };

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const fixedBytes = 16;
/** A longer header is refused. Addresses take 216 bytes at most; what a proxy adds for others to read is some hundred. */
const mostBytes = 2_048;
const version2 = 0x20;
const commands = { local: 0, proxy: 1 } as const;
const families = { tcp4: 0x11, tcp6: 0x21 } as const;

const incomplete: ProxyHeader = { kind: 'incomplete' };
const invalid: ProxyHeader = { kind: 'invalid' };

/** Reads the header of the PROXY protocol, version 2 (binary), with which a proxy begins a connection. Pure; never throws. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const given = Math.min(bytes.length, signature.length);
  if (bytes.compare(signature, 0, given, 0, given) !== 0) return invalid;
  if (bytes.length < fixedBytes) return incomplete;
  const [versionAndCommand = 0, family = 0] = [bytes[12], bytes[13]];
  const length = fixedBytes + bytes.readUInt16BE(14);
  const command = versionAndCommand & 0x0f;
  if ((versionAndCommand & 0xf0) !== version2 || command > commands.proxy || length > mostBytes) return invalid;
  if (bytes.length < length) return incomplete;
  if (command === commands.local) return { kind: 'header', bytes: length };
  return readClient(bytes.subarray(fixedBytes, length), family, length);
}

/** Source address, destination address, source port, destination port; then what we do not read. */
function readClient(addresses: Buffer, family: number, bytes: number): ProxyHeader {
  if (family === families.tcp4) {
    if (addresses.length < 12) return invalid;
    return {
      kind: 'header',
      bytes,
      client: { address: addresses.subarray(0, 4).join('.'), port: addresses.readUInt16BE(8) },
    };
  }
  if (family === families.tcp6) {
    if (addresses.length < 36) return invalid;
    return { kind: 'header', bytes, client: { address: formatIPv6(addresses), port: addresses.readUInt16BE(32) } };
  }
  return { kind: 'header', bytes };
}

function formatIPv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  return groups.join(':');
}

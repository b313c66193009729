import { isIPv6 } from 'node:net';
import type { ProxiedClient } from './proxy-header.ts';

/** The header that a proxy sends for a client. @param more What else it holds. */
export function proxyHeader(
  client: ProxiedClient = { address: '198.51.100.7', port: 4_711 },
  more = Buffer.alloc(0),
): Buffer {
  const isV6 = isIPv6(client.address);
  const address = isV6
    ? Buffer.from(
        client.address
          .split(':')
          .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
      )
    : Buffer.from(client.address.split('.').map(Number));
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(client.port, 0);
  const body = Buffer.concat([address, Buffer.alloc(address.length), ports, more]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(body.length);
  const start = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
  return Buffer.concat([start, Buffer.from([0x21, isV6 ? 0x21 : 0x11]), length, body]);
}

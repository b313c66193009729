import { isIP } from 'node:net';

/** SNI names hosts only (RFC 6066, 3): an IP address gives none. */
export function serverNameOf(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}

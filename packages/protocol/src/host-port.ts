import { isIPv6 } from 'node:net';

/** `host:port` as URLs, gRPC targets and MQTT Server References write it; IPv6 addresses in brackets. */
export function formatHostPort(host: string, port: number): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `undefined`: not of the form `host:port` or `[v6]:port`; some leave the brackets out. */
export function parseHostPort(text: string): { address: string; port: number } | undefined {
  const match = /^(?:\[([^\]]+)\]|(\S+)):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return address === undefined || port < 1 || port > 65_535 ? undefined : { address, port };
}

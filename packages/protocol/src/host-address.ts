import { BlockList, isIP, isIPv6 } from 'node:net';
import { invalidArgument } from './error.ts';

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

/** The target of a tunnel, as seen from the device. */
export interface Target {
  host: string;
  port: number;
}

const hostForm = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]{2,45})$/;

/** @throws PushfleetError INVALID_ARGUMENT that names `field`. */
export function parseTarget(text: unknown, field = 'target'): Target {
  const parsed = typeof text === 'string' ? parseHostPort(text) : undefined;
  if (!parsed || !hostForm.test(parsed.address)) throw invalidArgument(field, 'host:port, e.g. "127.0.0.1:22"');
  return { host: parsed.address, port: parsed.port };
}

const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*$/;
/** Systems read a name that ends in a number as an IPv4 address in an old spelling: `0`, `0x7f.1`, `10.1`. */
const endsInNumber = /(^|\.)(\d+|0[xX][0-9A-Fa-f]*)$/;
const form = 'an IP address or host name, without a port';

/**
 * A host name or IP address by which a machine is reached from others. Its form is checked, not whether anybody is there.
 * @throws PushfleetError INVALID_ARGUMENT that names `field` and says what would be right
 */
export function parseReachableHost(value: unknown, field: string): string {
  if (typeof value !== 'string') throw invalidArgument(field, form);
  const wrong = whatIsWrong(value);
  if (wrong !== undefined) throw invalidArgument(field, `${form}${wrong}`);
  return value;
}

/** Completes "must be an IP address or host name, without a port"; `undefined`: nothing is wrong. */
function whatIsWrong(text: string): string | undefined {
  if (text === '*' || isIn(wildcards, text)) {
    return `, that belongs to one machine: "${text}" means every address of whoever listens, and leads nowhere`;
  }
  if (isIn(groupAddresses, text)) return `, that belongs to one machine: "${text}" is a multicast or broadcast address`;
  if (/^\[.*\]$/.test(text)) return ', an IPv6 address without brackets';
  if (text.includes('%')) return ', that means the same on every machine: a zone is of one machine alone';
  if (isIP(text) > 0) return undefined;
  return hostName.test(text) && !endsInNumber.test(text) ? undefined : '';
}

const wildcards = blockList(['0.0.0.0', 8], ['::', 128]);
const groupAddresses = blockList(['224.0.0.0', 4], ['255.255.255.255', 32], ['ff00::', 8]);

/** IPv4 addresses that are written as IPv6 ones count too. */
function isIn(list: BlockList, text: string): boolean {
  return isIP(text) > 0 && !text.includes('%') && list.check(text, isIPv6(text) ? 'ipv6' : 'ipv4');
}

function blockList(...subnets: [string, number][]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
  return list;
}

import { BlockList, isIP } from 'node:net';
import { hostOf } from './balancer-choice.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Proxy {
  /** `host:port`; user and password are nobody's business. */
  address: string;
  /** The variable that names it. */
  variable: string;
}

/** The variables that gRPC's libraries read; the first that is set counts. */
const proxyVariables = ['grpc_proxy', 'https_proxy', 'http_proxy'];
const exceptionVariables = ['no_grpc_proxy', 'no_proxy', 'NO_PROXY'];

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * The proxy that leads to the balancer at `address`, `host:port`, if one does. This machine itself is never reached
 * through a proxy, nor is what `no_proxy` or `NO_PROXY` name: hosts, domains (`.example.org`, `example.org`), addresses,
 * networks (`10.0.0.0/8`), each with or without a port, or `*` for all.
 */
export function findProxy(address: string, environment: Environment = process.env): Proxy | undefined {
  const variable = findVariable(address, environment);
  const url = variable && parseProxy(environment[variable]);
  return variable && url ? { address: `${url.hostname}:${url.port || 80}`, variable } : undefined;
}

/** The variable that names a proxy for `address` in a way that the gRPC library does not understand: it connects without. */
export function findIgnoredProxy(address: string, environment: Environment = process.env): string | undefined {
  const variable = findVariable(address, environment);
  return variable && !parseProxy(environment[variable]) ? variable : undefined;
}

function parseProxy(text = ''): URL | undefined {
  const url = URL.parse(text);
  return url?.protocol === 'http:' ? url : undefined;
}

function findVariable(address: string, environment: Environment): string | undefined {
  const host = hostOf(address).toLowerCase();
  if (isLoopback(host)) return undefined;
  const exceptions = exceptionVariables.flatMap((name) => environment[name]?.toLowerCase().split(/[\s,]+/) ?? []);
  const port = address.slice(address.lastIndexOf(':') + 1);
  if (exceptions.some((exception) => isNamed(host, port, exception))) return undefined;
  return proxyVariables.find((name) => environment[name]);
}

function isLoopback(host: string): boolean {
  return /(?:^|\.)localhost\.?$/.test(host) || isIn(loopback, host);
}

function isNamed(host: string, port: string, exception: string): boolean {
  if (exception === '*') return true;
  // An IPv6 address stands there with brackets or without; where there are none, its colons begin no port.
  const [, bracketed, bare, itsPort] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(exception) ?? [];
  const name = bracketed ?? bare ?? exception;
  if (name === '' || (itsPort !== undefined && itsPort !== port)) return false;
  if (name.includes('/')) return isInNetwork(host, name);
  const domain = name.replace(/^\*?\./, '');
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function isInNetwork(host: string, network: string): boolean {
  const [start = '', bits = ''] = network.split('/');
  const version = isIP(start);
  if (version === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(start, Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return isIn(list, host);
}

function isIn(list: BlockList, host: string): boolean {
  const version = isIP(host);
  return version !== 0 && list.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

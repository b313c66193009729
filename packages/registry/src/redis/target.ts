import { formatHostPort, parseHostPort } from '@pushfleet/protocol';

export interface RedisAddress {
  host: string;
  port: number;
}

/** What PUSHFLEET_REDIS_URL names. */
export type RedisTarget = (
  | { kind: 'server'; url: string }
  | { kind: 'sentinel'; master: string; db: number }
  | { kind: 'cluster' }
) & {
  /** Of the server, of the Sentinels, or of some members of the cluster. */
  hosts: RedisAddress[];
  username: string | undefined;
  password: string | undefined;
  tls: boolean;
};

export const redisUrlForm =
  /^(?:rediss?:\/\/\S+|rediss?\+sentinel:\/\/(?:[^\s@/]*@)?[^\s@/]+\/[^\s/]+(?:\/\d+)?|rediss?\+cluster:\/\/(?:[^\s@/]*@)?[^\s@/]+\/?)$/;

const form = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]*)(?:\/(\d+))?)?$/;

/** @throws Error that does not tell the password */
export function parseRedisUrl(url: string): RedisTarget {
  const [, scheme, kind, credentials = '', hostList = '', master = '', db = '0'] = form.exec(url) ?? [];
  if (kind === undefined) return parseServerUrl(url);
  const [username, password] = credentials.split(/:(.*)/s, 2).map(decodeURIComponent);
  const common = {
    hosts: hostList.split(',').map((text) => parseAddress(text, kind === 'sentinel' ? 26_379 : 6_379)),
    username: username || undefined,
    password: password || undefined,
    tls: scheme === 'rediss',
  };
  return kind === 'sentinel' ? { kind, master, db: Number(db), ...common } : { kind: 'cluster', ...common };
}

/** Without user and password. */
export function describeTarget(target: RedisTarget): string {
  const hosts = target.hosts.map(({ host, port }) => formatHostPort(host, port)).join(',');
  return target.kind === 'sentinel' ? `${target.master} of the Sentinels at ${hosts}` : hosts;
}

function parseServerUrl(url: string): RedisTarget {
  const { hostname, port, protocol, username, password } = new URL(url);
  const hosts = [{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6_379) }];
  return { kind: 'server', url, hosts, username, password, tls: protocol === 'rediss:' };
}

function parseAddress(text: string, defaultPort: number): RedisAddress {
  const { address, port } = parseHostPort(text) ?? { address: text.replace(/^\[|\]$/g, ''), port: defaultPort };
  return { host: address, port };
}

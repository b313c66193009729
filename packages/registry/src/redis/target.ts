import { formatHostPort, parseHostPort } from '@pushfleet/protocol';

export interface RedisAddress {
  host: string;
  port: number;
}

/** The server or servers that PUSHFLEET_REDIS_URL names. */
export type RedisTarget = (
  | { kind: 'server'; db: number }
  | { kind: 'sentinel'; master: string; db: number }
  | { kind: 'cluster' }
) & {
  /** The addresses of the server, of the Sentinels, or of some members of the cluster. */
  hosts: RedisAddress[];
  username: string | undefined;
  password: string | undefined;
  tls: boolean;
};

/** A URL in its parts, as they are written. */
interface Parts {
  kind: RedisTarget['kind'];
  tls: boolean;
  /** Up to the last `@`: a host has none, so that a password may have. */
  credentials: string;
  hosts: string[];
  /** All that follows the hosts, without the first slash. */
  path: string;
}

const scheme = /^redis(s?)(?:\+(sentinel|cluster))?:\/\//;
const rule = 'a redis://, redis+sentinel:// or redis+cluster:// URL';

/**
 * Why a URL is not understood, and what would be right; completes the sentence "must be …" and says nothing of user and
 * password. `undefined`: the URL is good.
 */
export function explainRedisUrl(url: string): string | undefined {
  const parts = splitUrl(url);
  if (typeof parts === 'string') return `${rule}${parts}`;
  const problem = findCredentialsProblem(parts.credentials) ?? findHostProblem(parts) ?? findPathProblem(parts);
  return problem && `${rule}; ${problem}`;
}

/** Parses a URL that `explainRedisUrl` finds good. @throws Error that does not show the password */
export function parseRedisUrl(url: string): RedisTarget {
  const problem = explainRedisUrl(url);
  const parts = splitUrl(url);
  if (problem !== undefined || typeof parts === 'string') throw new Error(`must be ${problem}`);
  const { kind, tls } = parts;
  const [username, password] = parts.credentials.split(/:(.*)/s, 2).map(decodeURIComponent);
  const common = {
    hosts: parts.hosts.map((host) => parseAddress(host, kind)),
    username: username || undefined,
    password: password || undefined,
    tls,
  };
  const segments = parts.path.split('/');
  switch (kind) {
    case 'server':
      return { kind, db: Number(segments[0]), ...common };
    case 'sentinel':
      return { kind, master: segments[0] as string, db: Number(segments[1] ?? 0), ...common };
    case 'cluster':
      return { kind, ...common };
    default:
      return kind satisfies never;
  }
}

/** Without user and password. */
export function describeTarget(target: RedisTarget): string {
  const hosts = target.hosts.map(({ host, port }) => formatHostPort(host, port)).join(',');
  return target.kind === 'sentinel' ? `${target.master} of the Sentinels at ${hosts}` : hosts;
}

/** The part of a URL, whatever it is, that surely belongs to no password: its scheme. */
export function maskRedisUrl(url: string): string {
  return `${scheme.exec(url)?.[0] ?? ''}***`;
}

/** Otherwise what is wrong with it. */
function splitUrl(url: string): Parts | string {
  if (url !== url.trim())
    return ' without blanks or line breaks around it, such as those of a file with Windows line ends';
  const [start, s, kind = 'server'] = scheme.exec(url) ?? [];
  if (start === undefined) return '';
  const rest = url.slice(start.length);
  const at = rest.lastIndexOf('@');
  const [hosts = '', ...path] = rest.slice(at + 1).split('/');
  return {
    kind: kind as RedisTarget['kind'],
    tls: s === 's',
    credentials: rest.slice(0, Math.max(0, at)),
    hosts: hosts.split(','),
    path: path.join('/'),
  };
}

function findCredentialsProblem(credentials: string): string | undefined {
  for (const character of credentials.replaceAll(/%[0-9A-Fa-f]{2}/g, '')) {
    if (!/[#/?%\s]/.test(character) && character >= ' ') continue;
    const name = /[#/?%]/.test(character) ? `the character ${character}` : 'a blank or line break';
    return `${name} in its user or password is written ${encodeURIComponent(character)}`;
  }
  try {
    decodeURIComponent(credentials);
    return undefined;
  } catch {
    return 'the character % in its user or password is written %25';
  }
}

function findHostProblem({ kind, hosts }: Parts): string | undefined {
  if (kind === 'server' && hosts.length > 1) return 'a redis:// URL names one server';
  const isGood = hosts.every(
    (host) => /^(?:\[[\w.:]+\]|[\w.-]+)(?::\d+)?$/.test(host) && (!/:\d+$/.test(host) || parseHostPort(host)),
  );
  const escapes = '#, /, ? and % in its user or password are written %23, %2F, %3F and %25';
  return isGood
    ? undefined
    : `after the last @ it has host:port${kind === 'server' ? '' : ', or several with commas'}; ${escapes}`;
}

function findPathProblem({ kind, path }: Parts): string | undefined {
  if (/[?#]/.test(path)) return 'it ends without ? or #; in its user or password they are written %3F and %23';
  switch (kind) {
    case 'server':
      return /^\d*$/.test(path) ? undefined : 'after the host it has nothing but the number of a database';
    case 'sentinel':
      return /^[^\s/]+(?:\/\d+)?$/.test(path)
        ? undefined
        : 'after the Sentinels it has the name of the master, and perhaps the number of a database';
    case 'cluster':
      return path === '' ? undefined : 'after the members of the cluster it has nothing';
    default:
      return kind satisfies never;
  }
}

function parseAddress(text: string, kind: RedisTarget['kind']): RedisAddress {
  const defaultPort = kind === 'sentinel' ? 26_379 : 6_379;
  const { address, port } = parseHostPort(text) ?? { address: text.replace(/^\[|\]$/g, ''), port: defaultPort };
  return { host: address, port };
}

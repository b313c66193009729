import { fixed, type Live, random, systemClock } from '@pushfleet/runtime';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { parseRedisUrl, type RedisAddress, type RedisTarget } from './target.ts';

/** Time for Redis to take a connection, and for Sentinels and cluster members to say who is who. Calls have AnswerDeadlines. */
const connectTimeoutMs = 2_000;

// For ever, at most a second apart, and never all processes in step.
const retryDelay = (attempt: number) => Math.min(1_000, 25 * 2 ** Math.min(attempt, 10)) * (0.5 + random() / 2);

const anyServer = {
  // While disconnected a call rejects at once; what is under way when the connection breaks rejects then. Nothing is
  // sent twice behind the caller's back.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: connectTimeoutMs,
  // A user with few rights may be denied HELLO and CLIENT; nothing here needs either.
  protocol: 2,
  disableClientInfo: true,
} satisfies RedisOptions;

const oneServer = {
  ...anyServer,
  lazyConnect: true,
  enableOfflineQueue: false,
  retryStrategy: retryDelay,
} satisfies RedisOptions;

/** A server that stays a replica is read from all the same: it is not left for a better one again and again. */
const leaveEveryMs = 2_000;

/** After a failover an old connection may still lead to the former master. */
function leavesReplica(): (error: Error) => boolean {
  let leftAtMs = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    // Redis 6 says so in the midst of a sentence where a script wanted to write.
    if (!message.includes('READONLY') || systemClock.now() < leftAtMs + leaveEveryMs) return false;
    leftAtMs = systemClock.now();
    return true;
  };
}

/** Passwords that are shown to Redis, and the CAs by which its certificates are checked, beside what its URL says. */
export interface RedisCredentials {
  /** The password of the servers. `undefined`: that of the URL. */
  password?: string | undefined;
  /** The password of the Sentinels. `undefined`: they are asked without. */
  sentinelPassword?: string | undefined;
  /** The CAs that issue certificates of servers and Sentinels, PEM. `undefined`: public ones. */
  ca?: string | undefined;
}

/** A Redis, and how to get in. */
export interface RedisPlace {
  url: string;
  /** The user as whom Sentinels are asked. */
  sentinelUser?: string | undefined;
  /** Absent: what the URL says is all. */
  credentials?: Live<RedisCredentials>;
}

/** A client that is not connected yet. It shows what the credentials are whenever it connects, until it is disposed. */
export interface PlacedClient extends Disposable {
  client: Redis | Cluster;
  target: RedisTarget;
}

export function createClient({ url, sentinelUser, credentials = fixed({}) }: RedisPlace): PlacedClient {
  const target = parseRedisUrl(url);
  const tls: { ca?: string | undefined } = {};
  const client = createClientOf(target, target.tls ? tls : undefined, sentinelUser);
  const use = (options: RedisOptions) => {
    const { password, sentinelPassword, ca } = credentials.current;
    // One object for all connections, which each reads when it is made.
    tls.ca = ca;
    if (password !== undefined) options.password = password;
    if (sentinelPassword !== undefined) options.sentinelPassword = sentinelPassword;
  };
  const useAll = () => {
    for (const each of client instanceof Cluster ? client.nodes('all') : [client]) use(each.options);
  };
  // Members of a cluster become known one after the other; none has connected when it is told of.
  if (client instanceof Cluster) client.on('+node', (node: Redis) => use(node.options));
  useAll();
  const changes = credentials.onChange(useAll);
  return { client, target, [Symbol.dispose]: () => changes[Symbol.dispose]() };
}

/** A cluster has the same commands as a server, and takes each to where its keys are. */
function createClientOf(target: RedisTarget, tls: object | undefined, sentinelUser?: string): Redis | Cluster {
  const secure = tls ? { tls } : {};
  switch (target.kind) {
    case 'server':
      return new Redis({
        ...oneServer,
        reconnectOnError: leavesReplica(),
        ...credentialsOf(target),
        ...(target.hosts[0] as RedisAddress),
        db: target.db,
        ...secure,
      });
    case 'sentinel':
      return new Redis({
        ...oneServer,
        reconnectOnError: leavesReplica(),
        ...credentialsOf(target),
        sentinels: target.hosts,
        name: target.master,
        db: target.db,
        ...(sentinelUser === undefined ? {} : { sentinelUsername: sentinelUser }),
        ...(tls ? { tls, sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
        sentinelRetryStrategy: retryDelay,
        sentinelCommandTimeout: connectTimeoutMs,
        // Sentinels tell of a new master. Without them a frozen one would have to fall silent first.
        failoverDetector: true,
      });
    case 'cluster':
      return new Cluster(target.hosts, {
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: retryDelay,
        // The client learns from a member's refusal where a slot is now; what it cannot place is the caller's to repeat.
        maxRedirections: 4,
        retryDelayOnFailover: 0,
        retryDelayOnClusterDown: 0,
        slotsRefreshInterval: 1_000,
        slotsRefreshTimeout: connectTimeoutMs,
        redisOptions: { ...anyServer, ...credentialsOf(target), ...secure },
        // Certificates name hosts, not the addresses they resolve to.
        ...(target.tls ? { dnsLookup: (address, done) => done(null, address) } : {}),
      });
    default:
      return target satisfies never;
  }
}

function credentialsOf({ username, password }: RedisTarget): { username?: string; password?: string } {
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

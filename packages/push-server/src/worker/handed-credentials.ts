import type { RedisCredentials } from '@pushfleet/registry';
import {
  type ClusterCredentials,
  type KeyPair,
  type Live,
  LiveValue,
  type ProcessCredentials,
} from '@pushfleet/runtime';
import type { WorkerCredentials } from './messages.ts';

type Shared = Pick<ProcessCredentials, 'server' | 'cluster' | 'ticketSecret'> & { redis: Live<RedisCredentials> };

/** The credentials of a supervisor as it hands them to its workers. */
export function encodeCredentials({ server, cluster, ticketSecret, redis }: Shared): Live<WorkerCredentials> {
  return {
    get current() {
      const { cert, key, ca } = cluster.current;
      return {
        server: { cert: String(server.current.cert), key: String(server.current.key) },
        cluster: { cert: String(cert), key: String(key), ca: String(ca) },
        ticketSecret: ticketSecret.current.toString('base64'),
        redis: redis.current,
      };
    },
    onChange(use) {
      const changes = [server, cluster, ticketSecret, redis].map((each: Live<unknown>) =>
        each.onChange(() => use(this.current)),
      );
      return {
        [Symbol.dispose]: () => {
          for (const change of changes) change[Symbol.dispose]();
        },
      };
    },
  };
}

/** The credentials that a worker was handed, the first of them before its task. */
export class HandedCredentials {
  readonly #server = new LiveValue<KeyPair | undefined>(undefined);
  readonly #cluster = new LiveValue<ClusterCredentials | undefined>(undefined);
  readonly #ticketSecret = new LiveValue<Buffer | undefined>(undefined);
  readonly #redis = new LiveValue<RedisCredentials>({});
  #taken: Partial<WorkerCredentials> = {};

  take(credentials: WorkerCredentials): void {
    const { server, cluster, ticketSecret, redis } = credentials;
    const known = this.#taken;
    this.#taken = credentials;
    if (!isSame(known.server, server)) this.#server.replace(buffersOf(server));
    if (!isSame(known.cluster, cluster)) this.#cluster.replace(buffersOf(cluster));
    if (known.ticketSecret !== ticketSecret) this.#ticketSecret.replace(Buffer.from(ticketSecret, 'base64'));
    if (!isSame(known.redis && { ...known.redis }, { ...redis })) this.#redis.replace(redis);
  }

  /** @throws TypeError: none were handed over yet. */
  get live(): Shared {
    if (this.#server.current === undefined) throw new TypeError('a worker gets credentials before its task');
    return {
      server: this.#server as LiveValue<KeyPair>,
      cluster: this.#cluster as LiveValue<ClusterCredentials>,
      ticketSecret: this.#ticketSecret as LiveValue<Buffer>,
      redis: this.#redis,
    };
  }
}

type Texts = Readonly<Record<string, string | undefined>>;

function isSame(one: Texts | undefined, other: Texts): boolean {
  return one !== undefined && Object.entries(other).every(([name, text]) => one[name] === text);
}

function buffersOf<Names extends string>(texts: Readonly<Record<Names, string>>): Record<Names, Buffer> {
  const entries = Object.entries<string>(texts).map(([name, text]) => [name, Buffer.from(text)]);
  return Object.fromEntries(entries) as Record<Names, Buffer>;
}

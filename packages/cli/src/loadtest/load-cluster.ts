import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdminClient } from '@pushfleet/admin-sdk';
import type { KnownProcess, LoadTarget } from '@pushfleet/loadtest';
import { type Environment, readFileLimit, readSettings } from '@pushfleet/runtime';
import { connectionSettings, openClient, readAuthority, readConnection } from '../connection/open-client.ts';
import { Children } from '../dev/children.ts';
import { findFreePorts } from '../dev/ports.ts';
import { answersOk, waitUntil } from '../dev/wait-until.ts';
import { listNodes } from '../nodes/render.ts';
import { enrollPushServer } from '../state/enrollment.ts';
import { createStateDirectory } from '../state/state-directory.ts';

export interface LoadClusterOptions {
  environment: Environment;
  pushServers: number;
  /** The devices' group is in the scope of the first push server, the group above it in that of the others: these are next in line. */
  concentrates: boolean;
  /** The `max connections` of each push server. */
  maxConnections: number;
  redisUrl: string | undefined;
  plain: boolean;
  /** Connections come to several addresses of this machine. */
  spreads: boolean;
  rebalances: boolean;
  signal: AbortSignal;
}

interface ClusterPorts {
  assign: number;
  admin: number;
  rest: number;
  /** The device port of each push server. */
  devices: readonly number[];
}

const host = '127.0.0.1';
const group = 'Load';
/** The group of the first push server alone, where devices concentrate there. */
const nearGroup = `${group}/Near`;
const logs = 'logs';
const startMs = 60_000;
/** Files of a worker that are not links. */
const reservedFiles = 600;

/**
 * A cluster for one run, as real processes: a balancer and push servers, with a state directory of its own that is gone
 * afterwards. Ends with whoever started it.
 */
export class LoadCluster implements AsyncDisposable {
  readonly #options: LoadClusterOptions;
  readonly #stateDir: string;
  readonly #environment: Environment;
  readonly #children: Children;
  readonly #client: AdminClient;
  readonly #ports: ClusterPorts;

  static async start(options: LoadClusterOptions): Promise<LoadCluster> {
    const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-load-'));
    await createStateDirectory({ path: stateDir });
    const [assign = 0, admin = 0, rest = 0, ...devices] = await findFreePorts(host, 3 + options.pushServers);
    const cluster = new LoadCluster(options, stateDir, { assign, admin, rest, devices });
    try {
      await cluster.#start();
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  private constructor(options: LoadClusterOptions, stateDir: string, ports: ClusterPorts) {
    this.#options = options;
    this.#stateDir = stateDir;
    this.#ports = ports;
    this.#environment = clusterEnvironment(options, stateDir, ports);
    const logDir = join(stateDir, logs);
    mkdirSync(logDir, { mode: 0o700 });
    this.#children = new Children(this.#environment, logDir);
    this.#client = openClient(this.#environment);
  }

  /** Fires, with the reason, when one of its processes ends by itself. */
  get failed(): AbortSignal {
    return this.#children.failed;
  }

  target(): LoadTarget {
    const { concentrates } = this.#options;
    return {
      admin: this.#client,
      connection: readConnection(this.#environment),
      balancers: [`https://${host}:${this.#ports.assign}`],
      ca: readAuthority(readSettings(connectionSettings, this.#environment)).toString(),
      parentGroup: concentrates ? nearGroup : group,
      othersGroup: concentrates ? group : undefined,
      isLocal: true,
      processes: () => this.#processes(),
      killPushServer: (nodeId) => this.#children.kill(nodeId),
      victim: undefined,
      victimPid: undefined,
      isDisposable: true,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#children[Symbol.asyncDispose]();
    // Whoever reads that a process has ended is told of its log.
    if (this.failed.aborted) await this.#removeAllButLogs();
    else await rm(this.#stateDir, { recursive: true, force: true });
  }

  async #removeAllButLogs(): Promise<void> {
    for (const name of await readdir(this.#stateDir)) {
      if (name !== logs) await rm(join(this.#stateDir, name), { recursive: true, force: true });
    }
  }

  async #start(): Promise<void> {
    const { signal, concentrates } = this.#options;
    const rest = `http://${host}:${this.#ports.rest}`;
    const halt = AbortSignal.any([signal, this.failed]);
    const balancerPorts = {
      PUSHFLEET_ASSIGN_PORT: String(this.#ports.assign),
      PUSHFLEET_ADMIN_PORT: String(this.#ports.admin),
      PUSHFLEET_REST_PORT: String(this.#ports.rest),
    };
    this.#children.start('balancer', 'balancer', ['balancer'], balancerPorts);
    await waitUntil(() => answersOk(`${rest}/healthz`), {
      what: 'the balancer to answer',
      timeoutMs: startMs,
      signal: halt,
    });
    await this.#client.groups.put(group);
    if (concentrates) await this.#client.groups.put(nearGroup);
    await this.#startPushServers();
    await waitUntil(() => answersOk(`${rest}/readyz`), {
      what: 'the balancer to be ready',
      timeoutMs: startMs,
      signal: halt,
    });
  }

  async #startPushServers(): Promise<void> {
    const { pushServers, maxConnections, concentrates, signal } = this.#options;
    for (let index = 0; index < pushServers; index += 1) {
      const port = this.#ports.devices[index] ?? 0;
      const pushServer = { enabled: true, address: host, port, maxConnections };
      await enrollPushServer({ stateDir: this.#stateDir, distributionPoint: nameOf(index) });
      const groups = [concentrates && index === 0 ? nearGroup : group];
      await this.#client.distributionPoints.put({ distributionPointId: nameOf(index), groups, pushServer });
      this.#children.start('push-servers', nameOf(index), ['push-server'], {
        PUSHFLEET_DISTRIBUTION_POINT: nameOf(index),
      });
    }
    await waitUntil(() => this.#areReady(pushServers), {
      what: 'the push servers to be ready',
      timeoutMs: startMs,
      signal: AbortSignal.any([signal, this.failed]),
    });
  }

  async #areReady(count: number): Promise<true | string> {
    const nodes = await listNodes(this.#client);
    const unready = Array.from({ length: count }, (_, index) => nameOf(index)).filter(
      (name) => nodes.find(({ nodeId }) => nodeId === name)?.status !== 'ready',
    );
    return unready.length === 0 || `${unready.join(', ')} not ready`;
  }

  #processes(): KnownProcess[] {
    const known = (role: KnownProcess['role'], name: string) => {
      const pid = this.#children.pidOf(name);
      return pid === undefined ? [] : [{ role, name, pid }];
    };
    const supervisors = this.#ports.devices.flatMap((_, index) => known('supervisor', nameOf(index)));
    return [...known('balancer', 'balancer'), ...supervisors];
  }
}

function nameOf(index: number): string {
  return `lp-${index}`;
}

function clusterEnvironment(options: LoadClusterOptions, stateDir: string, ports: { admin: number }): Environment {
  const { environment, redisUrl, plain, spreads, rebalances, maxConnections } = options;
  const needed = Math.ceil((maxConnections * 1.1) / Math.max(1, readFileLimit() - reservedFiles));
  return {
    PUSHFLEET_DRAIN_MS: '2000',
    PUSHFLEET_LOG_LEVEL: 'warn',
    PUSHFLEET_MAX_WORKERS: String(Math.max(availableParallelism(), needed)),
    // All devices of a load come from one address.
    PUSHFLEET_UNKNOWN_CONNECTIONS_PER_ADDRESS: '1000000',
    ...environment,
    PUSHFLEET_STATE_DIR: stateDir,
    // Devices reach it at 127.0.0.1 to 127.0.0.N.
    PUSHFLEET_BIND: spreads ? '0.0.0.0' : host,
    PUSHFLEET_ASSIGN_BIND: undefined,
    PUSHFLEET_ADMIN_BIND: host,
    PUSHFLEET_REST_BIND: host,
    PUSHFLEET_ADMIN_ADDRESS: `${host}:${ports.admin}`,
    PUSHFLEET_ADMIN_TOKEN_FILE: undefined,
    PUSHFLEET_CA_FILE: undefined,
    ...(plain ? { PUSHFLEET_DEVICE_TLS: 'off' } : {}),
    ...(rebalances ? {} : { PUSHFLEET_REBALANCE: 'off' }),
    PUSHFLEET_REDIS_URL: redisUrl,
    PUSHFLEET_REDIS_KEY_PREFIX: `pushfleet-load-${randomBytes(4).toString('hex')}`,
  };
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AdminClient, createAdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import { bundleDirectory } from '@pushfleet/runtime';
import { createStateDirectory, enrollPushServer } from 'pushfleet';
import { startTestRedis, type TestRedis } from '../redis/redis-server.ts';
import { ClusterProcess } from './cluster-process.ts';
import { eventually } from './eventually.ts';
import { findFreePorts } from './free-ports.ts';
import { isGone } from './processes.ts';
import { TestDevices } from './test-devices.ts';
import { binary, runTool, type ToolResult } from './tools.ts';

export interface TestClusterOptions {
  pushServers?: number;
  balancers?: number;
  registry?: 'embedded' | 'redis';
  /** For tests that stop the Redis. */
  ownRedis?: boolean;
  /** The `max connections` of every push server. */
  maxConnections?: number;
  /** Further settings of every process. */
  environment?: Record<string, string>;
  /** The binary that processes run. Default: that of this checkout. */
  program?: string;
  /** Puts into the state directory what the test wants there, before anything starts. */
  prepare?(stateDir: string): Promise<void>;
}

export interface AddedPushServer {
  address?: string;
  /** By default a free one. */
  port?: number;
  /** Settings that it alone has. */
  environment?: Record<string, string>;
}

export interface BalancerPorts {
  assign: number;
  admin: number;
  rest: number;
}

/** The group that every push server of a test cluster serves. */
export const testGroup = 'Test';

/** No test is about how long that takes, and other files may start whole clusters at the same time. */
const startWithinMs = 45_000;

/**
 * A whole cluster of real processes on this machine, on free ports, with a state directory of its own. On disposal it
 * stops everything and fails the test if a process does not end well or leaves one of its own behind.
 */
export class TestCluster implements AsyncDisposable {
  readonly stateDir: string;
  readonly admin: AdminClient;
  readonly balancers: ClusterProcess[] = [];
  readonly pushServers: ClusterProcess[] = [];
  readonly balancerPorts: BalancerPorts[];
  readonly devicePorts: number[];
  readonly devices: TestDevices;
  readonly ca: Buffer;
  /** The binary of the processes that are started from now on. */
  program: string;
  readonly #environment: Record<string, string>;
  readonly #redis: TestRedis | undefined;
  readonly #seenPids = new Set<number>();

  static async create(options: TestClusterOptions = {}): Promise<TestCluster> {
    const { pushServers = 1, balancers = 1, registry = 'embedded', ownRedis = false } = options;
    const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-test-'));
    await createStateDirectory({ path: stateDir });
    await options.prepare?.(stateDir);
    const ports = await findFreePorts(3 * balancers + pushServers);
    const redis = registry === 'redis' ? await startTestRedis({ own: ownRedis }) : undefined;
    const [ca, token] = await Promise.all([
      readFile(join(stateDir, 'ca.crt')),
      readFile(join(stateDir, 'admin-token'), 'utf8'),
    ]);
    const cluster = new TestCluster(stateDir, ca, token.trim(), ports, balancers, redis, options.environment ?? {});
    if (options.program !== undefined) cluster.program = options.program;
    await cluster.#start(pushServers, options.maxConnections ?? 1_000);
    return cluster;
  }

  private constructor(
    stateDir: string,
    ca: Buffer,
    token: string,
    ports: number[],
    balancers: number,
    redis: TestRedis | undefined,
    environment: Record<string, string>,
  ) {
    this.stateDir = stateDir;
    this.program = binary;
    this.ca = ca;
    this.#redis = redis;
    this.balancerPorts = Array.from({ length: balancers }, (_, index) => {
      const [assign = 0, adminPort = 0, rest = 0] = ports.slice(index * 3);
      return { assign, admin: adminPort, rest };
    });
    this.devicePorts = ports.slice(balancers * 3);
    this.#environment = {
      PUSHFLEET_STATE_DIR: stateDir,
      PUSHFLEET_BIND: '127.0.0.1',
      ...(redis ? { PUSHFLEET_REDIS_URL: redis.url, PUSHFLEET_REDIS_KEY_PREFIX: redis.keyPrefix } : {}),
      ...environment,
    };
    this.admin = this.adminOf(0, token);
    this.devices = new TestDevices(this);
  }

  get redis(): TestRedis {
    if (!this.#redis) throw new Error('this cluster has the embedded registry');
    return this.#redis;
  }

  get assignUrls(): string[] {
    return this.balancerPorts.map(({ assign }) => `https://127.0.0.1:${assign}`);
  }

  get token(): Promise<string> {
    return readFile(join(this.stateDir, 'admin-token'), 'utf8').then((text) => text.trim());
  }

  adminOf(balancer: number, token: string): AdminClient {
    return createAdminClient({ address: `127.0.0.1:${this.balancerPorts[balancer]?.admin}`, ca: this.ca, token });
  }

  startBalancer(index: number, environment: Record<string, string> = {}): ClusterProcess {
    const ports = this.balancerPorts[index] as BalancerPorts;
    const balancer = new ClusterProcess(
      `balancer-${index}`,
      ['balancer'],
      {
        ...this.#environment,
        ...environment,
        PUSHFLEET_ASSIGN_PORT: String(ports.assign),
        PUSHFLEET_ADMIN_PORT: String(ports.admin),
        PUSHFLEET_REST_PORT: String(ports.rest),
      },
      { program: this.program },
    );
    this.balancers[index] = balancer;
    return balancer;
  }

  /** One more, which need not become ready. */
  async addPushServer({ address, port, environment }: AddedPushServer = {}): Promise<ClusterProcess> {
    const index = this.devicePorts.length;
    this.devicePorts.push(port ?? ((await findFreePorts(1))[0] as number));
    await this.#putDistributionPoint(index, 1_000, address);
    return this.startPushServer(index, environment);
  }

  /** Enrols the push server, unless it is, and starts it. */
  async startPushServer(index: number, environment: Record<string, string> = {}): Promise<ClusterProcess> {
    await enrollPushServer({ stateDir: this.stateDir, distributionPoint: `dp-${index}`, keep: true });
    const server = new ClusterProcess(
      `dp-${index}`,
      ['push-server'],
      {
        ...this.#environment,
        ...environment,
        PUSHFLEET_DISTRIBUTION_POINT: `dp-${index}`,
      },
      { program: this.program },
    );
    this.pushServers[index] = server;
    return server;
  }

  /** The files of a push server. */
  bundleDir(index: number): string {
    return bundleDirectory(this.stateDir, `dp-${index}`);
  }

  async nodes(): Promise<admin.Node[]> {
    const nodes = await this.admin.nodes.list();
    for (const { pid } of nodes.flatMap((node) => node.workers)) this.#seenPids.add(pid);
    return nodes;
  }

  async node(id: string): Promise<admin.Node | undefined> {
    return (await this.nodes()).find(({ nodeId }) => nodeId === id);
  }

  /** The command line, as an operator uses it. */
  async run(...args: string[]): Promise<ToolResult> {
    return runTool(process.execPath, [binary, ...args], {
      PUSHFLEET_STATE_DIR: this.stateDir,
      PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${this.balancerPorts[0]?.admin}`,
    });
  }

  /** Waits until as many push servers are ready, with all their workers. */
  async nodesReady(count: number, withinMs?: number): Promise<admin.Node[]> {
    return eventually(
      `${count} push servers are ready`,
      async () => {
        const ready = (await this.nodes()).filter(({ status }) => status === 'NODE_STATUS_READY');
        return ready.length === count && ready;
      },
      withinMs,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const problems: unknown[] = [];
    const attempt = (work: Promise<unknown>) => work.catch((problem) => problems.push(problem));
    await attempt(this.devices.stopAll());
    this.admin.close();
    await Promise.all(this.pushServers.map((server) => attempt(server.stop())));
    await Promise.all(this.balancers.map((balancer) => attempt(balancer.stop())));
    await attempt(eventually('workers end with their push servers', () => [...this.#seenPids].every(isGone)));
    await attempt(Promise.resolve(this.#redis?.[Symbol.asyncDispose]()));
    await rm(this.stateDir, { recursive: true, force: true });
    if (problems.length > 0) throw new AggregateError(problems, problems.map(String).join('\n'));
  }

  async #start(pushServers: number, maxConnections: number): Promise<void> {
    try {
      for (const index of this.balancerPorts.keys()) this.startBalancer(index);
      // A client that came sooner would wait before it tries again.
      await Promise.all(this.balancers.map((balancer) => balancer.said('balancer ready', startWithinMs)));
      await eventually('the admin API answers', () => this.admin.groups.put(testGroup).then(() => true));
      for (let index = 0; index < pushServers; index += 1) {
        await this.#putDistributionPoint(index, maxConnections);
        await this.startPushServer(index);
      }
      await this.nodesReady(pushServers, startWithinMs);
    } catch (error) {
      const output = [...this.balancers, ...this.pushServers].map((one) => `--- ${one.name}\n${one.output}`);
      await this[Symbol.asyncDispose]().catch(() => {});
      throw new Error(`the cluster does not start: ${error}\n${output.join('\n')}`);
    }
  }

  async #putDistributionPoint(index: number, maxConnections: number, address = '127.0.0.1'): Promise<void> {
    const port = this.devicePorts[index] as number;
    await this.admin.distributionPoints.put({
      distributionPointId: `dp-${index}`,
      groups: [testGroup],
      pushServer: { enabled: true, port, address, maxConnections },
    });
  }
}

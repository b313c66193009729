import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { admin, DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import { CommandService, EventService, FleetService, MaintenanceService } from '@pushfleet/protocol/admin';
import { AssignmentService } from '@pushfleet/protocol/device';
import { hashSecret, type ListedNode, openRegistry, type Registry } from '@pushfleet/registry';
import { type Clock, fixed, silentLogger, systemClock } from '@pushfleet/runtime';
import { expect, vi } from 'vitest';
import { type Balancer, type BalancerOptions, createBalancer } from './balancer.ts';
import { type Certificates, createCertificates } from './certificates.fixture.ts';
import { type RegistrySwitch, switchable } from './registry.fixture.ts';
import { FakeWorker } from './worker.fixture.ts';

export const adminToken = 'a-token-of-the-administration-server';
export const secret = 'a-secret-of-the-device';

let certificates: Promise<Certificates> | undefined;

/** A balancer in this process, on a registry of its own, with everything that a test needs around it. */
export class TestBalancer implements AsyncDisposable {
  readonly balancer: Balancer;
  readonly registry: Registry;
  /** While it is off, the balancer's calls to the registry fail; those of the test do not. */
  readonly registrySwitch: RegistrySwitch;
  readonly certificates: Certificates;
  readonly #disposables = new AsyncDisposableStack();

  static async start(change: Partial<BalancerOptions> = {}): Promise<TestBalancer> {
    certificates ??= createCertificates();
    const made = await certificates;
    const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-balancer-'));
    const values = {
      stateDir,
      redisUrl: undefined,
      redisKeyPrefix: 'test',
      // Played push servers send no heartbeats, and are not to fall silent while a busy machine runs the test.
      suspectAfterMs: 60_000,
      deadAfterMs: 120_000,
    };
    const registry = await openRegistry(values);
    const registrySwitch: RegistrySwitch = { on: true, calls: new Map() };
    const seen = switchable(registry, registrySwitch);
    const shown = { tls: fixed(made.tls), cluster: fixed(made.cluster), adminToken: fixed(adminToken) };
    const options = { ...ports, ...terms, ...shown, registry: seen, logger: silentLogger, ...change };
    const test = new TestBalancer(createBalancer(options), registry, registrySwitch, made);
    test.#disposables.defer(() => rmSync(stateDir, { recursive: true, force: true }));
    test.#disposables.use(registry);
    test.#disposables.use(test.balancer);
    try {
      await test.balancer.start();
    } catch (error) {
      await test[Symbol.asyncDispose]();
      throw error;
    }
    return test;
  }

  private constructor(balancer: Balancer, registry: Registry, registrySwitch: RegistrySwitch, made: Certificates) {
    this.balancer = balancer;
    this.registry = registry;
    this.registrySwitch = registrySwitch;
    this.certificates = made;
  }

  async startWorker(nodeId: string): Promise<FakeWorker> {
    const member = await this.certificates.createMember({ role: 'push-server', name: nodeId });
    const worker = await FakeWorker.start(this.registry, member, nodeId);
    return this.#disposables.use(worker);
  }

  /** Waits until the balancer has called an operation of the registry, `port.operation`, so many times more. */
  async registryCalls(operation: string, count: number): Promise<void> {
    const calls = () => this.registrySwitch.calls.get(operation) ?? 0;
    const before = calls();
    await vi.waitFor(() => expect(calls()).toBeGreaterThanOrEqual(before + count), { timeout: 15_000 });
  }

  /** Waits until the balancer has found that it gets through to all of them. */
  async finds(...ids: string[]): Promise<void> {
    const isReady = ({ nodes }: admin.ListNodesResponse) =>
      ids.every((id) => nodes.find(({ nodeId }) => nodeId === id)?.status === 'NODE_STATUS_READY');
    const fleet = this.fleet();
    const list = () => call<admin.ListNodesResponse>((done) => fleet.listNodes({}, withToken(), done));
    await vi.waitFor(async () => expect(isReady(await list())).toBe(true), { timeout: 10_000 });
  }

  /** A group, a distribution point whose scope it is, and a device in it. */
  async putFleet(group: string, nodeId: string, ...devices: string[]): Promise<void> {
    const { fleet } = this.registry;
    await fleet.putGroup(group as GroupPath);
    await fleet.putDistributionPoint({
      id: nodeId as NodeId,
      groups: [group as GroupPath],
      pushServer: { enabled: true, port: 13_295, address: `${nodeId}.example`, maxConnections: 100, weight: 100 },
    });
    const secretHash = hashSecret(secret);
    await Promise.all(
      devices.map((id) =>
        fleet.putDevice({ id: id as DeviceId, group: group as GroupPath, secretHash, labels: {}, linkKinds: [] }),
      ),
    );
  }

  commands(): InstanceType<typeof CommandService> {
    return this.#client(CommandService, this.balancer.ports.admin);
  }

  maintenance(): InstanceType<typeof MaintenanceService> {
    return this.#client(MaintenanceService, this.balancer.ports.admin);
  }

  events(): InstanceType<typeof EventService> {
    return this.#client(EventService, this.balancer.ports.admin);
  }

  fleet(): InstanceType<typeof FleetService> {
    return this.#client(FleetService, this.balancer.ports.admin);
  }

  assignments(): InstanceType<typeof AssignmentService> {
    return this.#client(AssignmentService, this.balancer.ports.assign);
  }

  push(request: admin.PushRequestInit): Promise<admin.PushResponse> {
    const client = this.commands();
    return call((done) => client.push({ operation: { forceSync: {} }, ...request }, withToken(), done));
  }

  /** The push server as the registry has it now. */
  async node(id: string): Promise<ListedNode | undefined> {
    return (await this.registry.nodes.list()).find((node) => node.nodeId === id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disposables.disposeAsync();
  }

  #client<Client extends { close(): void }>(
    service: new (address: string, ...rest: [ReturnType<typeof credentials.createSsl>, object]) => Client,
    port: number,
  ): Client {
    const client = new service(`localhost:${port}`, credentials.createSsl(this.certificates.cluster.ca), {
      'grpc.use_local_subchannel_pool': 1,
    });
    this.#disposables.defer(() => client.close());
    return client;
  }
}

const host = '127.0.0.1';
const ports = {
  ...{ bind: host, adminBind: host, restBind: host, peerBind: host },
  ...{ assignPort: 0, adminPort: 0, restPort: 0, peerPort: 0 },
};
const terms = {
  ticketLifetimeMs: 600_000,
  reservationMs: 30_000,
  deadAfterMs: 15_000,
  commandsInFlight: 1_000,
  tunnels: 100,
  consoleIdleMs: 1_800_000,
  consoleSessionMs: 43_200_000,
  unauthenticated: 1_000,
  unauthenticatedPerAddress: 1_000,
  // Played push servers have no port for devices.
  addressCheck: 'off' as const,
  authorities: fixed(undefined),
  queueCommands: 256,
  queueBytes: 4_194_304,
  outcomesKeptMs: 86_400_000,
  rebalance: false,
  rebalanceRate: 100,
  rebalanceMinLinks: 20,
  rebalanceMinPercent: 10,
  rebalanceCooldownMs: 60_000,
};

/** The clock of the system, whose wall clock is set forward. */
export class SteppedWallClock implements Clock {
  aheadMs = 0;
  now = () => systemClock.now();
  wallMs = () => systemClock.wallMs() + this.aheadMs;
  after: Clock['after'] = (...timer) => systemClock.after(...timer);
  every: Clock['every'] = (...timer) => systemClock.every(...timer);
  sleep: Clock['sleep'] = (...time) => systemClock.sleep(...time);
}

export function withToken(token = adminToken): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/** The answer of a unary call, as a promise. */
export function call<Answer>(
  start: (done: (error: ServiceError | null, answer?: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    start((error, answer) => (error ? reject(error) : resolve(answer as Answer)));
  });
}

import { type BootId, type NodeId, parseGroupPath, parseNodeId, type WorkerId } from '@pushfleet/protocol';
import type { DistributionPoint, MaintenancePhase, Registry, RollingRestartView } from '@pushfleet/registry';
import { createEmbeddedRegistry, Database } from '@pushfleet/registry/embedded';
import { silentLogger } from '@pushfleet/runtime';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { LeaderTerm } from '../leader/leader.ts';
import { RollingRestartRequests } from '../maintenance/rolling-restart-requests.ts';
import type { JudgedNode } from '../node-directory.ts';
import { RollingRestarter } from './rolling-restarter.ts';

type NodeChange = Partial<Omit<JudgedNode, 'nodeId'>>;

/** A push server as balancers see it: ready, with room for a hundred devices. */
export function judgedNode(id: string, live: number, change: NodeChange = {}): JudgedNode {
  const worker = { workerId: 'w0' as WorkerId, pid: 1, controlAddress: '', capacity: 100 };
  return {
    ...{ nodeId: parseNodeId(id), bootId: `${id}-boot` as BootId, status: 'ready', liveness: 'alive', silentMs: 0 },
    ...{ address: id, port: 1, live, reserved: 0, capacity: 100, weight: 100, acceptsPerSecond: 10, overloaded: false },
    workers: [{ ...worker, bootId: `${id}-first` as BootId, live }],
    ...change,
  };
}

export function pointOf(id: string, ...groups: string[]): DistributionPoint {
  const pushServer = { enabled: true, port: 1, address: id, maxConnections: 100, weight: 100 };
  return { id: parseNodeId(id), groups: groups.map((path) => parseGroupPath(path)), pushServer };
}

/** A cluster on a clock turned by hand: a registry in memory, and push servers that do what the test says. */
export class TestCluster {
  readonly clock = new ManualClock();
  readonly registry: Registry;
  readonly nodes = new Map<NodeId, JudgedNode>();
  readonly requests: RollingRestartRequests;
  #leader: RollingRestarter;
  #lost = new AbortController();
  #term: LeaderTerm = { token: 1, lost: this.#lost.signal };

  static async create(...lives: number[]): Promise<TestCluster> {
    const cluster = new TestCluster();
    for (const [index, live] of lives.entries()) {
      cluster.put(`dp-${index + 1}`, live);
      await cluster.registry.fleet.putDistributionPoint(pointOf(`dp-${index + 1}`, 'HQ'));
    }
    return cluster;
  }

  private constructor() {
    const { clock } = this;
    const database = Database.inMemory({ wallMs: () => clock.wallMs(), machineMs: () => clock.now() });
    this.registry = createEmbeddedRegistry(database, { suspectAfterMs: 5_000, deadAfterMs: 15_000 });
    this.requests = new RollingRestartRequests(this.#parts());
    this.#leader = new RollingRestarter({ ...this.#parts(), logger: silentLogger });
  }

  put(id: string, live: number, change: NodeChange = {}): void {
    this.nodes.set(parseNodeId(id), judgedNode(id, live, change));
  }

  begin(change: { deadlineMs?: number; ignoreCapacity?: boolean } = {}) {
    return this.requests.start({ devicesPerSecond: 50, deadlineMs: 0, ignoreCapacity: false, ...change });
  }

  /** So many looks of the leader, a second apart. */
  async look(times = 1): Promise<RollingRestartView> {
    for (let look = 0; look < times; look += 1) {
      await this.clock.turn(1_000);
      await this.#leader.tick(this.#term);
    }
    return this.view();
  }

  async view(): Promise<RollingRestartView> {
    const view = await this.registry.rollingRestarts.get();
    if (!view) throw new Error('there is no rolling restart');
    return view;
  }

  async states(): Promise<string[]> {
    return (await this.view()).steps.map(({ state }) => state);
  }

  /** Another balancer leads from now on, and knows nothing but what is in the registry. */
  changeLeader(): void {
    this.#lost.abort();
    this.#lost = new AbortController();
    this.#term = { token: this.#term.token + 1, lost: this.#lost.signal };
    this.#leader = new RollingRestarter({ ...this.#parts(), logger: silentLogger });
  }

  /** The push server says how its restart goes. */
  async report(id: string, phase: MaintenancePhase, counts: { moved?: number; remaining?: number } = {}) {
    const record = await this.registry.maintenance.get(parseNodeId(id));
    if (!record) throw new Error(`${id} was not asked to restart`);
    const ended = phase === 'done' ? { endedAtMs: this.clock.wallMs() } : {};
    await this.registry.maintenance.advance({ ...record, phase, ...counts, ...ended });
  }

  /** The push server restarts as it was told, and is ready. */
  async restart(id: string, change: NodeChange = {}): Promise<void> {
    await this.report(id, 'done', { moved: this.nodes.get(parseNodeId(id))?.live ?? 0, remaining: 0 });
    const [worker] = judgedNode(id, 0).workers;
    if (!worker) throw new Error('it has no worker');
    this.put(id, 0, { workers: [{ ...worker, bootId: `${id}-second` as BootId }], ...change });
  }

  #parts() {
    const { nodes, registry, clock } = this;
    const directory = {
      get nodes() {
        return nodes.values();
      },
      node: (id: NodeId) => nodes.get(id),
      refreshSoon: async () => undefined,
    };
    return { registry, directory, isSettled: () => true, clock };
  }
}

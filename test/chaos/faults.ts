import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterProcess } from '../cluster/cluster-process.ts';
import { eventually } from '../cluster/eventually.ts';
import type { TestCluster } from '../cluster/test-cluster.ts';

export type Fault = 'worker killed' | 'push server killed' | 'balancer killed' | 'Redis killed';

export interface FaultsOptions {
  cluster: TestCluster;
  redis: { restart(): Promise<void> };
  /** In [0, 1). */
  random: () => number;
  /** Between the repair of one fault and the next. */
  pauseMs: number;
}

/** Kills what a cluster is made of (SIGKILL), at random, one after the other, and starts it again. */
export class Faults {
  readonly counts: Record<Fault, number> = {
    'worker killed': 0,
    'push server killed': 0,
    'balancer killed': 0,
    'Redis killed': 0,
  };
  readonly #options: FaultsOptions;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: FaultsOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Resolves when everything runs again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const faults = Object.keys(this.counts) as Fault[];
    const { random, pauseMs } = this.#options;
    // Each of them once, before chance decides.
    for (let round = 0; !this.#stopping.signal.aborted; round += 1) {
      const fault = faults[round < faults.length ? round : Math.floor(random() * faults.length)] as Fault;
      await this.#inflict(fault);
      this.counts[fault] += 1;
      await sleep(pauseMs * (0.5 + random()), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #inflict(fault: Fault): Promise<void> {
    const { cluster, redis } = this.#options;
    switch (fault) {
      case 'worker killed':
        return this.#killWorker(this.#pick(cluster.pushServers).process);
      case 'push server killed': {
        const { process: server, index } = this.#pick(cluster.pushServers);
        const workers = childrenOf(server.pid);
        await server.kill();
        for (const pid of workers) kill(pid);
        await cluster.startPushServer(index);
        return;
      }
      case 'balancer killed': {
        const { process: balancer, index } = this.#pick(cluster.balancers);
        await balancer.kill();
        await cluster.startBalancer(index).said('balancer ready', 40_000);
        return;
      }
      case 'Redis killed':
        return redis.restart();
      default:
        return fault satisfies never;
    }
  }

  /** A push server that has just been started has no workers yet. */
  async #killWorker(server: ClusterProcess): Promise<void> {
    const workers = await eventually(
      'a worker to kill',
      () => {
        const pids = childrenOf(server.pid);
        if (!server.isRunning) throw new Error(`${server.name} has ended:\n${server.output}`);
        return pids.length > 0 && pids;
      },
      40_000,
    );
    kill(workers[Math.floor(this.#options.random() * workers.length)] as number);
  }

  #pick(processes: readonly ClusterProcess[]): { process: ClusterProcess; index: number } {
    const index = Math.floor(this.#options.random() * processes.length);
    return { process: processes[index] as ClusterProcess, index };
  }
}

function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return text.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

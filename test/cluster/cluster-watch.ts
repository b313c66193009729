import { isGone, residentBytes } from './processes.ts';
import type { TestCluster } from './test-cluster.ts';

const lastWordsChars = 3_000;

interface Watched {
  name: string;
  pid: number;
  bytesBefore: number;
}

/** The processes of a cluster: none may end, and the memory of none may stay. */
export class ClusterWatch {
  readonly #watched: readonly Watched[];
  readonly #cluster: TestCluster;

  static async start(cluster: TestCluster): Promise<ClusterWatch> {
    const workers = (await cluster.nodes()).flatMap(({ nodeId, workers: all }) =>
      all.map(({ workerId, pid }) => ({ name: `worker ${nodeId}/${workerId}`, pid })),
    );
    const processes = [...cluster.balancers, ...cluster.pushServers].map(({ name, pid }) => ({ name, pid }));
    return new ClusterWatch([...processes, ...workers], cluster);
  }

  private constructor(processes: readonly { name: string; pid: number }[], cluster: TestCluster) {
    this.#cluster = cluster;
    this.#watched = processes.map((one) => ({ ...one, bytesBefore: residentBytes(one.pid) }));
  }

  /** The processes that have ended. */
  ended(): string[] {
    return this.#watched.filter(({ pid }) => isGone(pid)).map(({ name }) => name);
  }

  /** The end of what the processes have logged. */
  lastWords(): string {
    const processes = [...this.#cluster.balancers, ...this.#cluster.pushServers];
    return processes.map(({ name, output }) => `--- ${name}\n${output.slice(-lastWordsChars)}`).join('\n');
  }

  /** The resident memory of each process, in MiB. */
  residentMiB(): Record<string, number> {
    const alive = this.#watched.filter(({ pid }) => !isGone(pid));
    return Object.fromEntries(alive.map(({ name, pid }) => [name, Math.round(residentBytes(pid) / 2 ** 20)]));
  }

  /** How much more each process holds than when this began, in MiB. */
  growthMiB(): Record<string, number> {
    const alive = this.#watched.filter(({ pid }) => !isGone(pid));
    return Object.fromEntries(
      alive.map(({ name, pid, bytesBefore }) => [name, Math.round((residentBytes(pid) - bytesBefore) / 2 ** 20)]),
    );
  }
}

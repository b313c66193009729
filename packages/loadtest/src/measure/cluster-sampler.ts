import type { AdminClient } from '@pushfleet/admin-sdk';
import type { admin } from '@pushfleet/protocol';
import type { LinkSamples } from '../report/link-samples.ts';
import type { ProcessRole } from '../report/load-report.ts';
import type { ProcessSamples } from '../report/process-samples.ts';
import { isWorker, readProcessUsage } from './process-usage.ts';

export interface KnownProcess {
  role: ProcessRole;
  /** E.g. `lp-0`. */
  name: string;
  pid: number;
}

export interface ClusterSamplerOptions {
  admin: AdminClient;
  /** Processes on this machine that are known: those that were started here, and the load tool's own. */
  processes(): readonly KnownProcess[];
  /** Whether the cluster's workers may be processes of this machine. */
  isLocal: boolean;
  samples: { processes: ProcessSamples; links: LinkSamples };
  msSinceStart(): number;
}

const listWithinMs = 3_000;

/** Samples what the processes of this machine use, and how many links each push server and worker holds. */
export class ClusterSampler {
  /** Push servers, as of the last answer. */
  nodes: readonly admin.Node[] = [];
  /** Push servers that were killed: what is still said of them for a while is no link any more. */
  readonly gone = new Set<string>();
  readonly #options: ClusterSamplerOptions;
  readonly #living = new Set<number>();
  #isListing = false;

  constructor(options: ClusterSamplerOptions) {
    this.#options = options;
  }

  /** Some push server takes devices. */
  get isAnyReady(): boolean {
    return this.nodes.some(({ status }) => status === 'NODE_STATUS_READY');
  }

  /** Links of all push servers. */
  get live(): number {
    return this.nodes.reduce((sum, { live }) => sum + live, 0);
  }

  /** Takes one sample of everything. Where the cluster does not answer, the former list of push servers stays. */
  async sample(): Promise<void> {
    await this.#listNodes();
    this.sampleProcesses();
  }

  sampleProcesses(): void {
    const atMs = this.#options.msSinceStart();
    const { processes } = this.#options.samples;
    const found = new Set<number>();
    for (const known of [...this.#options.processes(), ...this.workers()]) {
      const usage = readProcessUsage(known.pid);
      if (usage === undefined) continue;
      found.add(known.pid);
      processes.add(atMs, { ...known, ...usage });
    }
    for (const pid of this.#living) if (!found.has(pid)) processes.end(pid, atMs);
    this.#living.clear();
    for (const pid of found) this.#living.add(pid);
  }

  /** Workers of push servers on this machine: the registry tells their process ids, which mean nothing on another one. */
  workers(): KnownProcess[] {
    if (!this.#options.isLocal) return [];
    return this.nodes.flatMap(({ nodeId, workers }) =>
      workers
        .filter(({ pid }) => this.#living.has(pid) || isWorker(pid))
        .map(({ workerId, pid }) => ({ role: 'worker' as const, name: `${nodeId}/${workerId}`, pid })),
    );
  }

  async #listNodes(): Promise<void> {
    if (this.#isListing) return;
    this.#isListing = true;
    try {
      this.nodes = await this.#options.admin.nodes.list({ timeoutMs: listWithinMs });
    } catch {
      // A balancer that does not answer is a finding of the run, not an error of it: the samples have a gap.
      return;
    } finally {
      this.#isListing = false;
    }
    const atMs = this.#options.msSinceStart();
    const { links } = this.#options.samples;
    for (const { nodeId, live, status, workers } of this.nodes) {
      const isGone = this.gone.has(nodeId) || status === 'NODE_STATUS_DEAD' || status === 'NODE_STATUS_DISABLED';
      links.add(atMs, nodeId, null, isGone ? 0 : live);
      for (const worker of workers) links.add(atMs, nodeId, worker.workerId, isGone ? 0 : worker.live);
    }
  }
}

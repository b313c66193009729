import type { NodeDirectory } from './node-directory.ts';
import { describeSkew } from './reachability/clock-comparison.ts';
import type { RegistryCheck } from './registry-check.ts';

/** The reasons why the balancer cannot do its job, in words, for operators; empty: it can. */
export type Missing = string[];

/** One answer to "can this balancer be given work?" for all who ask: `/readyz`, the gRPC health service. */
export class Readiness {
  readonly #directory: Pick<NodeDirectory, 'registryProblem' | 'hasReadyNode' | 'overloadedNodes'>;
  readonly #check: Pick<RegistryCheck, 'unfit' | 'doubtful'>;
  readonly #clock: { readonly ownAheadMs: number | undefined };
  #draining = false;

  /** @param clock How far the clock of this balancer is ahead of those of most push servers, where that is much. */
  constructor(
    directory: Pick<NodeDirectory, 'registryProblem' | 'hasReadyNode' | 'overloadedNodes'>,
    check: Pick<RegistryCheck, 'unfit' | 'doubtful'>,
    clock: { readonly ownAheadMs: number | undefined },
  ) {
    this.#directory = directory;
    this.#check = check;
    this.#clock = clock;
  }

  startDraining(): void {
    this.#draining = true;
  }

  /** Findings that an operator should know of, though they keep nobody from anything, in words. */
  get warnings(): string[] {
    const overloaded = this.#directory.overloadedNodes;
    if (overloaded.length === 0) return this.#check.doubtful;
    return [...this.#check.doubtful, `push servers that are overloaded get no new devices: ${overloaded.join(', ')}`];
  }

  missing(): Missing {
    if (this.#draining) return ['the balancer is stopping'];
    const { registryProblem } = this.#directory;
    if (registryProblem !== undefined) return [registryProblem];
    const { unfit } = this.#check;
    if (unfit.length > 0) return unfit;
    const { ownAheadMs } = this.#clock;
    if (ownAheadMs !== undefined) return [`the clock is ${describeSkew(ownAheadMs)} those of the push servers`];
    if (!this.#directory.hasReadyNode) return ['no push server is ready'];
    return [];
  }
}

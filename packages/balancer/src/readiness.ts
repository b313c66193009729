import type { RegistryCheck } from './registry-check.ts';
import type { Roster } from './roster.ts';

/** What keeps the balancer from doing its job; empty: nothing. In words, for operators. */
export type Missing = string[];

/** One answer to "can this balancer be given work?" for all who ask: `/readyz`, the gRPC health service. */
export class Readiness {
  readonly #roster: Roster;
  readonly #check: Pick<RegistryCheck, 'unfit' | 'doubtful'>;
  #draining = false;

  constructor(roster: Roster, check: Pick<RegistryCheck, 'unfit' | 'doubtful'>) {
    this.#roster = roster;
    this.#check = check;
  }

  startDraining(): void {
    this.#draining = true;
  }

  /** What an operator should know of, and what keeps nobody from anything. */
  get warnings(): string[] {
    return this.#check.doubtful;
  }

  missing(): Missing {
    if (this.#draining) return ['the balancer is stopping'];
    const { registryProblem } = this.#roster;
    if (registryProblem !== undefined) return [registryProblem];
    const { unfit } = this.#check;
    if (unfit.length > 0) return unfit;
    if (!this.#roster.hasReadyNode) return ['no push server is ready'];
    return [];
  }
}

import type { Roster } from './roster.ts';

/** What keeps the balancer from doing its job; empty: nothing. In words, for operators. */
export type Missing = string[];

/** One answer to "can this balancer be given work?" for all who ask: `/readyz`, the gRPC health service. */
export class Readiness {
  readonly #roster: Roster;
  #draining = false;

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  startDraining(): void {
    this.#draining = true;
  }

  missing(): Missing {
    if (this.#draining) return ['the balancer is stopping'];
    const { registryProblem } = this.#roster;
    if (registryProblem !== undefined) return [registryProblem];
    if (!this.#roster.hasReadyNode) return ['no push server is ready'];
    return [];
  }
}

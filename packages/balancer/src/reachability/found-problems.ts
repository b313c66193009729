import type { ListedNode, NewFleetEvent, NodeProblem, Nodes } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { LeaderTask, LeaderTerm } from '../leader/leader.ts';
import type { Verdict } from './node-trial.ts';

export interface FoundProblemsOptions {
  nodes: Pick<Nodes, 'setProblem'>;
  /** The push servers as the registry listed them last. */
  listed: () => Iterable<ListedNode>;
  /** Reads that list anew. */
  refresh: () => Promise<unknown>;
  verdict: (node: ListedNode) => Verdict;
  clock: Clock;
}

/**
 * Writes the problems that the leader finds with push servers to the registry, so that all balancers, and push servers that redirect
 * devices, avoid them; and appends events about them. What other balancers find they keep to themselves.
 */
export class FoundProblems implements LeaderTask {
  readonly name = 'recording push servers that do not work';
  readonly #options: FoundProblemsOptions;
  #term: LeaderTerm | undefined;
  #writing: Promise<void> | undefined;

  constructor(options: FoundProblemsOptions) {
    this.#options = options;
  }

  async tick(term: LeaderTerm): Promise<void> {
    this.#term = term;
    await this.#write(term);
  }

  /** Something was found: nobody should have to wait for the next tick. */
  onChange(): void {
    // A write that fails is tried again by the next tick, and logged there.
    if (this.#term && !this.#term.lost.aborted) this.#write(this.#term).catch(() => {});
  }

  #write(term: LeaderTerm): Promise<void> {
    this.#writing ??= this.#writeAll(term).finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(term: LeaderTerm): Promise<void> {
    let hasWritten = false;
    for (const node of [...this.#options.listed()]) {
      if (term.lost.aborted) return;
      const answer = this.#ask(node);
      if (answer === 'keep' || isSame(answer, node.found)) continue;
      hasWritten = (await this.#writeOne(node, answer, term.token)) || hasWritten;
    }
    if (hasWritten) await this.#options.refresh();
  }

  /** The problem that is to be in the registry; `keep`: the one that is there, or none. */
  #ask(node: ListedNode): NodeProblem | undefined | 'keep' {
    if (node.liveness !== 'alive') return 'keep';
    if (node.status !== 'ready') return undefined;
    const verdict = this.#options.verdict(node);
    if (verdict.kind === 'untried') return 'keep';
    const { problem } = verdict;
    // It reports its own problem itself, and is not tried meanwhile; only its clock is known.
    const isOfClock = [problem, node.found].some((one) => one?.kind === 'clock-skew');
    return node.problem?.impairs && !isOfClock ? 'keep' : problem;
  }

  async #writeOne(node: ListedNode, problem: NodeProblem | undefined, token: number): Promise<boolean> {
    const { nodeId, bootId, found } = node;
    const events = this.#eventsAbout(node, found, problem);
    return this.#options.nodes.setProblem({ nodeId, bootId, problem, token, events });
  }

  #eventsAbout({ nodeId, status }: ListedNode, before?: NodeProblem, now?: NodeProblem): NewFleetEvent[] {
    if (before?.kind === now?.kind) return [];
    const event = { atMs: this.#options.clock.wallMs(), node: nodeId };
    const why = status === 'ready' ? '' : ': it takes no devices any more';
    return [
      ...(before ? [{ ...event, kind: 'node-problem-solved' as const, reason: `${before.kind}${why}` }] : []),
      ...(now ? [{ ...event, kind: 'node-problem' as const, reason: `${now.kind}: ${now.detail}` }] : []),
    ];
  }
}

function isSame(one: NodeProblem | undefined, other: NodeProblem | undefined): boolean {
  return one?.kind === other?.kind && one?.detail === other?.detail && one?.impairs === other?.impairs;
}

import type { NodeId } from '@pushfleet/protocol';
import type { Events, ListedNode, Liveness, NewFleetEvent } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { LeaderTask, LeaderTerm } from './leader.ts';

/** What a new leader finds to have happened for no longer than this, the one before may not have told. */
const freshMs = 10_000;

export interface LivenessWatchOptions {
  events: Pick<Events, 'append'>;
  nodes: () => Iterable<ListedNode>;
  deadAfterMs: number;
  clock: Clock;
}

/** Tells of push servers that fall silent. At least once each: after a change of the leader it may be told again. */
export class LivenessWatch implements LeaderTask {
  readonly name = 'telling of silent push servers';
  readonly #options: LivenessWatchOptions;
  #term: LeaderTerm | undefined;
  #told = new Map<NodeId, Liveness>();

  constructor(options: LivenessWatchOptions) {
    this.#options = options;
  }

  async tick(term: LeaderTerm): Promise<void> {
    if (term !== this.#term) this.#told = new Map();
    this.#term = term;
    const nodes = [...this.#options.nodes()];
    const events = nodes.flatMap((node) => this.#eventOf(node));
    if (events.length > 0) await this.#options.events.append(events);
    // Only now: what could not be appended is told the next time.
    this.#told = new Map(nodes.map(({ nodeId, liveness }) => [nodeId, liveness]));
  }

  #eventOf({ nodeId, liveness, silentMs }: ListedNode): NewFleetEvent[] {
    const before = this.#told.get(nodeId) ?? this.#firstSight(liveness, silentMs);
    if (liveness === 'alive' || liveness === before) return [];
    const kind = liveness === 'dead' ? 'node-dead' : 'node-suspect';
    const reason = `silent for ${Math.round(silentMs / 1_000)} s`;
    return [{ kind, atMs: this.#options.clock.wallMs(), node: nodeId, reason }];
  }

  #firstSight(liveness: Liveness, silentMs: number): Liveness {
    const isOld = liveness === 'dead' && silentMs > this.#options.deadAfterMs + freshMs;
    return isOld ? 'dead' : 'alive';
  }
}

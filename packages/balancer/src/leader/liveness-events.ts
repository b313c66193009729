import type { NodeId } from '@pushfleet/protocol';
import type { Events, ListedNode, Liveness, NewFleetEvent } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { LeaderTask, LeaderTerm } from './leader.ts';

/** A death that is no older than this when a leader begins may not have been reported by the one before. */
const freshMs = 10_000;

export interface LivenessEventsOptions {
  events: Pick<Events, 'append'>;
  nodes: () => Iterable<ListedNode>;
  deadAfterMs: number;
  clock: Clock;
}

/** Appends an event when a push server falls silent; at least once, and perhaps once more after a change of the leader. */
export class LivenessEvents implements LeaderTask {
  readonly name = 'reporting silent push servers';
  readonly #options: LivenessEventsOptions;
  #term: LeaderTerm | undefined;
  #reported = new Map<NodeId, Liveness>();

  constructor(options: LivenessEventsOptions) {
    this.#options = options;
  }

  async tick(term: LeaderTerm): Promise<void> {
    if (term !== this.#term) this.#reported = new Map();
    this.#term = term;
    const nodes = [...this.#options.nodes()];
    const events = nodes.flatMap((node) => this.#eventsAbout(node));
    if (events.length > 0) await this.#options.events.append(events);
    // Only now: what could not be appended is appended the next time.
    this.#reported = new Map(nodes.map(({ nodeId, liveness }) => [nodeId, liveness]));
  }

  #eventsAbout({ nodeId, liveness, silentMs }: ListedNode): NewFleetEvent[] {
    const before = this.#reported.get(nodeId) ?? this.#firstSight(liveness, silentMs);
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

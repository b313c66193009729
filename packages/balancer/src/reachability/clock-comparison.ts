import type { NodeId } from '@pushfleet/protocol';
import type { ListedNode } from '@pushfleet/registry';

/** Clocks may differ by as much as tickets and tunnel tokens tolerate. */
const toleranceMs = 60_000;
/** One heartbeat may have been on its way for long; so many in a row are a clock that is wrong. */
const beatsNeeded = 2;

interface Compared {
  /** The wall clock of the push server, as in its last heartbeat. */
  wallMs: number;
  beats: number;
  aheadMs: number;
}

/**
 * Compares the wall clocks of push servers, as in their heartbeats, with that of this process. Works also where no channel opens
 * because certificates are judged by clocks that disagree.
 */
export class ClockComparison {
  #compared = new Map<NodeId, Compared>();

  /** @param nodes As just read: how long they have been silent must be true now. */
  compare(nodes: Iterable<ListedNode>, wallMs: number): void {
    const compared = new Map<NodeId, Compared>();
    for (const node of nodes) {
      if (node.liveness !== 'alive' || node.wallMs === undefined) continue;
      const before = this.#compared.get(node.nodeId);
      compared.set(node.nodeId, compareOne(node.wallMs, node.wallMs + node.silentMs - wallMs, before));
    }
    this.#compared = compared;
  }

  /**
   * How far the push server's clock is ahead of this process', in ms; `undefined`: not by much, or it is this process' clock that is
   * wrong.
   */
  aheadMs(nodeId: NodeId): number | undefined {
    const compared = this.#compared.get(nodeId);
    return compared && isSkewed(compared) && this.ownAheadMs === undefined ? compared.aheadMs : undefined;
  }

  /** How far this process' clock is ahead of those of most push servers, which agree with one another, in ms. */
  get ownAheadMs(): number | undefined {
    const skews = [...this.#compared.values()].filter(isSkewed).map(({ aheadMs }) => aheadMs);
    const agree = skews.length >= 2 && Math.max(...skews) - Math.min(...skews) <= toleranceMs;
    return agree && skews.length * 2 > this.#compared.size ? -(skews[0] as number) : undefined;
  }
}

function compareOne(wallMs: number, aheadMs: number, before: Compared | undefined): Compared {
  if (Math.abs(aheadMs) <= toleranceMs) return { wallMs, beats: 0, aheadMs };
  const beats = before?.beats ?? 0;
  return { wallMs, beats: before?.wallMs === wallMs ? Math.max(1, beats) : beats + 1, aheadMs };
}

function isSkewed({ beats }: Compared): boolean {
  return beats >= beatsNeeded;
}

/** A difference of clocks in words, e.g. `2 min ahead of`, `1 d 3 h behind`: to be followed by the other clock. */
export function describeSkew(aheadMs: number): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24, minutes % 60];
  const parts = [days > 0 ? `${days} d` : '', hours > 0 ? `${hours} h` : '', rest > 0 ? `${rest} min` : ''];
  return `${parts.filter(Boolean).join(' ')} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
}

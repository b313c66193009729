import type { LinkCounts } from './load-report.ts';
import { SampledColumns } from './sampled-columns.ts';

/** Links of push servers and workers, over time. */
export class LinkSamples {
  readonly #held = new Map<string, { nodeId: string; worker: string | null; samples: SampledColumns<'links'> }>();

  /** `worker`: `null` for the whole push server. `links`: `null` if it is gone. */
  add(atMs: number, nodeId: string, worker: string | null, links: number | null): void {
    const key = JSON.stringify([nodeId, worker]);
    const known = this.#held.get(key) ?? { nodeId, worker, samples: new SampledColumns(['links']) };
    this.#held.set(key, known);
    known.samples.add(atMs, { links });
  }

  /** Samples until now: those that are added later are not in it. */
  counts(): LinkCounts[] {
    return [...this.#held.values()].map(({ nodeId, worker, samples }) => ({
      ...{ nodeId, worker, atMs: [...samples.atMs], links: [...samples.columns.links] },
    }));
  }

  /** Links of the fullest push server ÷ mean of all that hold any, by their last samples; `null`: none does. */
  spread(): number | null {
    const last = [...this.#held.values()]
      .filter(({ worker }) => worker === null)
      .map(({ samples }) => samples.columns.links.at(-1) ?? 0)
      .filter((links) => links > 0);
    const sum = last.reduce((total, links) => total + links, 0);
    return sum === 0 ? null : Math.max(...last) / (sum / last.length);
  }
}

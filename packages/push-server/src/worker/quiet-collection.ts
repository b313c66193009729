import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import type { Clock, LoopLoad } from '@pushfleet/runtime';

/** V8's heap, as far as its garbage is concerned. */
export interface CollectedHeap {
  /** Bytes of its objects, dead ones that have not been collected yet included. */
  readUsedBytes(): number;
  /**
   * Begins to collect the whole heap once it has filled such a share of the room that V8 grants it before it does so by itself; in
   * percent, 0: V8's own way. Marking goes on in steps, and in other threads.
   */
  setTriggerPercent(percent: number): void;
  /** Allocates so much that V8 looks at the share: it does so only after it has collected its young generation. */
  stir(): void;
}

export interface QuietCollectionOptions {
  clock: Pick<Clock, 'every'>;
  load: Pick<LoopLoad, 'utilization'>;
  heap?: CollectedHeap;
}

/** Twice what the young generation of a worker has room for. */
const stirred = { arrays: 2_048, length: 256 };
/** Seen from outside the loop, or the compiler would allocate nothing. */
let latest: unknown[] = [];

const v8Heap: CollectedHeap = {
  readUsedBytes: () => getHeapStatistics().used_heap_size,
  setTriggerPercent: (percent) => setFlagsFromString(`--incremental-marking-soft-trigger=${percent}`),
  stir: () => {
    for (let count = 0; count < stirred.arrays; count += 1) latest = new Array(stirred.length).fill(latest.length);
    latest = [];
  },
};

export const quietCollectionLimits = {
  checkEveryMs: 1_000,
  /** Above this utilization of the loop the processor is for devices. */
  quietUtilization: 0.3,
  quietChecks: 3,
  /** Growth of the heap since it was last collected here, or least, that is worth a collection. */
  worthRatio: 1.25,
  worthBytes: 8 * 1_024 * 1_024,
  /** Hardly any: whether it is worth it has been found out here. */
  triggerPercent: 2,
  /** For so long V8 may begin; what has shrunk to this share of it before has been collected. */
  offeredChecks: 10,
  collectedRatio: 0.9,
  /** V8 gives pages back 8 s after it has collected, if it then sees something allocated, and little. */
  returnChecks: 20,
} as const;

/**
 * Has V8 collect what a storm left behind once the worker is quiet. By itself V8 lets the heap grow to several times of what lives in
 * it, which makes storms cheap, and looks at it again only when it has grown further: a worker that has nothing more to do
 * keeps dead links for hours, 22 KiB for each live one. docs/benchmarks.md has the figures.
 */
export class QuietCollection implements Disposable {
  readonly #options: QuietCollectionOptions;
  readonly #heap: CollectedHeap;
  readonly #timer: Disposable;
  #quietChecks = 0;
  #leastBytes: number;
  #returnChecksLeft = 0;
  /** While V8 is asked to collect. */
  #offer: { bytes: number; checksLeft: number } | undefined;

  constructor(options: QuietCollectionOptions) {
    this.#options = options;
    this.#heap = options.heap ?? v8Heap;
    this.#leastBytes = this.#heap.readUsedBytes();
    this.#timer = options.clock.every(quietCollectionLimits.checkEveryMs, () => this.#check());
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    if (this.#offer) this.#endOffer();
  }

  #check(): void {
    const isQuiet = this.#options.load.utilization < quietCollectionLimits.quietUtilization;
    this.#quietChecks = isQuiet ? this.#quietChecks + 1 : 0;
    const usedBytes = this.#heap.readUsedBytes();
    if (this.#offer) return this.#goOn(this.#offer, usedBytes, isQuiet);
    if (this.#returnChecksLeft > 0 && isQuiet) {
      this.#returnChecksLeft -= 1;
      this.#heap.stir();
    }
    this.#leastBytes = Math.min(this.#leastBytes, usedBytes);
    const isWorthIt = usedBytes >= this.#leastBytes * quietCollectionLimits.worthRatio;
    const isEnough = usedBytes >= this.#leastBytes + quietCollectionLimits.worthBytes;
    if (this.#quietChecks < quietCollectionLimits.quietChecks || !isWorthIt || !isEnough) return;
    this.#offer = { bytes: usedBytes, checksLeft: quietCollectionLimits.offeredChecks };
    this.#heap.setTriggerPercent(quietCollectionLimits.triggerPercent);
    this.#heap.stir();
  }

  #goOn(offer: { bytes: number; checksLeft: number }, usedBytes: number, isQuiet: boolean): void {
    // Its garbage stays: the next quiet moment sees it again.
    if (!isQuiet) return this.#endOffer();
    offer.checksLeft -= 1;
    if (offer.checksLeft > 0 && usedBytes > offer.bytes * quietCollectionLimits.collectedRatio) {
      return this.#heap.stir();
    }
    // What is there now lives, or V8 saw no need.
    this.#leastBytes = usedBytes;
    this.#returnChecksLeft = quietCollectionLimits.returnChecks;
    this.#endOffer();
  }

  #endOffer(): void {
    this.#offer = undefined;
    this.#heap.setTriggerPercent(0);
  }
}

import { type Span, type SpanOptions, type Tracer, tracing } from '@pushfleet/runtime';
import { currentProcess, type SimulatedProcess } from '../world/process.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

const sampledShare = 0.5;

interface OpenSpan {
  name: string;
  process: SimulatedProcess | undefined;
  fromMs: number;
}

/**
 * The tracer of all simulated processes: takes one trace in two, and keeps the spans that are open. A span that names a parent which nobody
 * has begun is found at once: then a process has lost its place in the trace.
 */
export class SpanRecorder implements Tracer, Disposable {
  readonly #world: World;
  readonly #random: Random;
  readonly #before = tracing.tracer;
  /** Those that were begun ever, by their parts of a traceparent. */
  readonly #begun = new Set<string>();
  readonly #open = new Set<OpenSpan>();

  constructor(world: World) {
    this.#world = world;
    this.#random = world.random.fork('traces');
    tracing.tracer = this;
  }

  start(name: string, { kind, parent, link }: SpanOptions): Span | undefined {
    for (const context of [parent, link]) {
      if (context && !this.#begun.has(context.traceparent))
        this.#world.find('a span without its parent', `${name} of ${context.traceparent}`);
    }
    if (!parent && !this.#random.chance(sampledShare)) return undefined;
    const traceId = parent?.traceparent.split('-')[1] ?? this.#random.bytes(16).toString('hex');
    const traceparent = `00-${traceId}-${this.#random.bytes(8).toString('hex')}-01`;
    this.#begun.add(traceparent);
    const open: OpenSpan = { name, process: currentProcess(), fromMs: this.#world.nowMs };
    if (kind === 'server') this.#open.add(open);
    return {
      context: { traceparent, tracestate: '' },
      setAttributes: () => {},
      addEvent: () => {},
      end: () => void this.#open.delete(open),
    };
  }

  /** The spans of calls, longer than any call may take, of processes that still live. */
  unended(longestMs: number): readonly OpenSpan[] {
    const nowMs = this.#world.nowMs;
    return [...this.#open].filter(({ process, fromMs }) => !process?.isEnded && nowMs - fromMs > longestMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    tracing.tracer = this.#before;
  }
}

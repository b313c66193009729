import type { TraceContext } from './trace-context.ts';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** Something that takes time, from its start to its end. */
export interface Span {
  /** For what belongs to it in this process or another one. */
  readonly context: TraceContext;
  setAttributes(attributes: Attributes): void;
  /** Something happens within it. */
  addEvent(name: string, attributes?: Attributes): void;
  /** It is over. Only the first call counts. @param failure Why it did not come to what it was begun for. */
  end(failure?: string): void;
}

export interface SpanOptions {
  kind: 'internal' | 'server' | 'producer' | 'consumer';
  /** The span of which it is a part; absent: it begins a trace. */
  parent?: TraceContext | undefined;
  /** Another trace to which it belongs. */
  link?: TraceContext | undefined;
  attributes?: Attributes;
}

/** Records what becomes of commands, for those who look at traces. */
export interface Tracer extends AsyncDisposable {
  /** `undefined`: the trace is not sampled. */
  start(name: string, options: SpanOptions): Span | undefined;
}

/**
 * The tracer of this process; `undefined` where tracing is off, which is all that the path of a command looks at then. One for a
 * process, as its meter is.
 */
export const tracing: { tracer: Tracer | undefined } = { tracer: undefined };

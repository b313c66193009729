/** The place in a trace at which another process goes on, as W3C Trace Context has it on wires. */
export interface TraceContext {
  readonly traceparent: string;
  /** Empty: none. */
  readonly tracestate: string;
}

const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Members that are kept are at least these, as the specification asks; a longer list is left out. */
const tracestateBytes = 512;
const tracestatePattern = /^[\x20-\x7e]*$/;

/**
 * Reads headers of a peer. Whatever is not well-formed is as if it were not there: a trace is never a reason to refuse anything.
 * @param traceparent All values of the header; more than one is none.
 */
export function readTraceContext(
  traceparent: readonly unknown[],
  tracestate: readonly unknown[] = [],
): TraceContext | undefined {
  const [parent] = traceparent;
  if (traceparent.length !== 1 || typeof parent !== 'string' || !traceparentPattern.test(parent)) return undefined;
  const state = tracestate.every((one) => typeof one === 'string') ? tracestate.join(',') : '';
  const isKept = state.length <= tracestateBytes && tracestatePattern.test(state);
  return { traceparent: parent, tracestate: isKept ? state : '' };
}

/** The parts of a traceparent that was read or made here. */
export function partsOf({ traceparent }: TraceContext): { traceId: string; spanId: string; flags: number } {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, flags: Number.parseInt(flags, 16) };
}

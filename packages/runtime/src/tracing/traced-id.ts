import { type CommandId, durableCommandId } from '@pushfleet/protocol';
import { partsOf, type TraceContext } from './trace-context.ts';

const tracedId = /^d-t([0-9a-f]{32})-([0-9a-f]{16})$/;

/** The id of a durable command whose trace is sampled: whoever delivers it, days later perhaps, finds the trace by it. */
export function tracedCommandId(context: TraceContext): CommandId {
  const { traceId, spanId } = partsOf(context);
  return durableCommandId(`t${traceId}-${spanId}`);
}

/** The span in which a command was submitted, by its id; `undefined`: the id tells of none. */
export function traceOfCommand(id: string): TraceContext | undefined {
  const [, traceId, spanId] = tracedId.exec(id) ?? [];
  return traceId && spanId ? { traceparent: `00-${traceId}-${spanId}-01`, tracestate: '' } : undefined;
}

import { type CommandId, durableCommandId, type GroupPushId, parseGroupPushId } from '@pushfleet/protocol';
import { partsOf, type TraceContext } from './trace-context.ts';

const tracedForm = /^t([0-9a-f]{32})-([0-9a-f]{16})$/;
const durablePrefix = durableCommandId('t').slice(0, -1);

/** The id of a durable command whose trace is sampled: whoever delivers it, days later perhaps, finds the trace by it. */
export function tracedCommandId(context: TraceContext): CommandId {
  return durableCommandId(nameOf(context));
}

/** The id of a group push whose trace is sampled: whichever balancer runs it finds the trace by it. */
export function tracedGroupPushId(context: TraceContext): GroupPushId {
  return parseGroupPushId(nameOf(context));
}

/** The span in which a command was submitted, by its id; `undefined`: the id tells of none. */
export function traceOfCommand(id: string): TraceContext | undefined {
  return id.startsWith(durablePrefix) ? contextOf(id.slice(durablePrefix.length)) : undefined;
}

/** The span in which a group push was submitted, by its id; `undefined`: the id tells of none. */
export function traceOfGroupPush(id: GroupPushId): TraceContext | undefined {
  return contextOf(id);
}

function nameOf(context: TraceContext): string {
  const { traceId, spanId } = partsOf(context);
  return `t${traceId}-${spanId}`;
}

function contextOf(name: string): TraceContext | undefined {
  const [, traceId, spanId] = tracedForm.exec(name) ?? [];
  return traceId && spanId ? { traceparent: `00-${traceId}-${spanId}-01`, tracestate: '' } : undefined;
}

import { type CommandId, type common, hasEnded, isDurable, type PushfleetError } from '@pushfleet/protocol';
import type { GroupPushView } from '@pushfleet/registry';
import { type Span, type TraceContext, tracedGroupPushId, traceOfGroupPush, tracing } from '@pushfleet/runtime';
import { type CommandTrace, commandService, tracedWithin } from '../commands/command-trace.ts';
import type { CommandRef, SharedCommand, Status } from '../commands/engine.ts';

/** Commands of one group push that have spans, in each batch and in all that one balancer sends. */
const tracedInBatch = 10;
const tracedInAll = 100;

/**
 * The span of the call that submits a group push; `undefined`: nobody traces here, or the trace is not sampled. The group push is to
 * have the id of `groupPushIdOf`.
 */
export function beginGroupPush(caller: TraceContext | undefined, operation: common.Operation): Span | undefined {
  const attributes = {
    ...{ 'rpc.system': 'grpc', 'rpc.service': commandService, 'rpc.method': 'PushToGroup' },
    'pushfleet.operation': operation.kind ?? '',
  };
  return tracing.tracer?.start(`${commandService}/PushToGroup`, { kind: 'server', parent: caller, attributes });
}

export function groupPushIdOf(span: Span): GroupPushView['id'] {
  const id = tracedGroupPushId(span.context);
  span.setAttributes({ 'pushfleet.group_push.id': id });
  return id;
}

/**
 * The spans of one sampled group push in the balancer that runs it: `group push`, as long as it runs here, and within it those of
 * some of its commands, from their submission until they have ended or wait for their device.
 */
export class GroupPushTrace {
  readonly #span: Span;
  readonly #operation: common.Operation;
  readonly #open = new Map<CommandId, CommandTrace>();
  #traced = 0;

  /** `undefined`: nobody traces here, or its id tells of no trace. */
  static of({ id, request }: Pick<GroupPushView, 'id' | 'request'>): GroupPushTrace | undefined {
    if (!tracing.tracer) return undefined;
    const parent = traceOfGroupPush(id);
    const attributes = { 'pushfleet.group_push.id': id, 'pushfleet.operation': request.operation.kind ?? '' };
    const span = parent && tracing.tracer.start('group push', { kind: 'internal', parent, attributes });
    return span && new GroupPushTrace(span, request.operation);
  }

  private constructor(span: Span, operation: common.Operation) {
    this.#span = span;
    this.#operation = operation;
  }

  /** The same commands, the first of them with spans. */
  begin(batch: readonly CommandRef[]): SharedCommand[] {
    const end = Math.min(tracedInBatch, tracedInAll - this.#traced);
    return batch.map((command, at) => (at < end ? this.#begin(command) : command));
  }

  onStatus({ id }: CommandRef, status: Status): void {
    if (!hasEnded(status.outcome) && !(isDurable(id) && status.outcome === 'OUTCOME_QUEUED')) return;
    this.#open.get(id)?.answer(status);
    this.#open.delete(id);
  }

  onFailed({ id }: CommandRef, error: Pick<PushfleetError, 'code' | 'message'>): void {
    this.#open.get(id)?.refuse(error);
    this.#open.delete(id);
  }

  /** It has ended, or runs here no more. @param outcome Its state, or why it stopped. */
  end({ state, devices }: Pick<GroupPushView, 'state' | 'devices'>): void {
    for (const trace of this.#open.values()) trace.leave();
    this.#open.clear();
    this.#span.setAttributes({ 'pushfleet.group_push.state': state, 'pushfleet.group_push.devices': devices });
    this.#span.end();
  }

  #begin(command: CommandRef): SharedCommand {
    const trace = tracedWithin({ ...command, operation: this.#operation }, this.#span.context);
    if (!trace) return command;
    this.#traced += 1;
    this.#open.set(command.id, trace);
    return { ...command, trace };
  }
}

import {
  type CommandId,
  type common,
  type DeviceId,
  hasEnded,
  isDurable,
  type PushfleetError,
} from '@pushfleet/protocol';
import type { StoredStatus } from '@pushfleet/registry';
import {
  readTraceContext,
  type Span,
  type TraceContext,
  type Tracer,
  tracedCommandId,
  tracing,
} from '@pushfleet/runtime';

/** A call of gRPC, or one that came over HTTP. */
interface TracedCall {
  metadata: { get(name: string): readonly unknown[] };
}

/** A command as it is submitted, with what its spans say of it. */
interface TracedSubmission {
  readonly id: CommandId;
  readonly device: DeviceId;
  readonly operation: common.Operation;
  readonly hasChosenId: boolean;
  readonly trace?: CommandTrace | undefined;
}

/** The state of a direct command, as far as its spans need it. */
type State = { kind: 'routing' | 'queued' | 'sent' | 'confirmed' | 'lost' } | { kind: 'ended'; status: StoredStatus };

/** The trace that the caller is in. `undefined`: there is none, or nobody here traces. */
export function callerTrace({ metadata }: TracedCall): TraceContext | undefined {
  if (!tracing.tracer) return undefined;
  return readTraceContext(metadata.get('traceparent'), metadata.get('tracestate'));
}

/**
 * The submission with its trace, where this process traces and the trace is sampled; else the submission itself. A durable
 * command whose id nobody has chosen gets one that names the trace.
 */
export function traced<Of extends TracedSubmission>(
  submission: Of,
  caller: TraceContext | undefined,
  method: string,
): Of {
  const { tracer } = tracing;
  if (!tracer) return submission;
  const attributes = { 'rpc.system': 'grpc', 'rpc.service': commandService, 'rpc.method': method };
  const push = tracer.start(`${commandService}/${method}`, { kind: 'server', parent: caller, attributes });
  if (!push) return submission;
  const isNamed = isDurable(submission.id) && !submission.hasChosenId;
  const id = isNamed ? tracedCommandId(push.context) : submission.id;
  push.setAttributes({
    'pushfleet.device.id': submission.device,
    'pushfleet.command.id': id,
    'pushfleet.command.durable': isDurable(id),
    'pushfleet.operation': submission.operation.kind ?? '',
  });
  return { ...submission, id, trace: new CommandTrace(tracer, push, isDurable(id) ? 'claim' : 'route') };
}

/** A trace of one command that belongs to something else, a group push or a tunnel. `undefined`: nobody traces here, or it is not sampled. */
export function tracedWithin(
  { id, device, operation }: Pick<TracedSubmission, 'id' | 'device' | 'operation'>,
  parent: TraceContext,
): CommandTrace | undefined {
  const { tracer } = tracing;
  const attributes = {
    'pushfleet.device.id': device,
    'pushfleet.command.id': id,
    'pushfleet.command.durable': isDurable(id),
    'pushfleet.operation': operation.kind ?? '',
  };
  const span = tracer?.start('command', { kind: 'internal', parent, attributes });
  return tracer && span && new CommandTrace(tracer, span, isDurable(id) ? 'claim' : 'route');
}

export const commandService = 'pushfleet.admin.v1.CommandService';

type Step = 'route' | 'claim' | 'channel';

/** Outcomes that are not what the command was sent for. */
const failures: ReadonlySet<StoredStatus['outcome']> = new Set([
  'OUTCOME_FAILED',
  'OUTCOME_REJECTED',
  'OUTCOME_EXPIRED',
  'OUTCOME_NOT_CONNECTED',
  'OUTCOME_UNKNOWN',
]);

/**
 * The spans of one sampled command in this balancer: `push`, from its submission to the answer of its caller, and within it the
 * steps: `route` or `claim`, until it is known which worker it goes to, and `channel`, until it is written to that worker.
 */
export class CommandTrace {
  readonly #tracer: Tracer;
  readonly #push: Span;
  #step: Span | undefined;

  constructor(tracer: Tracer, push: Span, first: Step) {
    this.#tracer = tracer;
    this.#push = push;
    this.begin(first);
  }

  /** The span in which the worker goes on. */
  get context(): TraceContext {
    return (this.#step ?? this.#push).context;
  }

  /** The step before is over. */
  begin(step: Step, failure?: string): void {
    this.endStep(failure);
    const kind = step === 'channel' ? 'producer' : 'internal';
    this.#step = this.#tracer.start(step, { kind, parent: this.#push.context });
  }

  endStep(failure?: string): void {
    this.#step?.end(failure);
    this.#step = undefined;
  }

  /** A direct command has a new state. */
  onState(state: State): void {
    switch (state.kind) {
      case 'routing':
        return this.begin('route', 'the link was not where the route said');
      case 'queued':
        return this.begin('channel');
      case 'ended':
        return this.endStep(failureOf(state.status));
      case 'sent':
      case 'confirmed':
      case 'lost':
        return this.endStep();
      default:
        return state satisfies never;
    }
  }

  /** The caller is answered. */
  answer(status: StoredStatus): void {
    this.#push.setAttributes({ 'pushfleet.outcome': status.outcome.replace('OUTCOME_', '') });
    this.#end(hasEnded(status.outcome) ? failureOf(status) : undefined);
  }

  /** The command was not accepted. */
  refuse({ code, message }: Pick<PushfleetError, 'code' | 'message'>): void {
    this.#push.setAttributes({ 'error.type': code });
    this.#end(message);
  }

  /** The caller has left. */
  leave(): void {
    this.#end('the caller went away');
  }

  #end(failure: string | undefined): void {
    // What goes on without the caller is told by its own spans.
    if (failure !== undefined) this.endStep(failure);
    this.#push.end(failure);
  }
}

function failureOf({ outcome, reason }: StoredStatus): string | undefined {
  return failures.has(outcome) ? reason || outcome : undefined;
}

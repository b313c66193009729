import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type admin,
  limits,
  type OperationName,
  operationKind,
  operationNames,
  toRpcStatus,
  toStatus,
} from '@pushfleet/protocol';
import { type Logger, type TraceContext, TurnBatch } from '@pushfleet/runtime';
import type { MessageAccess } from '../access/access-control.ts';
import { shuttingDown, toPushfleetError } from '../errors.ts';
import type { CommandIds } from './command-id.ts';
import { type CommandTrace, callerTrace, traced } from './command-trace.ts';
import type { CommandEngine, CommandListener, CommandRef, Status } from './engine.ts';
import { type ParsedPush, parsePush } from './push-request.ts';

export type PushStreamCall = ServerDuplexStream<admin.PushStreamRequest, admin.PushStreamResponseInit>;

export interface PushStreamOptions {
  ids: CommandIds;
  engine: Pick<CommandEngine, 'submit' | 'releaseAll'>;
  logger: Logger;
  access: MessageAccess;
}

const maxInFlight = 4_096;
const batchAnswers = 512;
const answerBytes = 160;

/**
 * One PushStream call: the listener of all its commands, which it knows by their correlation ids. Reads no faster than its
 * commands end and its answers are read.
 */
export class PushStream implements CommandListener {
  closed = false;
  readonly #call: PushStreamCall;
  readonly #ids: CommandIds;
  readonly #engine: PushStreamOptions['engine'];
  readonly #logger: Logger;
  readonly #access: MessageAccess;
  /** Operations of the pushes that are not answered yet, by correlation id. */
  readonly #operations = new Map<number, OperationName>();
  readonly #callerTrace: TraceContext | undefined;
  /** Those of the commands in flight that are sampled; there are none where nobody traces. */
  #traces: Map<number, CommandTrace> | undefined;
  readonly #answers: TurnBatch<admin.StreamedAnswerInit>;
  /** Pushes that were read with others and have to wait, and how many of them were taken since. */
  #held: admin.StreamedPush[] = [];
  #taken = 0;
  /** Answers that are not written yet included. */
  #inFlight = 0;
  #ending: 'no' | 'half-closed' | 'stopping' | 'ended' = 'no';

  constructor(call: PushStreamCall, { ids, engine, logger, access }: PushStreamOptions) {
    this.#call = call;
    this.#ids = ids;
    this.#engine = engine;
    this.#logger = logger;
    this.#access = access;
    this.#callerTrace = callerTrace(call);
    this.#answers = new TurnBatch<admin.StreamedAnswerInit>({
      capacity: maxInFlight,
      batchItems: batchAnswers,
      batchBytes: limits.payloadBytes / 4,
      sizeOf: ({ response }) => answerBytes + (response?.status?.output?.length ?? 0),
      write: (answers) => this.#write(answers),
    });
    call.on('data', (request: admin.PushStreamRequest) => this.#onRequest(request));
    call.on('drain', () => this.#onDrain());
    call.on('end', () => this.#finish('half-closed'));
    call.on('cancelled', () => this.#leave());
  }

  /** The balancer stops: nothing more is taken, what is under way is answered. */
  stop(): void {
    if (this.#ending === 'no') this.#finish('stopping');
  }

  onStatus({ id: commandId, device: deviceId }: CommandRef, status: Status, nodeId: string, tag: number): void {
    this.#record(tag, deviceId, status.outcome.replace('OUTCOME_', ''));
    if (this.#traces) this.#takeTrace(tag)?.answer(status);
    this.#answers.add({ correlationId: tag, response: { commandId, deviceId, status, nodeId } });
  }

  onFailed({ device }: CommandRef, error: unknown, tag: number): void {
    this.#refuse(tag, error, device);
  }

  #onRequest({ pushes }: admin.PushStreamRequest): void {
    this.#held = this.#taken < this.#held.length ? [...this.#held.slice(this.#taken), ...pushes] : pushes;
    this.#taken = 0;
    this.#takeHeld();
  }

  #takeHeld(): void {
    while (this.#taken < this.#held.length && this.#inFlight < maxInFlight) {
      const pushed = this.#held[this.#taken] as admin.StreamedPush;
      this.#taken += 1;
      this.#take(pushed);
    }
    if (this.#taken === this.#held.length) this.#release();
    if (!this.#mayRead() && this.#ending === 'no') this.#call.pause();
  }

  #take({ correlationId, push }: admin.StreamedPush): void {
    this.#inFlight += 1;
    try {
      const parsed = parsePush(push, this.#ids);
      this.#operations.set(correlationId, operationNames[operationKind(parsed.operation)]);
      const permitted = this.#access.assertDevice(parsed.device);
      if (permitted !== undefined) void this.#submitOnce(permitted, parsed, correlationId);
      else this.#submit(parsed, correlationId);
    } catch (error) {
      this.#refuse(correlationId, error, push?.deviceId ?? '');
    }
  }

  async #submitOnce(permitted: Promise<void>, parsed: ParsedPush, correlationId: number): Promise<void> {
    try {
      await permitted;
      if (!this.closed) this.#submit(parsed, correlationId);
    } catch (error) {
      this.#refuse(correlationId, error, parsed.device);
    }
  }

  #submit(parsed: ParsedPush, correlationId: number): void {
    const push = traced(parsed, this.#callerTrace, 'PushStream');
    if (push.trace) {
      this.#traces ??= new Map();
      this.#traces.set(correlationId, push.trace);
    }
    this.#engine.submit(push, { listener: this, tag: correlationId, on: push.step });
  }

  #refuse(correlationId: number, error: unknown, device: string): void {
    const refusal = toPushfleetError(error, this.#logger);
    this.#record(correlationId, device, refusal.code);
    if (this.#traces) this.#takeTrace(correlationId)?.refuse(refusal);
    this.#answers.add({ correlationId, error: toRpcStatus(refusal) });
  }

  #takeTrace(correlationId: number): CommandTrace | undefined {
    const trace = this.#traces?.get(correlationId);
    this.#traces?.delete(correlationId);
    return trace;
  }

  #record(correlationId: number, device: string, outcome: string): void {
    const operation = this.#operations.get(correlationId) ?? '';
    this.#operations.delete(correlationId);
    this.#access.record({ target: `device ${device}`, operation, outcome });
  }

  #write(answers: admin.StreamedAnswerInit[]): boolean {
    this.#inFlight -= answers.length;
    const more = this.#call.write({ answers });
    // Not from within a write: what is taken now may be answered at once.
    if (more && (this.#held.length > 0 || this.#call.isPaused())) setImmediate(() => this.#resume());
    this.#endIfDone();
    return more;
  }

  #onDrain(): void {
    this.#answers.resume();
    this.#resume();
  }

  #resume(): void {
    if (this.#ending === 'stopping' || this.closed) return;
    this.#takeHeld();
    if (this.#mayRead() && this.#call.isPaused()) this.#call.resume();
  }

  #mayRead(): boolean {
    const room = this.#held.length === 0 && this.#inFlight < maxInFlight;
    return room && !this.#call.writableNeedDrain && this.#ending !== 'stopping';
  }

  #release(): void {
    this.#held = [];
    this.#taken = 0;
  }

  #finish(how: 'half-closed' | 'stopping'): void {
    this.#ending = how;
    if (how === 'stopping') {
      this.#call.pause();
      this.#release();
    }
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#inFlight > 0 || this.#held.length > 0 || this.closed) return;
    if (this.#ending === 'half-closed') this.#call.end();
    if (this.#ending === 'stopping') this.#call.emit('error', toStatus(shuttingDown('another one takes commands')));
    if (this.#ending !== 'no') this.#ending = 'ended';
  }

  #leave(): void {
    this.closed = true;
    this.#ending = 'ended';
    this.#release();
    this.#answers.close();
    for (const trace of this.#traces?.values() ?? []) trace.leave();
    this.#traces = undefined;
    this.#engine.releaseAll(this);
  }
}

import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type admin, limits, toRpcStatus, toStatus } from '@pushfleet/protocol';
import { type Logger, TurnBatch } from '@pushfleet/runtime';
import { toPushfleetError } from '../net/grpc-answer.ts';
import type { Caller } from './caller.ts';
import { parsePush } from './push.ts';
import type { PushEntry } from './push-entry.ts';
import { shuttingDown } from './refusal.ts';

export type PushStreamCall = ServerDuplexStream<admin.PushStreamRequest, admin.PushStreamResponseInit>;

const maxUnderWay = 4_096;
const batchAnswers = 512;
const answerBytes = 160;

/** One PushStream call. Reads no faster than its commands end and its answers are read. */
export class PushStream implements Caller {
  gone = false;
  readonly #call: PushStreamCall;
  readonly #entry: PushEntry;
  readonly #logger: Logger;
  readonly #answers: TurnBatch<admin.StreamedAnswerInit>;
  /** What was read with others and has to wait, and how much of it was taken since. */
  #held: admin.StreamedPush[] = [];
  #taken = 0;
  /** Answers that are not written yet included. */
  #underWay = 0;
  #ending: 'no' | 'half-closed' | 'stopping' | 'ended' = 'no';

  constructor(call: PushStreamCall, entry: PushEntry, logger: Logger) {
    this.#call = call;
    this.#entry = entry;
    this.#logger = logger;
    this.#answers = new TurnBatch<admin.StreamedAnswerInit>({
      capacity: maxUnderWay,
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

  onAnswer(tag: number, response: admin.PushResponseInit): void {
    if (!this.gone) this.#answers.add({ correlationId: tag, response });
  }

  onRefused(tag: number, error: unknown): void {
    if (this.gone) return;
    this.#answers.add({ correlationId: tag, error: toRpcStatus(toPushfleetError(error, this.#logger)) });
  }

  #onRequest({ pushes }: admin.PushStreamRequest): void {
    this.#held = this.#taken < this.#held.length ? [...this.#held.slice(this.#taken), ...pushes] : pushes;
    this.#taken = 0;
    this.#takeHeld();
  }

  #takeHeld(): void {
    while (this.#taken < this.#held.length && this.#underWay < maxUnderWay) {
      const pushed = this.#held[this.#taken] as admin.StreamedPush;
      this.#taken += 1;
      this.#take(pushed);
    }
    if (this.#taken === this.#held.length) this.#release();
    if (!this.#mayRead() && this.#ending === 'no') this.#call.pause();
  }

  #take({ correlationId, push }: admin.StreamedPush): void {
    this.#underWay += 1;
    try {
      this.#entry.take(parsePush(push), this, correlationId);
    } catch (error) {
      this.onRefused(correlationId, error);
    }
  }

  #write(answers: admin.StreamedAnswerInit[]): boolean {
    this.#underWay -= answers.length;
    const more = this.#call.write({ answers });
    // Not from within a write: what is taken now may be answered at once.
    if (more && (this.#held.length > 0 || this.#call.isPaused())) setImmediate(() => this.#readOn());
    this.#endIfDone();
    return more;
  }

  #onDrain(): void {
    this.#answers.resume();
    this.#readOn();
  }

  #readOn(): void {
    if (this.#ending === 'stopping' || this.gone) return;
    this.#takeHeld();
    if (this.#mayRead() && this.#call.isPaused()) this.#call.resume();
  }

  #mayRead(): boolean {
    const room = this.#held.length === 0 && this.#underWay < maxUnderWay;
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
    if (this.#underWay > 0 || this.#held.length > 0 || this.gone) return;
    if (this.#ending === 'half-closed') this.#call.end();
    if (this.#ending === 'stopping') this.#call.emit('error', toStatus(shuttingDown()));
    if (this.#ending !== 'no') this.#ending = 'ended';
  }

  #leave(): void {
    this.gone = true;
    this.#ending = 'ended';
    this.#release();
    this.#answers.close();
    this.#entry.onCallerGone(this);
  }
}

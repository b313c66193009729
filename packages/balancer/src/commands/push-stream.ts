import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type admin, PushfleetError, toStatus } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { toPushfleetError } from '../net/grpc-answer.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Audience } from './pending-command.ts';
import { parsePush } from './push.ts';

export type PushStreamCall = ServerDuplexStream<admin.PushStreamRequest, admin.PushStreamResponseInit>;

const maxUnderWay = 1_024;

/** One PushStream call. Reads no faster than its commands end and its answers are read. */
export class PushStream {
  readonly #call: PushStreamCall;
  readonly #dispatcher: Dispatcher;
  readonly #logger: Logger;
  readonly #audience: Audience = { gone: false };
  #underWay = 0;
  #ending: 'no' | 'half-closed' | 'stopping' | 'ended' = 'no';

  constructor(call: PushStreamCall, dispatcher: Dispatcher, logger: Logger) {
    this.#call = call;
    this.#dispatcher = dispatcher;
    this.#logger = logger;
    call.on('data', (request: admin.PushStreamRequest) => void this.#onRequest(request));
    call.on('drain', () => this.#readOn());
    call.on('end', () => this.#finish('half-closed'));
    call.on('cancelled', () => this.#leave());
  }

  /** The balancer stops: nothing more is read, what is under way is answered. */
  stop(): void {
    if (this.#ending === 'no') this.#finish('stopping');
  }

  async #onRequest({ correlationId, push }: admin.PushStreamRequest): Promise<void> {
    this.#underWay += 1;
    if (this.#underWay >= maxUnderWay) this.#call.pause();
    const answer = await this.#answer(push);
    this.#underWay -= 1;
    if (this.#audience.gone) return;
    if (this.#call.write({ correlationId, ...answer })) this.#readOn();
    else this.#call.pause();
    this.#endIfDone();
  }

  async #answer(push: admin.PushRequest | null): Promise<Partial<admin.PushStreamResponseInit>> {
    try {
      return { response: await this.#dispatcher.push(parsePush(push), this.#audience) };
    } catch (error) {
      const { code, message, retryAfterMs = 0 } = toPushfleetError(error, this.#logger);
      return { error: { code, message, retryAfterMs } };
    }
  }

  #readOn(): void {
    const mayRead = this.#ending === 'no' && this.#underWay < maxUnderWay && !this.#call.writableNeedDrain;
    if (mayRead && this.#call.isPaused()) this.#call.resume();
  }

  #finish(how: 'half-closed' | 'stopping'): void {
    this.#ending = how;
    if (how === 'stopping') this.#call.pause();
    this.#endIfDone();
  }

  #endIfDone(): void {
    if (this.#underWay > 0 || this.#audience.gone) return;
    if (this.#ending === 'half-closed') this.#call.end();
    if (this.#ending === 'stopping') this.#call.emit('error', toStatus(stopping));
    if (this.#ending !== 'no') this.#ending = 'ended';
  }

  #leave(): void {
    this.#audience.gone = true;
    this.#ending = 'ended';
  }
}

const stopping = new PushfleetError('SHUTTING_DOWN', 'the balancer is stopping; another one takes commands');

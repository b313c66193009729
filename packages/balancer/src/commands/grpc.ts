import type { admin } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../net/grpc-answer.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Audience } from './pending-command.ts';
import { parsePush } from './push.ts';
import { PushStream, type PushStreamCall } from './push-stream.ts';

type OwnRpc = 'Push' | 'PushStream' | 'GetCommand' | 'WatchCommand' | 'CancelCommand' | 'ListCommands';

/** CommandService without what it does with groups. */
export type CommandHandlers = Pick<admin.CommandServiceHandlers, OwnRpc>;

/** What CommandService does with groups. */
export type GroupPushHandlers = Pick<
  admin.CommandServiceHandlers,
  | 'PushToGroup'
  | 'GetGroupPush'
  | 'WatchGroupPush'
  | 'ListGroupPushes'
  | 'ListGroupPushOutcomes'
  | 'PauseGroupPush'
  | 'ResumeGroupPush'
  | 'CancelGroupPush'
>;

/** The gRPC face of the dispatcher. */
export class CommandFace {
  readonly handlers: Pick<CommandHandlers, 'Push' | 'PushStream'>;
  readonly #streams = new Set<PushStream>();

  constructor(dispatcher: Dispatcher, logger: Logger) {
    this.handlers = {
      Push: unary<admin.PushRequest, admin.PushResponseInit>(logger, async (request, call) => {
        const audience: Audience = { gone: false };
        call.on('cancelled', () => {
          audience.gone = true;
        });
        return dispatcher.push(parsePush(request), audience);
      }),
      PushStream: (call: PushStreamCall) => this.#open(call, new PushStream(call, dispatcher, logger)),
    };
  }

  /** Ends all streams as soon as what is under way on them has been answered. */
  stop(): void {
    for (const stream of this.#streams) stream.stop();
  }

  #open(call: PushStreamCall, stream: PushStream): void {
    this.#streams.add(stream);
    call.on('close', () => this.#streams.delete(stream));
    call.on('cancelled', () => this.#streams.delete(stream));
  }
}

import { type admin, invalidArgument, limits, parseCommandId, parseDeviceId, toStatus } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { toPushfleetError, unary } from '../net/grpc-answer.ts';
import { SingleCaller } from './caller.ts';
import type { CommandQueries } from './command-queries.ts';
import { parsePush } from './push.ts';
import type { CommandRef } from './push-desk.ts';
import type { PushEntry } from './push-entry.ts';
import { PushStream, type PushStreamCall } from './push-stream.ts';
import type { WatchCall } from './watch-writer.ts';
import type { Watches } from './watches.ts';

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

/** The gRPC face of commands to single devices. */
export class CommandFace {
  readonly handlers: CommandHandlers;
  readonly #entry: PushEntry;
  readonly #watches: Watches;
  readonly #logger: Logger;
  readonly #streams = new Set<PushStream>();

  constructor(entry: PushEntry, queries: CommandQueries, watches: Watches, logger: Logger) {
    this.#entry = entry;
    this.#watches = watches;
    this.#logger = logger;
    this.handlers = {
      Push: unary<admin.PushRequest, admin.PushResponseInit>(logger, async (request, call) =>
        this.#push(request, (leave) => call.on('cancelled', leave)),
      ),
      PushStream: (call: PushStreamCall) => this.#open(call, new PushStream(call, this.#entry, logger)),
      GetCommand: unary<admin.GetCommandRequest, admin.GetCommandResponseInit>(logger, async (request) => ({
        command: await queries.get(parseRef(request)),
      })),
      WatchCommand: (call: WatchCall) => void this.#watch(call),
      CancelCommand: unary<admin.CancelCommandRequest, admin.CancelCommandResponseInit>(logger, async (request) => ({
        command: await queries.cancel(parseRef(request), parseReason(request.reason)),
      })),
      ListCommands: unary<admin.ListCommandsRequest, admin.ListCommandsResponseInit>(logger, async (request) => ({
        commands: await queries.list(parseDeviceId(request.deviceId)),
      })),
    };
  }

  /** Ends all streams as soon as what is under way on them has been answered. */
  stop(): void {
    for (const stream of this.#streams) stream.stop();
    this.#watches.stop();
  }

  #push(request: admin.PushRequest, onLeave: (leave: () => void) => void): Promise<admin.PushResponseInit> {
    const caller = new SingleCaller();
    const taken = this.#entry.take(parsePush(request), caller, 0);
    onLeave(() => {
      caller.gone = true;
      if (taken) this.#entry.letGo(taken);
    });
    return caller.answer;
  }

  #open(call: PushStreamCall, stream: PushStream): void {
    this.#streams.add(stream);
    call.on('close', () => this.#streams.delete(stream));
    call.on('cancelled', () => this.#streams.delete(stream));
  }

  async #watch(call: WatchCall): Promise<void> {
    try {
      await this.#watches.open(parseRef(call.request), call);
    } catch (error) {
      call.emit('error', toStatus(toPushfleetError(error, this.#logger)));
    }
  }
}

function parseRef({ deviceId, commandId }: { deviceId: string; commandId: string }): CommandRef {
  return { device: parseDeviceId(deviceId), id: parseCommandId(commandId) };
}

function parseReason(reason: string): string {
  if (Buffer.byteLength(reason) <= limits.reasonChars) return reason;
  throw invalidArgument('reason', `at most ${limits.reasonChars} bytes`);
}

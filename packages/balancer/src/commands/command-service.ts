import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { type admin, parseDeviceId } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';
import type { AccessControl } from '../access/access-control.ts';
import { deviceNotFound, toPushfleetError, unary } from '../errors.ts';
import type { CommandIds } from './command-id.ts';
import { parseReason, parseRef, viewCommand } from './command-record.ts';
import { type CommandTrace, callerTrace, traced } from './command-trace.ts';
import { CommandWatches } from './command-watch.ts';
import { type Answer, AwaitedAnswer, type CommandEngine, type CommandRef } from './engine.ts';
import { briefCommand, listCommands } from './list-commands.ts';
import type { PeerCommands } from './peers/peer-commands.ts';
import { parsePush } from './push-request.ts';
import { PushStream, type PushStreamCall } from './push-stream.ts';

/** The methods of CommandService that concern single commands. */
export type CommandHandlers = Pick<
  admin.CommandServiceHandlers,
  'Push' | 'PushStream' | 'GetCommand' | 'WatchCommand' | 'CancelCommand' | 'ListCommands'
>;

type PushCall = ServerUnaryCall<admin.PushRequest, admin.PushResponseInit>;
type WatchCall = ServerWritableStream<admin.WatchCommandRequest, admin.WatchCommandResponseInit>;

export interface CommandGrpcServiceOptions {
  ids: CommandIds;
  /** Has the direct commands that the engine does not have. */
  peers: Pick<PeerCommands, 'find' | 'cancel' | 'watch'>;
  engine: CommandEngine;
  registry: { commands: Pick<Registry['commands'], 'list' | 'listEnded'>; fleet: Pick<Registry['fleet'], 'getDevice'> };
  access: Pick<AccessControl, 'ofMessages'>;
  logger: Logger;
}

/** Serves CommandService for commands to single devices. */
export class CommandGrpcService {
  readonly handlers: CommandHandlers;
  readonly #options: CommandGrpcServiceOptions;
  readonly #streams = new Set<PushStream>();
  readonly #watches: CommandWatches;

  constructor(options: CommandGrpcServiceOptions) {
    const { ids, engine, peers, access, logger } = options;
    this.#options = options;
    this.#watches = new CommandWatches(engine, logger);
    this.handlers = {
      Push: unary<admin.PushRequest, admin.PushResponseInit>(logger, async (request, call) =>
        this.#push(request, call),
      ),
      PushStream: (call: PushStreamCall) => {
        const messages = access.ofMessages(call, 'pushfleet.admin.v1.CommandService/PushStream');
        this.#open(call, new PushStream(call, { ids, engine, logger, access: messages }));
      },
      GetCommand: unary<admin.GetCommandRequest, admin.GetCommandResponseInit>(logger, async (request) => ({
        command: await this.#get(parseRef(request)),
      })),
      WatchCommand: (call: WatchCall) =>
        void this.#watches.serve(
          call,
          (command) => ({ command }),
          (ref, stream) => peers.watch(ref, stream),
        ),
      CancelCommand: unary<admin.CancelCommandRequest, admin.CancelCommandResponseInit>(logger, async (request) => ({
        command: await this.#cancel(parseRef(request), parseReason(request.reason)),
      })),
      ListCommands: unary<admin.ListCommandsRequest, admin.ListCommandsResponseInit>(logger, (request) =>
        this.#list(request),
      ),
    };
  }

  /** Ends all streams as soon as what is in flight on them has been answered, and sends watchers to another balancer. */
  stop(): void {
    for (const stream of this.#streams) stream.stop();
    this.#watches.stop();
  }

  async #push(request: admin.PushRequest, call: PushCall): Promise<admin.PushResponseInit> {
    const push = traced(parsePush(request, this.#options.ids), callerTrace(call), 'Push');
    const listener = new AwaitedAnswer();
    const submitted = this.#options.engine.submit(push, { listener, tag: 0, on: push.step });
    call.on('cancelled', () => {
      listener.closed = true;
      submitted.release();
      push.trace?.leave();
    });
    if (push.trace) await endWith(push.trace, listener.answer, this.#options.logger);
    const { command, status, nodeId } = await listener.answer;
    return { commandId: command.id, deviceId: command.device, status, nodeId };
  }

  #open(call: PushStreamCall, stream: PushStream): void {
    this.#streams.add(stream);
    call.on('close', () => this.#streams.delete(stream));
    call.on('cancelled', () => this.#streams.delete(stream));
  }

  async #get(ref: CommandRef): Promise<admin.CommandRecordInit> {
    const found = await this.#options.engine.find(ref);
    return found ? viewCommand(found) : this.#options.peers.find(ref);
  }

  async #cancel(ref: CommandRef, reason: string): Promise<admin.CommandRecordInit> {
    const cancelled = await this.#options.engine.cancel(ref, reason);
    return cancelled.kind === 'unknown' ? this.#options.peers.cancel(ref, reason) : viewCommand(cancelled.command);
  }

  /** Durable ones: direct ones are in no list. */
  async #list(request: admin.ListCommandsRequest): Promise<admin.ListCommandsResponseInit> {
    const device = parseDeviceId(request.deviceId);
    const { commands, fleet } = this.#options.registry;
    const { page, nextPageToken } = await listCommands(commands, device, request);
    if (page.length === 0 && !(await fleet.getDevice(device))) throw deviceNotFound(device);
    return { commands: page.map((command) => viewCommand(briefCommand(command))), nextPageToken };
  }
}

/** The span of the push ends with its answer. @throws nothing: who waits for the answer hears of an error. */
async function endWith(trace: CommandTrace, answer: Promise<Answer>, logger: Logger): Promise<void> {
  try {
    trace.answer((await answer).status);
  } catch (error) {
    trace.refuse(toPushfleetError(error, logger));
  }
}

import type { ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js';
import { type admin, type common, operationBytes, parseDeviceId } from '@pushfleet/protocol';
import type { Priority, Registry, StoredCommand } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';
import type { AccessControl } from '../access/access-control.ts';
import { deviceNotFound, toPushfleetError, unary } from '../errors.ts';
import { takePage } from '../net/paging.ts';
import type { CommandIds } from './command-id.ts';
import { parseReason, parseRef, viewCommand } from './command-record.ts';
import { type CommandTrace, callerTrace, traced } from './command-trace.ts';
import { CommandWatches } from './command-watch.ts';
import { type Answer, AwaitedAnswer, type CommandEngine, type CommandRef } from './engine.ts';
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
  registry: { commands: Pick<Registry['commands'], 'list'>; fleet: Pick<Registry['fleet'], 'getDevice'> };
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
    const found = await commands.list(device);
    if (found.length === 0 && !(await fleet.getDevice(device))) throw deviceNotFound(device);
    const { page, nextPageToken } = takePage('commands', found, sendingOrder, request);
    const views = page.map((command) => viewCommand({ ...command, operation: briefOperation(command.operation) }));
    return { commands: views, nextPageToken };
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

const priorities: readonly Priority[] = ['high', 'normal', 'low'];

/** Ascends along the registry's list of a device's commands. */
function sendingOrder({ id, priority, status, acceptedAtMs }: StoredCommand): string {
  const rank = status.outcome === 'OUTCOME_QUEUED' ? 1 + priorities.indexOf(priority) : 0;
  return `${rank}/${String(acceptedAtMs).padStart(16, '0')}/${id}`;
}

/** How large a payload, parameters or counters may be in a list; `operationBytes` adds as much for the rest of an operation. */
const briefBytes = 4_096;
const envelopeBytes = 256;

/** For lists, whose answers would grow without bound: without the payload, parameters or counters where they are large. */
export function briefOperation(operation: common.Operation): common.Operation {
  const { custom, runTask, getStatistics } = operation;
  if (operationBytes(operation) <= briefBytes + envelopeBytes) return operation;
  if (custom) return { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } };
  if (runTask) return { kind: 'runTask', runTask: { ...runTask, parameters: {} } };
  return getStatistics ? { kind: 'getStatistics', getStatistics: { ...getStatistics, counters: [] } } : operation;
}

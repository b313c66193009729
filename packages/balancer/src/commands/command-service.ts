import type { ServerWritableStream } from '@grpc/grpc-js';
import {
  type admin,
  type common,
  hasEnded,
  invalidArgument,
  isDurable,
  limits,
  operationBytes,
  parseCommandId,
  parseDeviceId,
} from '@pushfleet/protocol';
import type { Priority, Registry, StoredCommand } from '@pushfleet/registry';
import { type Logger, ServerStream } from '@pushfleet/runtime';
import { commandNotFound, deviceNotFound, shuttingDown, toPushfleetError } from '../errors.ts';
import { unary } from '../net/grpc-answer.ts';
import { takePage } from '../net/paging.ts';
import { mergeStatus } from './durable/command-status.ts';
import {
  AwaitedAnswer,
  type CommandEngine,
  type CommandListener,
  type CommandRecord,
  type CommandRef,
  type Status,
} from './engine.ts';
import { parsePush } from './push-request.ts';
import { PushStream, type PushStreamCall } from './push-stream.ts';

/** The methods of CommandService that concern single commands. */
export type CommandHandlers = Pick<
  admin.CommandServiceHandlers,
  'Push' | 'PushStream' | 'GetCommand' | 'WatchCommand' | 'CancelCommand' | 'ListCommands'
>;

type WatchCall = ServerWritableStream<admin.WatchCommandRequest, admin.WatchCommandResponseInit>;

export interface CommandGrpcServiceOptions {
  engine: CommandEngine;
  registry: { commands: Pick<Registry['commands'], 'list'>; fleet: Pick<Registry['fleet'], 'getDevice'> };
  logger: Logger;
}

/** Serves CommandService for commands to single devices. */
export class CommandGrpcService {
  readonly handlers: CommandHandlers;
  readonly #options: CommandGrpcServiceOptions;
  readonly #streams = new Set<PushStream>();
  readonly #watches = new Set<CommandWatch>();
  #isStopping = false;

  constructor(options: CommandGrpcServiceOptions) {
    const { engine, logger } = options;
    this.#options = options;
    this.handlers = {
      Push: unary<admin.PushRequest, admin.PushResponseInit>(logger, async (request, call) =>
        this.#push(request, (leave) => call.on('cancelled', leave)),
      ),
      PushStream: (call: PushStreamCall) => this.#open(call, new PushStream(call, engine, logger)),
      GetCommand: unary<admin.GetCommandRequest, admin.GetCommandResponseInit>(logger, async (request) => ({
        command: await this.#get(parseRef(request)),
      })),
      WatchCommand: (call: WatchCall) => void this.#watch(call),
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
    this.#isStopping = true;
    for (const stream of this.#streams) stream.stop();
    for (const watch of this.#watches) watch.stream.fail(stopping());
  }

  async #push(request: admin.PushRequest, onLeave: (leave: () => void) => void): Promise<admin.PushResponseInit> {
    const push = parsePush(request);
    const listener = new AwaitedAnswer();
    const submitted = this.#options.engine.submit(push, { listener, tag: 0, on: push.step });
    onLeave(() => {
      listener.closed = true;
      submitted.release();
    });
    const { command, status, nodeId } = await listener.answer;
    return { commandId: command.id, deviceId: command.device, status, nodeId };
  }

  #open(call: PushStreamCall, stream: PushStream): void {
    this.#streams.add(stream);
    call.on('close', () => this.#streams.delete(stream));
    call.on('cancelled', () => this.#streams.delete(stream));
  }

  async #get(ref: CommandRef): Promise<admin.CommandRecordInit> {
    return viewCommand(await this.#find(ref));
  }

  async #cancel(ref: CommandRef, reason: string): Promise<admin.CommandRecordInit> {
    const cancelled = await this.#options.engine.cancel(ref, reason);
    if (cancelled.kind === 'unknown') throw commandNotFound(ref.id);
    return viewCommand(cancelled.command);
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

  async #watch(call: WatchCall): Promise<void> {
    const { engine, logger } = this.#options;
    const watch = new CommandWatch(call);
    this.#watches.add(watch);
    try {
      const ref = parseRef(call.request);
      if (this.#isStopping) throw stopping();
      void watch.stream.closed.then(() => engine.unsubscribe(ref, watch));
      // Before it is asked how the command stands: no change is missed.
      engine.subscribe(ref, { listener: watch, tag: 0, on: 'change' });
      watch.begin(await this.#find(ref));
    } catch (error) {
      watch.stream.fail(toPushfleetError(error, logger));
    }
    await watch.stream.closed;
    this.#watches.delete(watch);
  }

  async #find(ref: CommandRef): Promise<CommandRecord> {
    const command = await this.#options.engine.find(ref);
    if (!command) throw commandNotFound(ref.id);
    return command;
  }
}

/** One WatchCommand call. A client that reads slowly gets the latest state of the command, and the last one for certain. */
class CommandWatch implements CommandListener {
  readonly stream: ServerStream<CommandRecord, admin.WatchCommandResponseInit>;
  #record: CommandRecord | undefined;
  /** The latest change before the record was known. */
  #early: { status: Status; nodeId: string } | undefined;

  constructor(call: WatchCall) {
    this.stream = new ServerStream({
      call: call as ServerWritableStream<never, admin.WatchCommandResponseInit>,
      ...{ capacity: 1, whenFull: 'drop oldest', batchItems: 1 },
      toMessage: (records) => ({ command: viewCommand(records[0] as CommandRecord) }),
    });
  }

  get closed(): boolean {
    return !this.stream.isOpen;
  }

  begin(record: CommandRecord): void {
    this.#write(record);
    if (this.#early) this.onStatus(record, this.#early.status, this.#early.nodeId);
  }

  onStatus(_command: CommandRef, said: Status, nodeId: string): void {
    const before = this.#record;
    if (!before) {
      this.#early = { status: said, nodeId };
      return;
    }
    const status = mergeStatus(before.status, said) ?? (nodeId === before.nodeId ? undefined : said);
    if (status && !this.closed) this.#write({ ...withStatus(before, status), nodeId });
  }

  onFailed(_command: CommandRef, error: unknown): void {
    this.stream.fail(error as Parameters<typeof this.stream.fail>[0]);
  }

  #write(record: CommandRecord): void {
    this.#record = record;
    this.stream.write([record]);
    if (hasEnded(record.status.outcome)) this.stream.end();
  }
}

/** With the time at which it got there. */
function withStatus(command: CommandRecord, status: Status): CommandRecord {
  const { atMs } = status;
  switch (status.outcome) {
    case 'OUTCOME_ROUTED':
      return { ...command, status, routedAtMs: atMs };
    case 'OUTCOME_DELIVERED':
      return { ...command, status, deliveredAtMs: command.deliveredAtMs ?? atMs };
    case 'OUTCOME_RUNNING':
      return { ...command, status, runningAtMs: command.runningAtMs ?? atMs };
    default:
      return { ...command, status };
  }
}

function stopping() {
  return shuttingDown('another one takes commands');
}

const priorities: readonly Priority[] = ['high', 'normal', 'low'];

/** Ascends along the registry's list of a device's commands. */
function sendingOrder({ id, priority, status, acceptedAtMs }: StoredCommand): string {
  const rank = status.outcome === 'OUTCOME_QUEUED' ? 1 + priorities.indexOf(priority) : 0;
  return `${rank}/${String(acceptedAtMs).padStart(16, '0')}/${id}`;
}

function parseRef({ deviceId, commandId }: { deviceId: string; commandId: string }): CommandRef {
  return { device: parseDeviceId(deviceId), id: parseCommandId(commandId) };
}

function parseReason(reason: string): string {
  if (Buffer.byteLength(reason) <= limits.reasonChars) return reason;
  throw invalidArgument('reason', `at most ${limits.reasonChars} bytes`);
}

/** Priorities by their names in the admin API. */
export const priorityNames: Readonly<Record<Priority, admin.Priority>> = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_NORMAL',
  high: 'PRIORITY_HIGH',
};

function viewCommand({ id, device, priority, ...same }: CommandRecord): admin.CommandRecordInit {
  const queueing = priority ? { priority: priorityNames[priority] } : {};
  return { ...same, ...queueing, commandId: id, deviceId: device, durable: isDurable(id) };
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

import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, hasEnded } from '@pushfleet/protocol';
import { type Logger, ServerStream } from '@pushfleet/runtime';
import { shuttingDown, toPushfleetError } from '../errors.ts';
import { parseRef, viewCommand, withStatus } from './command-record.ts';
import { mergeStatus } from './durable/command-status.ts';
import type { CommandEngine, CommandListener, CommandRecord, CommandRef, Status } from './engine.ts';

/**
 * One call that tells of one command from where it stands to its end. A client that reads slowly gets the latest state of
 * the command, and the last one for certain.
 */
class CommandWatch<Message> implements CommandListener {
  readonly stream: ServerStream<admin.CommandRecordInit, Message>;
  #record: CommandRecord | undefined;
  /** The latest change before the record was known. */
  #early: { status: Status; nodeId: string } | undefined;

  constructor(call: ServerWritableStream<unknown, Message>, toMessage: (command: admin.CommandRecordInit) => Message) {
    this.stream = new ServerStream({
      call,
      ...{ capacity: 1, whenFull: 'drop oldest', batchItems: 1 },
      toMessage: (views) => toMessage(views[0] as admin.CommandRecordInit),
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
    this.stream.write([viewCommand(record)]);
    if (hasEnded(record.status.outcome)) this.stream.end();
  }
}

type WatchCall<Message> = ServerWritableStream<{ deviceId: string; commandId: string }, Message>;

/** All watches of one service. */
export class CommandWatches {
  readonly #engine: Pick<CommandEngine, 'find' | 'subscribe' | 'unsubscribe'>;
  readonly #logger: Logger;
  readonly #streams = new Set<ServerStream<admin.CommandRecordInit, unknown>>();
  #isStopping = false;

  constructor(engine: Pick<CommandEngine, 'find' | 'subscribe' | 'unsubscribe'>, logger: Logger) {
    this.#engine = engine;
    this.#logger = logger;
  }

  /**
   * Serves one call, and resolves when it is over.
   * @param onMissing The engine does not have the command: writes to the stream what is known elsewhere, or rejects.
   */
  async serve<Message>(
    call: WatchCall<Message>,
    toMessage: (command: admin.CommandRecordInit) => Message,
    onMissing: (ref: CommandRef, stream: ServerStream<admin.CommandRecordInit, Message>) => Promise<void>,
  ): Promise<void> {
    const watch = new CommandWatch(call, toMessage);
    const { stream } = watch;
    this.#streams.add(stream);
    try {
      const ref = parseRef(call.request);
      if (this.#isStopping) throw stopping();
      void stream.closed.then(() => this.#engine.unsubscribe(ref, watch));
      // Before it is asked how the command stands: no change is missed.
      this.#engine.subscribe(ref, { listener: watch, tag: 0, on: 'change' });
      const record = await this.#engine.find(ref);
      if (record) watch.begin(record);
      else await onMissing(ref, stream);
    } catch (error) {
      stream.fail(toPushfleetError(error, this.#logger));
    }
    await stream.closed;
    this.#streams.delete(stream);
  }

  /** Ends all of them, and those that come. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.fail(stopping());
  }
}

function stopping() {
  return shuttingDown('another one takes commands');
}

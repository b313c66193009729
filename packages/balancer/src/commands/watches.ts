import { hasEnded, isDurable } from '@pushfleet/protocol';
import type { Commands, StoredCommand, StoredStatus } from '@pushfleet/registry';
import type { Dispatcher } from './dispatcher.ts';
import type { Follows } from './durable/follows.ts';
import type { PendingCommand } from './pending-command.ts';
import type { CommandRef, DurableFollower } from './push-desk.ts';
import { commandNotFound, shuttingDown } from './refusal.ts';
import { viewDirect, viewStored } from './view.ts';
import { type WatchCall, WatchWriter } from './watch-writer.ts';

/** Serves WatchCommand for commands of both kinds. */
export class Watches {
  readonly #direct: Dispatcher;
  readonly #commands: Pick<Commands, 'get'>;
  readonly #follows: Follows;
  readonly #writers = new Set<WatchWriter>();
  #stopping = false;

  constructor(direct: Dispatcher, commands: Pick<Commands, 'get'>, follows: Follows) {
    this.#direct = direct;
    this.#commands = commands;
    this.#follows = follows;
  }

  /** @throws PushfleetError COMMAND_NOT_FOUND, REGISTRY_UNAVAILABLE, SHUTTING_DOWN */
  async open(ref: CommandRef, call: WatchCall): Promise<void> {
    if (this.#stopping) throw shuttingDown();
    if (isDurable(ref.id)) return this.#openDurable(ref, call);
    const command = this.#direct.find(ref.device, ref.id);
    if (!command) throw commandNotFound(ref.id);
    this.#openDirect(command, call);
  }

  /** Sends all who watch to another balancer. */
  stop(): void {
    this.#stopping = true;
    for (const writer of this.#writers) writer.fail(shuttingDown());
  }

  #openDirect(command: PendingCommand, call: WatchCall): void {
    const watchers = command.watchers ?? new Set();
    command.watchers = watchers;
    const onChange = (kept: boolean) => {
      if (!kept) writer.fail(commandNotFound(command.id));
      else writer.offer(() => viewDirect(command), command.state.kind === 'ended');
    };
    const writer = this.#write(call, () => watchers.delete(onChange));
    watchers.add(onChange);
    onChange(true);
  }

  async #openDurable(ref: CommandRef, call: WatchCall): Promise<void> {
    const command = await this.#commands.get(ref.device, ref.id);
    // Nobody would ever say again that its caller is gone.
    if (call.cancelled) return;
    if (!command) throw commandNotFound(ref.id);
    if (this.#stopping) throw shuttingDown();
    let known = command;
    const follower: DurableFollower = (_ref, status, nodeId) => {
      known = { ...withStatus(known, status), nodeId };
      writer.offer(() => viewStored(known), hasEnded(status.outcome));
    };
    const writer = this.#write(call, () => this.#follows.remove(ref, follower));
    const isLast = hasEnded(command.status.outcome);
    writer.offer(() => viewStored(known), isLast);
    if (isLast) return;
    this.#follows.add(command, follower);
    // What was reported while the registry was answering went past.
    this.#follows.lookNow(ref);
  }

  #write(call: WatchCall, onLeft: () => void): WatchWriter {
    const writer = new WatchWriter(call, () => {
      this.#writers.delete(writer);
      onLeft();
    });
    this.#writers.add(writer);
    return writer;
  }
}

/** With the time at which it got there. */
function withStatus(command: StoredCommand, status: StoredStatus): StoredCommand {
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

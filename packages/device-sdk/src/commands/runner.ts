import { type CommandId, isDurable } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import type { Link, LinkCommand } from '../link.ts';
import { CommandCancelled, CommandRejected } from './command.ts';
import { cancelled, type Ending, endingOf, failed, rejected } from './ending.ts';
import { Handlers } from './handlers.ts';
import type { CommandStore } from './log.ts';
import { CommandLog } from './log.ts';
import { Outbox } from './outbox.ts';
import { perform } from './perform.ts';
import { RunningCommand } from './running-command.ts';
import { TaskTable } from './task-table.ts';

export interface RunnerOptions {
  clock: Clock;
  maxRunning: number;
  rememberCommands: number;
  store?: CommandStore | undefined;
}

/** Runs each command once, however often it comes, and sends its result. */
export class CommandRunner {
  readonly handlers = new Handlers();
  readonly #options: RunnerOptions;
  readonly #log: CommandLog;
  readonly #outbox = new Outbox();
  readonly #tasks = new TaskTable();
  /** Created by the first command. */
  #running: Map<string, RunningCommand> | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#log = new CommandLog(options.rememberCommands);
  }

  /** Loads the commands that the store remembers. Rejects where they cannot be read. */
  async load(): Promise<void> {
    for (const { id, ending } of (await this.#options.store?.load()) ?? []) {
      if (ending === 'forgotten') this.#log.end(id, undefined);
      else this.#log.end(id, ending === 'begun' ? failed('the device restarted while the command ran') : ending);
    }
  }

  /** Takes a command; `accept` acknowledges it to the server. */
  onCommand(command: LinkCommand, accept: () => void): void {
    const running = this.#running?.get(command.id);
    accept();
    if (running !== undefined) return this.#outbox.sendProgress(runningResult(running));
    if (this.#log.has(command.id)) return this.#repeat(command.id, command.durable);
    this.#begin(command);
  }

  /** The Administration Server cancels a command, perhaps one that has ended or that never came. */
  onCancel(id: string, reason: string): void {
    const running = this.#running?.get(id);
    if (running !== undefined) return running.abort(new CommandCancelled(reason || 'cancelled'));
    const durable = isDurable(id as CommandId);
    if (this.#log.has(id)) return this.#repeat(id, durable);
    // It was lost on its way, or is still to come: then it is not run.
    this.#close(id, durable, cancelled('cancelled before it came'));
  }

  onLinkUp(link: Link): void {
    this.#outbox.attach(link);
    // Whoever lost the old link does not know whether they go on.
    for (const running of this.#running?.values() ?? []) this.#outbox.sendProgress(runningResult(running));
  }

  onLinkDown(): void {
    this.#outbox.detach();
  }

  /** Aborts the commands that run. */
  abort(reason: Error): void {
    for (const running of this.#running?.values() ?? []) running.abort(reason);
  }

  #begin(command: LinkCommand): void {
    const { id, durable } = command;
    const running = new RunningCommand(this.#options.clock, command, this.#report);
    const refusal = this.#refusal(command, running);
    if (refusal !== undefined) return this.#close(id, durable, rejected(refusal));
    this.#running ??= new Map();
    this.#running.set(id, running);
    // Never rejects: whatever the handler throws is an ending.
    void this.#run(command, running).then((ending) => this.#end(command, running, ending));
  }

  /** A task that is not refused has begun from now on: it can be stopped. */
  #refusal({ operation, problem }: LinkCommand, running: RunningCommand): string | undefined {
    if (operation?.kind === undefined) return problem ?? 'the device does not know this operation';
    const { maxRunning } = this.#options;
    // What makes room is let in when there is none.
    const most = operation.stopTask ? 2 * maxRunning : maxRunning;
    if ((this.#running?.size ?? 0) >= most) return `the device already runs ${maxRunning} commands`;
    const { runTask } = operation;
    if (!runTask || this.#tasks.begin(runTask.taskId, running)) return undefined;
    return 'the task already runs';
  }

  async #run({ operation }: LinkCommand, running: RunningCommand): Promise<Ending> {
    const { store, clock } = this.#options;
    try {
      if (store !== undefined) await remember(store, running.commandId);
      if (running.cancelled !== undefined) throw running.cancelled;
      return await perform(operation ?? {}, running, { handlers: this.handlers, tasks: this.#tasks, clock });
    } catch (error) {
      return running.cancelled === undefined ? endingOf(error) : cancelled(running.cancelled.message);
    }
  }

  #end({ id, operation, durable }: LinkCommand, running: RunningCommand, ending: Ending): void {
    running[Symbol.dispose]();
    this.#running?.delete(id);
    if (operation?.runTask) this.#tasks.end(operation.runTask.taskId);
    this.#close(id, durable, ending);
  }

  readonly #report = (running: RunningCommand, needed: boolean): void => {
    if (needed) this.#outbox.sendProgress(runningResult(running));
    else this.#outbox.offerProgress(runningResult(running));
  };

  /** A declined command is remembered like one that was run: it is not begun when it comes again after a restart. */
  #close(id: string, durable: boolean, ending: Ending): void {
    this.#log.end(id, ending);
    const send = () => this.#outbox.send({ commandId: id, ...ending }, durable);
    const { store } = this.#options;
    if (store === undefined) return send();
    // A store that fails here costs the memory of the end, which is no reason to keep it from the server.
    store.end(id, ending).then(send, send);
  }

  #repeat(id: string, durable: boolean): void {
    const ending = this.#log.find(id);
    if (ending !== undefined) this.#outbox.send({ commandId: id, ...ending }, durable);
  }
}

function runningResult({ commandId, last }: RunningCommand) {
  return { commandId, outcome: 'running', running: last } as const;
}

async function remember(store: CommandStore, id: string): Promise<void> {
  try {
    await store.begin(id);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new CommandRejected(`the device cannot keep record of the command: ${detail}`);
  }
}

import type { Clock } from '../clock.ts';
import type { Link, LinkCommand } from '../link.ts';
import type { CommandHandler, DeviceCommand } from './command.ts';
import { type Ending, endingOf, rejected, succeeded } from './ending.ts';
import { CommandLog } from './log.ts';
import { Outbox } from './outbox.ts';
import { RunningCommand } from './running-command.ts';

export interface RunnerOptions {
  clock: Clock;
  maxRunning: number;
  rememberCommands: number;
}

/** Runs each command once, however often it comes, and sees that its result gets out. */
export class CommandRunner {
  handler: CommandHandler | undefined;
  readonly #options: RunnerOptions;
  readonly #log: CommandLog;
  readonly #outbox = new Outbox();
  readonly #running = new Set<RunningCommand>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#log = new CommandLog(options.rememberCommands);
  }

  /** `accept` tells the server that the device has the command. */
  onCommand(command: LinkCommand, accept: () => void): void {
    const seen = this.#log.find(command.id);
    accept();
    switch (seen.kind) {
      case 'new':
        return this.#begin(command);
      case 'running':
        return;
      case 'ended':
        if (seen.ending !== undefined) this.#outbox.send({ commandId: command.id, ...seen.ending });
        return;
      default:
        throw new TypeError(seen satisfies never);
    }
  }

  onLinkUp(link: Link): void {
    this.#outbox.attach(link);
  }

  onLinkDown(): void {
    this.#outbox.detach();
  }

  /** Tells the commands that run to give up. */
  abort(reason: Error): void {
    for (const running of this.#running) running.abort(reason);
  }

  #begin(command: LinkCommand): void {
    const refusal = this.#refusal(command);
    this.#log.begin(command.id);
    if (refusal !== undefined) return this.#end(command.id, rejected(refusal));
    // Never rejects: whatever the handler throws is an ending.
    void this.#run(command).then((ending) => this.#end(command.id, ending));
  }

  #refusal({ operation, problem }: LinkCommand): string | undefined {
    if (operation?.kind === undefined) return problem ?? 'the device does not know this operation';
    if (this.handler === undefined) return 'the device has no command handler';
    const { maxRunning } = this.#options;
    return this.#log.running >= maxRunning ? `the device already runs ${maxRunning} commands` : undefined;
  }

  async #run({ id, operation, finishWithinMs }: LinkCommand): Promise<Ending> {
    const running = new RunningCommand(this.#options.clock, finishWithinMs, () => {
      this.#outbox.sendNow({ commandId: id, outcome: 'running', running: {} });
    });
    this.#running.add(running);
    try {
      const result = await this.handler?.({ id, finishWithinMs, ...operation } as DeviceCommand, running);
      return succeeded(result ?? undefined);
    } catch (error) {
      return endingOf(error);
    } finally {
      running[Symbol.dispose]();
      this.#running.delete(running);
    }
  }

  #end(id: string, ending: Ending): void {
    this.#log.end(id, ending);
    this.#outbox.send({ commandId: id, ...ending });
  }
}

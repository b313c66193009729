import type { common } from '@pushfleet/protocol';

export type ForceSync = common.ForceSync;
export type RunTask = common.RunTask;
export type GetStatistics = common.GetStatistics;
export type Custom = common.Custom;

/** How far a command has come. */
export interface CommandProgress {
  /** 0 to 100. */
  percent?: number;
  /** At most 256 bytes; what is longer is cut. */
  message?: string;
}

export interface CommandContext {
  /** Of the command: the same one never reaches a handler twice. */
  readonly commandId: string;
  /** The result is of use for this long, counted from when the command came. 0: not said. */
  readonly finishWithinMs: number;
  /** Aborts when the command is cancelled, its task stopped, its time to finish over, or the device stopped. */
  readonly signal: AbortSignal;
  /**
   * Says that the command runs, and how far it has come. May be called as often as one likes: what a busy link cannot
   * take is left out, and the last one is said again over the next link.
   */
  progress(progress?: CommandProgress): void;
}

/** What goes back to the Administration Server. */
export interface CommandOutput {
  /** At most 1 MiB. */
  output?: Uint8Array | string;
}

// biome-ignore lint/suspicious/noConfusingVoidType: a handler that has nothing to say returns nothing
type Output = CommandOutput | void;

/** Counters by name, read at one time. */
export type Counters = Record<string, number>;

/**
 * Runs operations of one kind. Returning is success, throwing CommandRejected declines, throwing anything else is failure;
 * where the command was cancelled before, throwing is giving it up. Commands are run side by side, as they come.
 */
export type Handler<Operation, Result = Output> = (
  operation: Operation,
  context: CommandContext,
) => Result | Promise<Result>;

/** What a device can be made to do, by name of the operation. */
export interface OperationHandlers {
  /** Synchronizes with the Administration Server now. */
  forceSync: Handler<ForceSync>;
  /** Runs a task. That it runs is said when the handler is called. Tasks can be stopped: `signal` tells. */
  runTask: Handler<RunTask>;
  /**
   * Reads counters of an application. Called once, or every so often if statistics are asked for periodically. Of what it
   * returns only the counters that were asked for are sent.
   */
  getStatistics: Handler<GetStatistics, Counters>;
  /** Every custom operation that has no handler of its own, `custom:<name>`. */
  custom: Handler<Custom>;
}

export type HandlerName = keyof OperationHandlers | `custom:${string}`;

export type HandlerOf<Name extends HandlerName> = Name extends keyof OperationHandlers
  ? OperationHandlers[Name]
  : OperationHandlers['custom'];

/** The device tried and failed; `message` goes to the Administration Server as the reason. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly output: Uint8Array | string | undefined;

  constructor(reason: string, output?: Uint8Array | string) {
    super(reason);
    this.output = output;
  }
}

/** The device declines and has not begun; `message` goes to the Administration Server as the reason. */
export class CommandRejected extends Error {
  override readonly name = 'CommandRejected';
}

/** The reason of a context's signal where the Administration Server withdrew the command or stopped its task. */
export class CommandCancelled extends Error {
  override readonly name = 'CommandCancelled';
}

import type { common } from '@pushfleet/protocol';

export type ForceSync = common.ForceSync;
export type RunTask = common.RunTask;
export type GetStatistics = common.GetStatistics;
export type Custom = common.Custom;

/** The progress of a command. */
export interface CommandProgress {
  /** 0 to 100. */
  percent?: number;
  /** At most 256 bytes; what is longer is cut. */
  message?: string;
}

export interface CommandContext {
  /** Id of the command: the same one never reaches a handler twice. */
  readonly commandId: string;
  /** Time for which somebody waits for the result, counted from when the command came; 0: unknown. */
  readonly finishWithinMs: number;
  /** Aborts when the command is cancelled, its task stopped, its time to finish over, or the device stopped. */
  readonly signal: AbortSignal;
  /**
   * Reports that the command runs, and its progress. May be called as often as one likes: progress that a busy link cannot
   * take is left out, and the last one is sent again over the next link.
   */
  progress(progress?: CommandProgress): void;
}

/** The output that goes back to the Administration Server. */
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

/** The handlers of a device, by name of the operation. */
export interface OperationHandlers {
  /** Synchronizes with the Administration Server now. */
  forceSync: Handler<ForceSync>;
  /** Runs a task; RUNNING is reported when the handler is called. Tasks can be stopped: then `signal` aborts. */
  runTask: Handler<RunTask>;
  /**
   * Reads counters of an application. Called once, or repeatedly if statistics are asked for periodically. Only the counters
   * that were asked for are sent.
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

/** The reason of a context's signal where the Administration Server cancelled the command or stopped its task. */
export class CommandCancelled extends Error {
  override readonly name = 'CommandCancelled';
}

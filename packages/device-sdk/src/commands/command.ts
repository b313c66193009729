import type { common, OperationKind } from '@pushfleet/protocol';

type OperationOf<Kind extends OperationKind> = { readonly kind: Kind } & {
  readonly [Key in Kind]: NonNullable<common.Operation[Key]>;
};

/** One thing the device is told to do: `kind` names the operation, the field of that name holds it. */
export type DeviceCommand = {
  readonly id: string;
  /** The result is of use for this long. 0: not said. */
  readonly finishWithinMs: number;
} & { [Kind in OperationKind]: OperationOf<Kind> }[OperationKind];

export interface CommandContext {
  /** Aborts when the result is of no use any more, or the device is stopped. */
  readonly signal: AbortSignal;
  /** Says that the command is running. Lost without trace where the link is down. */
  progress(): void;
}

export interface CommandOutput {
  /** At most 1 MiB. */
  output?: Uint8Array | string;
}

/**
 * Runs a command. Returning is success, throwing CommandRejected declines it, throwing anything else is failure.
 * Commands are run side by side, as they come.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that has nothing to say returns nothing
export type CommandHandler = (command: DeviceCommand, context: CommandContext) => Promise<CommandOutput | void>;

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

import { type device, limits } from '@pushfleet/protocol';
import { CommandFailed, type CommandOutput, CommandRejected } from './command.ts';

/** How a command ended, without its id. */
export type Ending = Omit<device.CommandResult, 'commandId' | 'running'>;

const noOutput = Buffer.alloc(0);
/** Most commands end like this; thousands of devices remember it once. */
const succeededSilently: Ending = Object.freeze({ outcome: 'succeeded', succeeded: { output: noOutput } });

export function succeeded(result: CommandOutput | undefined): Ending {
  const output = toBuffer(result?.output);
  if (output.length === 0) return succeededSilently;
  if (output.length > limits.payloadBytes) return failed(tooLarge(output));
  return { outcome: 'succeeded', succeeded: { output } };
}

export function rejected(reason: string): Ending {
  return { outcome: 'rejected', rejected: { reason: shorten(reason) } };
}

/** How a command ended whose handler threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommandRejected) return rejected(error.message);
  const output = error instanceof CommandFailed ? toBuffer(error.output) : noOutput;
  const reason = error instanceof Error ? error.message : String(error);
  return output.length > limits.payloadBytes ? failed(`${reason} (${tooLarge(output)})`) : failed(reason, output);
}

export function outputBytes(ending: Ending): number {
  return (ending.succeeded?.output ?? ending.failed?.output)?.length ?? 0;
}

function failed(reason: string, output: Buffer = noOutput): Ending {
  return { outcome: 'failed', failed: { reason: shorten(reason), output } };
}

function tooLarge(output: Buffer): string {
  return `the output has ${output.length} bytes, at most ${limits.payloadBytes} can be sent`;
}

function toBuffer(output: Uint8Array | string | undefined): Buffer {
  if (output === undefined) return noOutput;
  if (typeof output === 'string') return Buffer.from(output);
  return Buffer.from(output.buffer, output.byteOffset, output.byteLength);
}

/** At most `limits.reasonChars` bytes, not cut within a character. */
function shorten(reason: string): string {
  if (Buffer.byteLength(reason) <= limits.reasonChars) return reason;
  const head = Buffer.from(reason).subarray(0, limits.reasonChars - 3);
  return `${new TextDecoder().decode(head, { stream: true })}…`;
}

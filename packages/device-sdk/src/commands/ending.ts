import { type common, cutText, type device, limits } from '@pushfleet/protocol';
import { CommandFailed, type CommandOutput, CommandRejected } from './command.ts';

/** The end of a command, without its id. */
export type Ending = Omit<device.CommandResult, 'commandId' | 'running'>;

const noOutput = Buffer.alloc(0);
/** The most frequent ending; shared, so that thousands of devices in one process hold it once. */
const succeededSilently: Ending = Object.freeze({
  outcome: 'succeeded',
  succeeded: { output: noOutput, statistics: null, alreadyEnded: false },
});

export function succeeded(result: CommandOutput | undefined): Ending {
  const output = toBuffer(result?.output);
  if (output.length === 0) return succeededSilently;
  if (output.length > limits.payloadBytes) return failed(tooLarge(output));
  return { outcome: 'succeeded', succeeded: { output, statistics: null, alreadyEnded: false } };
}

export function succeededWith(statistics: common.Statistics): Ending {
  return { outcome: 'succeeded', succeeded: { output: noOutput, statistics, alreadyEnded: false } };
}

/** The ending of stop_task. */
export function stopped(alreadyEnded: boolean): Ending {
  return { outcome: 'succeeded', succeeded: { output: noOutput, statistics: null, alreadyEnded } };
}

export function rejected(reason: string): Ending {
  return { outcome: 'rejected', rejected: { reason: shorten(reason) } };
}

export function cancelled(reason: string): Ending {
  return { outcome: 'cancelled', cancelled: { reason: shorten(reason) } };
}

export function failed(reason: string, output: Buffer = noOutput): Ending {
  return { outcome: 'failed', failed: { reason: shorten(reason), output } };
}

/** The ending of a command whose handler threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof CommandRejected) return rejected(error.message);
  const output = error instanceof CommandFailed ? toBuffer(error.output) : noOutput;
  const reason = error instanceof Error ? error.message : String(error);
  return output.length > limits.payloadBytes ? failed(`${reason} (${tooLarge(output)})`) : failed(reason, output);
}

/** Bytes of an ending in memory and on the wire, beside the few that each has. */
export function outputBytes({ succeeded, failed }: Ending): number {
  const statistics = succeeded?.statistics;
  const output = (succeeded ?? failed)?.output.length ?? 0;
  return statistics ? output + statisticsBytes(statistics) : output;
}

/** Bytes of counters: the name of each, and some for its value. */
export function statisticsBytes({ counters }: common.Statistics): number {
  return Object.keys(counters).reduce((sum, name) => sum + Buffer.byteLength(name) + 16, 0);
}

function tooLarge(output: Buffer): string {
  return `the output has ${output.length} bytes, at most ${limits.payloadBytes} can be sent`;
}

function toBuffer(output: Uint8Array | string | undefined): Buffer {
  if (output === undefined) return noOutput;
  if (typeof output === 'string') return Buffer.from(output);
  return Buffer.from(output.buffer, output.byteOffset, output.byteLength);
}

/** At most `maxBytes`, not cut within a character. */
export function shorten(text: string, maxBytes: number = limits.reasonChars): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  return `${cutText(text, maxBytes - 3)}…`;
}

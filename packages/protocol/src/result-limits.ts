import type { Progress, Statistics } from './gen/common.ts';
import type { CommandResult } from './gen/device.ts';
import { cutText, limits } from './limits.ts';

/** The end of the year 9999, the greatest time that a wire carries. */
const greatestTimeMs = 253_402_300_799_999;

/**
 * A result as it may go further than the link that it came over: within `limits`, whatever the device made of it. Texts are
 * cut. What cannot be cut, an output or statistics, refuses the result: the command has ended, so its outcome is FAILED,
 * and the reason says what was too much. Of what runs on, statistics beyond the limits are left out.
 */
export function limitResult(result: CommandResult): CommandResult {
  const { running, succeeded, failed, rejected, cancelled } = result;
  if (running) {
    const { progress, statistics } = running;
    const kept = statistics && findExcess(statistics) === undefined ? statistics : null;
    return { ...result, running: { progress: progress && limitProgress(progress), statistics: kept } };
  }
  if (succeeded) {
    const excess = excessOutput('succeeded', succeeded.output) ?? findExcess(succeeded.statistics);
    return excess === undefined ? result : failedFor(result, excess);
  }
  if (failed) {
    const excess = excessOutput('failed', failed.output);
    if (excess !== undefined) return failedFor(result, `${excess}; the device's reason: ${failed.reason}`);
    return { ...result, failed: { ...failed, reason: cutText(failed.reason, limits.reasonChars) } };
  }
  if (rejected) return { ...result, rejected: { reason: cutText(rejected.reason, limits.reasonChars) } };
  return cancelled ? { ...result, cancelled: { reason: cutText(cancelled.reason, limits.reasonChars) } } : result;
}

/** How much a result weighs where it waits: every text, name and byte in it, and something for what holds them. */
export function resultBytes({ running, succeeded, failed, rejected, cancelled }: CommandResult): number {
  const output = succeeded?.output ?? failed?.output;
  const text = failed?.reason ?? rejected?.reason ?? cancelled?.reason ?? running?.progress?.message ?? '';
  const statistics = succeeded?.statistics ?? running?.statistics;
  return 128 + (output?.length ?? 0) + Buffer.byteLength(text) + (statistics ? statisticsBytes(statistics) : 0);
}

function statisticsBytes({ counters }: Statistics): number {
  let bytes = 16;
  for (const name in counters) bytes += Buffer.byteLength(name) + 16;
  return bytes;
}

function limitProgress({ percent, message }: Progress): Progress {
  return { percent: Math.min(100, percent), message: cutText(message, limits.reasonChars) };
}

function excessOutput(outcome: string, output: Uint8Array): string | undefined {
  if (output.length <= limits.payloadBytes) return undefined;
  return `${outcome}.output: must be at most ${limits.payloadBytes} bytes; it has ${output.length}`;
}

function findExcess(statistics: Statistics | null): string | undefined {
  if (!statistics) return undefined;
  const names = Object.keys(statistics.counters);
  if (names.length > limits.counters) return `statistics.counters: must be at most ${limits.counters}`;
  if (names.some((name) => Buffer.byteLength(name) > limits.taskParameterKeyBytes)) {
    return `statistics.counters: must have names of at most ${limits.taskParameterKeyBytes} bytes`;
  }
  if (!Object.values(statistics.counters).every(Number.isFinite)) return 'statistics.counters: must be numbers';
  const isTime = statistics.atMs >= 0 && statistics.atMs <= greatestTimeMs;
  return isTime ? undefined : 'statistics.at: must be a time since 1970';
}

function failedFor({ commandId }: CommandResult, excess: string): CommandResult {
  const reason = cutText(`the device's result was refused: ${excess}`, limits.reasonChars);
  return { commandId, outcome: 'failed', failed: { reason, output: Buffer.alloc(0) } };
}

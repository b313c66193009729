import type { DrainOptions } from '@pushfleet/admin-sdk';
import { type Command, InvalidArgumentError } from 'commander';

export interface PaceFlags {
  rate?: number;
  deadline?: number;
}

/** How fast devices leave a push server, and until when. */
export function withPace(command: Command): Command {
  return command
    .option('--rate <devices>', 'devices told to leave per second (default: 200)', wholeNumber)
    .option('--deadline <seconds>', 'close what is left after this (default: 300)', wholeNumber);
}

export function paceOf({ rate, deadline }: PaceFlags): DrainOptions {
  return {
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    ...(deadline === undefined ? {} : { deadlineMs: deadline * 1_000 }),
  };
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(text);
}

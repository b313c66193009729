import type { DrainRequest } from '@pushfleet/admin-sdk';
import type { Command } from 'commander';
import { wholeNumber } from '../options/whole-number.ts';

export interface PaceFlags {
  rate?: number;
  deadline?: number;
}

/** How fast devices leave a push server, and until when. */
export function withPace(command: Command): Command {
  return command
    .option('--rate <devices>', 'devices told to leave per second (default: 200)', wholeNumber(10_000))
    .option('--deadline <seconds>', 'close what is left after this (default: 300)', wholeNumber(86_400));
}

export function paceOf({ rate, deadline }: PaceFlags): Omit<DrainRequest, 'nodeId'> {
  return {
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
    ...(deadline === undefined ? {} : { deadlineMs: deadline * 1_000 }),
  };
}

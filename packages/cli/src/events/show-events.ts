import { print, printJsonLine } from '../output/print.ts';
import type { CommandContext } from '../stop.ts';

export interface ShowFlags {
  /** End after so many. Absent: when the user has had enough. */
  count?: number;
  json?: true;
}

/** Shows events as they come, a line each, until the user stops the program or there were enough. */
export async function showEvents<Event extends object>(
  stop: CommandContext['stop'],
  watch: (signal: AbortSignal) => AsyncIterable<Event>,
  describe: (event: Event) => string,
  { count = Number.POSITIVE_INFINITY, json }: ShowFlags,
): Promise<void> {
  const signal = stop();
  let shown = 0;
  try {
    for await (const event of watch(signal)) {
      if (json) printJsonLine(event);
      else print(describe(event));
      shown += 1;
      if (shown >= count) break;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

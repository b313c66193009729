import { decodeResult, encodeResult, parseCommandId } from '@pushfleet/protocol';
import { type Ending, outputBytes } from '../ending.ts';
import type { StoredCommand } from '../log.ts';

/** One line of the file. An end without a result: how the command ended is not kept any more. */
type Line = { begin: string } | { end: string; result?: object };

export interface Bounds {
  /** Commands that are kept, beside those that run. */
  commands: number;
  /** Bytes of their outputs; of older commands only the id is kept. */
  outputBytes: number;
}

export function beginLine(id: string): string {
  return write({ begin: id });
}

export function endLine(id: string, ending: Ending | undefined): string {
  if (ending === undefined) return write({ end: id });
  return write({ end: id, result: JSON.parse(String(encodeResult({ commandId: id, ...ending }, 'json'))) });
}

export function toLine({ id, ending }: StoredCommand): string {
  if (ending === 'begun') return beginLine(id);
  return endLine(id, ending === 'forgotten' ? undefined : ending);
}

/**
 * Reads the commands from the lines, oldest first. The machine may have died while it wrote the last ones: what cannot be read there was
 * not acknowledged to anybody.
 * @throws Error where something follows that can be read: that is damage.
 */
export function readLines(text: string): StoredCommand[] {
  const commands = new Map<string, StoredCommand>();
  let unreadable: number | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const command = readLine(line);
    if (command === undefined) unreadable ??= index + 1;
    else if (unreadable !== undefined) throw new Error(`line ${unreadable} cannot be read`);
    else {
      // One that has just ended is younger than one that began later and ended before.
      commands.delete(command.id);
      commands.set(command.id, command);
    }
  }
  return [...commands.values()];
}

/** The youngest of them, within bounds, and all that run; oldest first. */
export function keepWithin({ commands, outputBytes: maxBytes }: Bounds, all: StoredCommand[], running: Set<string>) {
  let kept = 0;
  let bytes = 0;
  return all
    .toReversed()
    .flatMap((command): StoredCommand[] => {
      const { id, ending } = command;
      if (running.has(id)) return [command];
      kept += 1;
      if (kept > commands) return [];
      bytes += typeof ending === 'string' ? 0 : outputBytes(ending);
      const isForgotten = bytes > maxBytes && typeof ending !== 'string' && outputBytes(ending) > 0;
      return [isForgotten ? { id, ending: 'forgotten' } : command];
    })
    .toReversed();
}

function write(line: Line): string {
  return `${JSON.stringify(line)}\n`;
}

function readLine(text: string): StoredCommand | undefined {
  try {
    const line = JSON.parse(text) as Partial<{ begin: string; end: string; result: object }>;
    const id = parseCommandId(line.begin ?? line.end);
    if (line.begin !== undefined) return { id, ending: 'begun' };
    if (line.result === undefined) return { id, ending: 'forgotten' };
    const { commandId: _, ...ending } = decodeResult(id, Buffer.from(JSON.stringify(line.result)), 'json');
    return { id, ending };
  } catch {
    return undefined;
  }
}

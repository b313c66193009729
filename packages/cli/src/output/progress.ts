import { cutText } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';

/** A line on standard error that is written over and over, where that is a terminal. */
export interface StatusLine {
  show(text: string): void;
  clear(): void;
}

export function createStatusLine(stream: NodeJS.WriteStream = process.stderr): StatusLine {
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    // Cut to the width of the terminal: a line that wraps cannot be written over.
    show: (text) => void stream.write(`\r\x1b[K${cutText(visibleText(text), (stream.columns || 80) - 1)}`),
    clear: () => void stream.write('\r\x1b[K'),
  };
}

import type { WriteStream } from 'node:tty';
import { inspect, styleText } from 'node:util';
import { cutText } from '@pushfleet/protocol';
import { visibleJson, visibleText } from '@pushfleet/runtime';

const styles = ['bold', 'dim', 'green', 'yellow', 'red', 'cyan'] as const;
export type Style = (typeof styles)[number];
/** Adds a style to a text, or not. */
export type Paint = (style: Style, text: string) => string;

/** Colour where the stream is a terminal and the user has not turned it off (NO_COLOR). */
export function paintFor(stream: NodeJS.WriteStream | WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

export const plain: Paint = (_style, text) => text;

/** The sequences that a Paint adds to a text: `\x1b[1m` and the like. */
const paintSequences: readonly string[] = [
  ...new Set(styles.flatMap((style) => (inspect.colors[style] ?? []).map((code) => `\x1b[${code}m`))),
];

/** One text and a newline on standard output. */
export function print(text: string): void {
  process.stdout.write(`${terminalText(text)}\n`);
}

/** One line for the person at the terminal, beside what a program reads from standard output. */
export function say(text: string): void {
  process.stderr.write(`${terminalText(text)}\n`);
}

/** The text of a script, which a shell reads and which holds nothing that came from elsewhere. */
export function printScript(text: string): void {
  process.stdout.write(text);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${visibleJson(JSON.stringify(value, null, 2))}\n`);
}

/** One JSON text on one line, of several. */
export function printJsonLine(value: unknown): void {
  process.stdout.write(`${visibleJson(JSON.stringify(value))}\n`);
}

const ours = new RegExp(`(\n|${paintSequences.map((sequence) => sequence.replace('[', '\\[')).join('|')})`);

/**
 * The text as a terminal may have it: whatever would move its cursor, change its title or hide something is written out.
 * Line ends and the colours of this program stay: what comes from devices and files goes through `visibleText` before it
 * is put into a text, so that it forges neither.
 */
export function terminalText(text: string): string {
  return text
    .split(ours)
    .map((part, at) => (at % 2 === 1 ? part : visibleText(part)))
    .join('');
}

/** Several lines of a device or a file, each visible, and indented but for the first: so none looks like one of ours. */
export function visibleLines(text: string, indent: number): string {
  return text
    .split(/\r\n|\n/)
    .map(visibleText)
    .join(`\n${' '.repeat(indent)}`);
}

/** How the library that reads the command line writes: what a message of it quotes may come from a file as well. */
export const commanderOutput = {
  writeOut: (text: string) => void process.stdout.write(terminalText(text)),
  writeErr: (text: string) => void process.stderr.write(terminalText(text)),
};

/** A reader that has seen enough (`pushfleet devices | head`) is no error; a full disk is one, and said so. */
export function endWithReader(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit();
    process.stderr.write(`pushfleet: cannot write to standard output (${code})\n`);
    process.exit(1);
  });
  // Nobody is left who could be told.
  process.stderr.on('error', () => {});
}

/** A line on standard error that is written over and over, where that is a terminal. */
interface StatusLine {
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

import { stripVTControlCharacters } from 'node:util';
import type { Clock } from '@pushfleet/runtime';
import type { Paint } from './paint.ts';
import { type Progress, progressLine, progressLines } from './progress.ts';

const redrawMs = 500;
const lineMs = 5000;

/** The part of a stream that is used: a terminal, or a file or pipe. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * Shows how a run goes: lines that are drawn over and over on a terminal, a line every 5 s in a log. Disposing it removes
 * the lines from a terminal, so that what is printed next stands in their place.
 */
export class ProgressDisplay implements Disposable {
  readonly #stream: ProgressStream;
  readonly #paint: Paint;
  readonly #read: () => Progress;
  readonly #timer: Disposable;
  #drawn = 0;

  constructor(clock: Clock, stream: ProgressStream, paint: Paint, read: () => Progress) {
    this.#stream = stream;
    this.#paint = paint;
    this.#read = read;
    const show = stream.isTTY ? () => this.#draw() : () => void stream.write(`${progressLine(read())}\n`);
    this.#timer = clock.every(stream.isTTY ? redrawMs : lineMs, show);
    if (stream.isTTY) show();
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    if (this.#drawn > 0) this.#stream.write(`\r\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }

  /** In one write, so that a terminal never shows half of it. */
  #draw(): void {
    const width = Math.max(20, (this.#stream.columns || 80) - 1);
    const lines = progressLines(this.#read(), this.#paint).map((line) => fit(line, width));
    const back = this.#drawn > 0 ? `\r\x1b[${this.#drawn}A` : '';
    this.#stream.write(`${back}${lines.map((line) => `${line}\x1b[K\n`).join('')}\x1b[J`);
    this.#drawn = lines.length;
  }
}

/** Cut to the width of the terminal: a line that wraps cannot be drawn over. */
function fit(line: string, width: number): string {
  const bare = stripVTControlCharacters(line);
  return bare.length <= width ? line : `${bare.slice(0, width - 1)}…`;
}

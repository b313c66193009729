import type { ReadStream, WriteStream } from 'node:tty';
import { terminalText } from './print.ts';

/** The alternate screen, no cursor, no wrapping of long lines; and how it was before. */
const enter = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J';
const leave = '\x1b[?7h\x1b[?25h\x1b[?1049l';
const ctrlC = '\x03';

export interface ScreenOptions {
  output: Pick<WriteStream, 'write' | 'columns' | 'rows' | 'on' | 'off'>;
  /** Keys are read from it where it is a terminal. */
  input: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>;
  /** `q` or Ctrl-C was pressed. */
  onQuit(): void;
  /** The terminal has another size now. */
  onResize(): void;
}

/** A terminal that is drawn as a whole. Disposed, it is as it was, also where what it showed has failed. */
export class Screen implements Disposable {
  readonly #options: ScreenOptions;
  readonly #onKey: (key: Buffer) => void;
  #isOpen = true;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#onKey = (key) => {
      if (['q', 'Q', ctrlC].some((each) => key.includes(each))) options.onQuit();
    };
    const { input, output } = options;
    output.write(enter);
    output.on('resize', options.onResize);
    if (!input.isTTY) return;
    input.setRawMode(true);
    input.on('data', this.#onKey);
    input.resume();
  }

  get columns(): number {
    return this.#options.output.columns || 80;
  }

  get rows(): number {
    return this.#options.output.rows || 24;
  }

  /** Draws over what is there, so that nothing flickers; the rest of the screen is empty. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const text = lines.map((line) => `${terminalText(line)}\x1b[K`).join('\r\n');
    this.#options.output.write(`\x1b[H${text}\x1b[J`);
  }

  [Symbol.dispose](): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { input, output, onResize } = this.#options;
    output.off('resize', onResize);
    output.write(leave);
    if (!input.isTTY) return;
    input.off('data', this.#onKey);
    input.setRawMode(false);
    input.pause();
  }
}

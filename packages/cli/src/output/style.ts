import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
/** Adds a style to a text, or not. */
export type Paint = (style: Style, text: string) => string;

/** Colour where the stream is a terminal and the user has not turned it off (NO_COLOR). */
export function paintFor(stream: NodeJS.WriteStream | WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

export const plain: Paint = (_style, text) => text;

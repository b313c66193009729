import type { WriteStream } from 'node:tty';
import { inspect, styleText } from 'node:util';

const styles = ['bold', 'dim', 'green', 'yellow', 'red', 'cyan'] as const;
export type Style = (typeof styles)[number];
/** Adds a style to a text, or not. */
export type Paint = (style: Style, text: string) => string;

/** Colour where the stream is a terminal and the user has not turned it off (NO_COLOR). */
export function paintFor(stream: NodeJS.WriteStream | WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

export const plain: Paint = (_style, text) => text;

/** What paint adds to a text: `\x1b[1m` and the like. */
export const paintSequences: readonly string[] = [
  ...new Set(styles.flatMap((style) => (inspect.colors[style] ?? []).map((code) => `\x1b[${code}m`))),
];

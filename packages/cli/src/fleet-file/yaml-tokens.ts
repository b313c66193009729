import { CST, Lexer, type LineCounter, Parser } from 'yaml';

/** The greatest depth of lists and mappings in one another; nothing that pushfleet reads is as deep. */
export const greatestDepth = 64;
/** The greatest indent of a line, in characters; deeper nesting needs more. */
const greatestIndent = 256;

/**
 * The tokens of a YAML text for the library's composer, which calls itself for each level, and in the end runs out of stack
 * in a way that no handler catches: nesting is bounded here, before.
 * @param tooDeep Makes the error, of the offset of the place.
 */
export function* readYamlTokens(
  text: string,
  lines: LineCounter,
  tooDeep: (offset: number) => Error,
): Generator<CST.Token, void, undefined> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const depth = new Depth();
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    depth.look(lexeme);
    if (depth.isTooGreat) throw tooDeep(offset);
    offset += depth.isMark ? 0 : lexeme.length;
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

class Depth {
  /** The lexeme stands for something, and is no part of the text. */
  isMark = false;
  /** Depth of brackets and braces. */
  #flow = 0;
  /** Depth of lists that begin within lists on one line: `- - x`. */
  #run = 0;
  #indent = 0;
  #isTextNext = false;
  #isLineStart = true;

  get isTooGreat(): boolean {
    return this.#flow + this.#run > greatestDepth || this.#indent > greatestIndent;
  }

  look(lexeme: string): void {
    const type = this.#isTextNext ? null : CST.tokenType(lexeme);
    this.isMark = type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end';
    this.#isTextNext = type === 'scalar';
    if (type === 'flow-seq-start' || type === 'flow-map-start') this.#flow += 1;
    else if (type === 'flow-seq-end' || type === 'flow-map-end') this.#flow -= 1;
    this.#indent = type === 'space' && this.#isLineStart ? lexeme.length : 0;
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') this.#run += 1;
    else if (type !== 'space') this.#run = 0;
    this.#isLineStart = type === 'newline';
  }
}

import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  type Scalar,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { CommandFailure } from '../output/failure.ts';
import { greatestDepth, readYamlTokens } from './yaml-tokens.ts';

export type Path = readonly PropertyKey[];

/** `devices[3].group`. */
export function formatPath(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');
}

type Node = ParsedNode | null | undefined;
type Entries = [key: string, value: Node][];

/** How many values may be read again because an alias stands for them. */
const greatestRepeated = 1_000_000;
const tooDeep = 'nested too deeply, or an alias within what it stands for';

/**
 * A YAML 1.2 file that knows of each value where it stands. What YAML readers disagree about is an error instead of a guess:
 * tags that nobody knows here, keys that are there twice, numbers that are not written as such. Errors are CommandFailures
 * that begin with file, line and column, and do not show values. Time is in proportion to the text and what aliases add.
 */
export class YamlFile {
  readonly #file: string;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;
  readonly #targets = new Map<Alias, ParsedNode>();
  readonly #known = new Map<YAMLMap, Entries | 'begun'>();
  /** How many nodes the text has. */
  #nodes = 0;
  /** How many values were read, those included that aliases stand for. */
  #values = 0;

  /** @throws CommandFailure where the text is no YAML */
  constructor(text: string, file: string) {
    this.#file = file;
    const tokens = readYamlTokens(text, this.#lines, (offset) => this.#problem(offset, 'nested too deeply'));
    // Keys are compared where they are read: the library's comparison takes quadratic time.
    const composer = new Composer({ uniqueKeys: false, resolveKnownTags: false, logLevel: 'error' });
    const [document, second] = [...composer.compose(tokens, true, text.length)];
    this.#document = document as Document.Parsed;
    const [problem] = [...this.#document.errors, ...this.#document.warnings];
    if (problem) throw this.#problem(problem.pos[0], describeYamlProblem(problem, text));
    if (second) throw this.#problem(second.range[0], 'a second document begins; the file must be one');
    if (this.#document.directives.yaml.version !== '1.2') throw this.#problem(0, 'must be YAML 1.2');
    this.#findTargets();
  }

  /**
   * The value of the file: objects, lists, texts, numbers, booleans and nulls.
   * @param fillIn What becomes of each text; the place is added to a CommandFailure of it.
   */
  read(fillIn: (text: string) => string): unknown {
    const path: PropertyKey[] = [];
    const readAt = (key: PropertyKey, node: Node) => {
      path.push(key);
      const value = readNode(node);
      path.pop();
      return value;
    };
    const readNode = (given: Node): unknown => {
      const node = this.#resolve(given);
      if (path.length > greatestDepth) throw this.#problem(offsetOf(given), tooDeep);
      this.#count(1, given);
      if (isSeq<ParsedNode>(node)) return node.items.map((item, index) => readAt(index, item));
      if (isMap(node)) return Object.fromEntries(this.#entries(node).map(([key, value]) => [key, readAt(key, value)]));
      if (!isScalar(node)) return null;
      return readScalar(node, fillIn, { path, place: () => `${this.#placeAt(offsetOf(given))}: ${formatPath(path)}` });
    };
    return readNode(this.#document.contents);
  }

  /** The place of the value with the path, or of the nearest one around it that is there: `fleet.yaml, line 3, column 5`. */
  place(path: Path): string {
    let node: Node = this.#document.contents;
    let offset = offsetOf(node);
    for (const key of path) {
      node = this.#member(this.#resolve(node), key);
      if (!node) break;
      offset = offsetOf(node);
    }
    return this.#placeAt(offset);
  }

  #placeAt(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#file}, line ${line}, column ${col}`;
  }

  #problem(offset: number, what: string): CommandFailure {
    return new CommandFailure(`${this.#placeAt(offset)}: ${what}`);
  }

  /** An alias stands for the last node before it with that anchor. */
  #findTargets(): void {
    const anchors = new Map<string, ParsedNode>();
    visit(this.#document, {
      Node: (_key, node) => {
        this.#nodes += 1;
        if (!isAlias(node)) {
          if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node as ParsedNode);
          return;
        }
        const target = anchors.get(node.source);
        const wanted = `there is no anchor &${showKey(node.source)} before this alias; a text that begins with * stands in quotes`;
        if (!target) throw this.#problem(offsetOf(node as ParsedNode), wanted);
        this.#targets.set(node, target);
      },
    });
  }

  #resolve(node: Node): Node {
    return isAlias(node) ? this.#targets.get(node) : node;
  }

  #member(node: Node, key: PropertyKey): Node {
    if (isSeq<ParsedNode>(node)) return node.items[Number(key)];
    return isMap(node) ? this.#entries(node).find(([name]) => name === key)?.[1] : undefined;
  }

  /** Keys and values of a mapping, with those of others that `<<` names: what it says itself goes before. */
  #entries(map: YAMLMap): Entries {
    const known = this.#known.get(map);
    if (known === 'begun') throw this.#problem(offsetOf(map as ParsedNode), 'a mapping that << merges with itself');
    if (known) return known;
    this.#known.set(map, 'begun');
    const own = new Map<string, Node>();
    const merged = new Map<string, Node>();
    for (const { key, value } of map.items as { key: Node; value: Node }[]) {
      if (isMergeKey(key)) {
        for (const [name, inherited] of this.#merged(value)) if (!merged.has(name)) merged.set(name, inherited);
        continue;
      }
      const name = this.#nameOf(key);
      if (own.has(name)) throw this.#problem(offsetOf(key), `the key ${showKey(name)} is there twice`);
      own.set(name, value);
    }
    const entries = [...new Map([...merged, ...own])];
    this.#count(merged.size, map as ParsedNode);
    this.#known.set(map, entries);
    return entries;
  }

  #merged(value: Node): Entries {
    const node = this.#resolve(value);
    if (isMap(node)) return this.#entries(node);
    const maps = isSeq<ParsedNode>(node) ? node.items.map((item) => this.#resolve(item)) : [undefined];
    return maps.flatMap((map) => {
      if (isMap(map)) return this.#entries(map);
      throw this.#problem(offsetOf(value), '<< must be followed by an alias of a mapping, or a list of them');
    });
  }

  #nameOf(key: Node): string {
    const node = this.#resolve(key);
    if (!isScalar(node)) throw this.#problem(offsetOf(key), 'a key must be a text');
    return typeof node.value === 'string' ? node.value : String(node.source);
  }

  /** @throws CommandFailure where aliases make more of the file than memory and time are there for. */
  #count(values: number, node: Node): void {
    this.#values += values;
    if (this.#values - this.#nodes > greatestRepeated)
      throw this.#problem(offsetOf(node), 'aliases stand for more than a million values');
  }
}

/** In quotes it is a key like others. */
function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function offsetOf(node: Node): number {
  return node?.range[0] ?? 0;
}

interface Whereabouts {
  path: Path;
  place: () => string;
}

function readScalar(scalar: Scalar, fillIn: (text: string) => string, { path, place }: Whereabouts): unknown {
  const { value, source = '' } = scalar;
  if (typeof value === 'string') {
    try {
      return fillIn(value);
    } catch (error) {
      throw error instanceof CommandFailure
        ? new CommandFailure(`${place()}: ${error.message}`, { cause: error })
        : error;
    }
  }
  // Other readers make another number of 0100 or 0x1f, and of 22.10 this one would make another text.
  if (typeof value === 'number' && source !== String(value)) {
    const written = source.slice(0, 32);
    const wanted =
      path.at(-1) === 'secret'
        ? 'it is read as a number; a text of digits stands in quotes'
        : `${written} is read as the number ${value}; write that, or "${written}" in quotes`;
    throw new CommandFailure(`${place()}: ${wanted}`);
  }
  return value;
}

type Code = YAMLError['code'];

/** Words for what people really meet, where the library's are hard to understand or quote the text. */
const words: Partial<Record<Code, string>> = {
  BAD_DQ_ESCAPE: 'a backslash that begins no escape; in single quotes it is a backslash',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on the line; a text that holds one stands in quotes',
  TAB_AS_INDENT: 'a tab in the indentation; YAML takes blanks only',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

/** The fault of the text in words, without showing any of it but the names of tags and the characters of the syntax: it may hold secrets. */
function describeYamlProblem({ code, message, pos: [start, end] }: YAMLError, text: string): string {
  if (code === 'TAG_RESOLVE_FAILED') {
    const [, marks = '', name = ''] = /^(!*)(.*)$/s.exec(text.slice(start, end)) ?? [];
    const tag = `${marks}${showKey(name)}`;
    return `the tag ${tag} means nothing here; write the value itself, \${NAME} for an environment variable, or secretFile`;
  }
  if (text.startsWith('${', start - 1))
    return `\${NAME} in a line with { } or [ ] around it stands in quotes: "\${NAME}"`;
  // The text follows a colon.
  return words[code] ?? message.split(':')[0]?.trim() ?? code;
}

/** A key, tag or anchor for people. What does not look like the name of something may be a secret without its quotes. */
export function showKey(key: string): string {
  return /^([A-Za-z][\w-]{0,14}|[A-Za-z]{1,32})$/.test(key) ? key : '…';
}

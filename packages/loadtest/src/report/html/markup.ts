import { visibleText } from '@pushfleet/runtime';

/** A piece of HTML or SVG that may stand in a page as it is. Only `markup` makes one. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | readonly Value[] | undefined | null | false;

/**
 * A template whose values are escaped unless they are markup themselves, so that no text of a peer becomes part of the page's
 * structure; characters that hide something or change the order of others are written out. `undefined`, `null` and
 * `false` are nothing.
 */
export function markup(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(strings.reduce((text, part, index) => `${text}${render(values[index - 1])}${part}`));
}

function render(value: Value): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeText(String(value));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Texts without any of the characters that matter: most of them, on a page full of figures. */
const harmless = /^[ !#-%(-;=?-~]*$/;

function escapeText(text: string): string {
  if (harmless.test(text)) return text;
  return visibleText(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** JSON that stands in a `script` element and cannot end it; its texts are as visible as those of `markup`. */
export function embeddedJson(value: unknown): Markup {
  const visible = (_key: string, part: unknown) =>
    typeof part === 'string' && !harmless.test(part) ? visibleText(part) : part;
  return new Markup(JSON.stringify(value, visible).replace(/[<>&\u2028\u2029]/g, unicodeEscape));
}

const unicodeEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

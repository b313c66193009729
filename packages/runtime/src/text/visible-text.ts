/** C0, DEL and C1: among them ESC and CSI, with which a text tells a terminal what to do. */
const control = '\\p{Cc}';
/** Characters that change how others around them are shown, or show as nothing; and halves of characters. */
const deceiving = '\\p{Cs}\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb';

const invisible = new RegExp(`[${control}${deceiving}]`, 'gu');
const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text on one line, with every character in it that a terminal would obey or hide written out: `\x1b`, `\u202e`. */
export function visibleText(text: string): string {
  return text.replace(invisible, (character) => named[character] ?? escapeOf(character));
}

function escapeOf(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : unicodeEscape(character);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Characters that JSON.stringify does not escape. */
const unescaped = new RegExp(`[\\u007f-\\u009f${deceiving}]`, 'gu');

/** A text in JSON with the same escapes: the value is the same, and a terminal may show it. */
export function visibleJson(json: string): string {
  return json.replace(unescaped, unicodeEscape);
}

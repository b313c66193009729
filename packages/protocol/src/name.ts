/**
 * The one spelling of a name that people give and compare by eye: composed characters (NFC), as keyboards make them and
 * macOS does not; an ordinary blank for each wider, narrower or no-break one, as spreadsheets and web pages have them.
 */
export function spellName(text: string): string {
  return text.normalize('NFC').replace(/\p{Zs}/gu, ' ');
}

/** Control and format characters, fillers, halves of pairs, and the one blank that counts as a symbol. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The first character that nobody sees, with which two names could differ that look the same: `U+200B at character 3`.
 * `undefined`: there is none.
 */
export function findHidden(text: string): string | undefined {
  const found = hidden.exec(text);
  if (!found) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code} at character ${[...text.slice(0, found.index)].length + 1}`;
}

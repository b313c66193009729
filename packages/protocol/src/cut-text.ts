const encoder = new TextEncoder();

/**
 * The beginning of a text: at most `maxBytes` in UTF-8, and never a part of a character. What is no text in the first
 * place, half of a surrogate pair, becomes U+FFFD, so that every wire and every store takes the result.
 */
export function cutText(text: string, maxBytes: number): string {
  // No UTF-16 code unit makes more than three bytes.
  if (text.length * 3 <= maxBytes) return text.toWellFormed();
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return text.slice(0, read).toWellFormed();
}

import { PushfleetError } from '@pushfleet/protocol';
import { processSettings } from './process-settings.ts';
import { decodeText } from './text/text-reader.ts';

const minTokenChars = 16;

/**
 * The token of the admin API: the first line of the file that these bytes are of, without blanks around it.
 * @throws PushfleetError INVALID_ARGUMENT that names the setting and the file, and nothing of what the file holds.
 */
export function parseAdminToken(bytes: Uint8Array, file: string): string {
  const [line = ''] = firstLineOf(bytes, file);
  const token = line.trim();
  if (token.length < minTokenChars) {
    const rule = `the first line of ${file} must be a token of at least ${minTokenChars} characters`;
    throw problem(`${rule}; it has ${token.length}`);
  }
  // It goes in a header.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw problem(`the first line of ${file} is not a token: letters, digits and ASCII punctuation, without blanks`);
  }
  return token;
}

function firstLineOf(bytes: Uint8Array, file: string): string[] {
  try {
    return decodeText(bytes, file).split(/\r\n|\n|\r/, 1);
  } catch (cause) {
    throw problem((cause as Error).message, cause);
  }
}

function problem(what: string, cause?: unknown): PushfleetError {
  return new PushfleetError('INVALID_ARGUMENT', `${processSettings.adminTokenFile.name}: ${what}`, { cause });
}

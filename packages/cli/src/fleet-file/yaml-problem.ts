import type { YAMLError } from 'yaml';

type Code = YAMLError['code'];

/** Words for what people really meet, where the library's are hard to understand or quote the text. */
const words: Partial<Record<Code, string>> = {
  BAD_DQ_ESCAPE: 'a backslash that begins no escape; in single quotes it is a backslash',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on the line; a text that holds one stands in quotes',
  TAB_AS_INDENT: 'a tab in the indentation; YAML takes blanks only',
  RESOURCE_EXHAUSTION: 'nested too deeply',
};

/** What is wrong with the text, without showing any of it but the names of tags and the characters of the syntax: it may hold secrets. */
export function describeYamlProblem({ code, message, pos: [start, end] }: YAMLError, text: string): string {
  if (code === 'TAG_RESOLVE_FAILED') {
    const [, marks = '', name = ''] = /^(!*)(.*)$/s.exec(text.slice(start, end)) ?? [];
    const tag = `${marks}${showKey(name)}`;
    return `the tag ${tag} means nothing here; write the value itself, \${NAME} for an environment variable, or secretFile`;
  }
  if (text.startsWith('${', start - 1))
    return `\${NAME} in a line with { } or [ ] around it stands in quotes: "\${NAME}"`;
  // What follows a colon is the text.
  return words[code] ?? message.split(':')[0]?.trim() ?? code;
}

/** A key, tag or anchor for people. What does not look like the name of something may be a secret without its quotes. */
export function showKey(key: string): string {
  return /^([A-Za-z][\w-]{0,14}|[A-Za-z]{1,32})$/.test(key) ? key : '…';
}

import { visibleText } from '@pushfleet/runtime';
import type { CompletionRow, Offer } from './completion-table.ts';
import type { Values } from './value-kinds.ts';

/**
 * Functions for any POSIX shell that has `local`. `_pushfleet_look PROGRAM WORD…` prints what can stand in the place of the last
 * word: a line for each, its meaning behind a tab; or the line `:files`. Whoever calls it leaves out what does not fit.
 */
export function shellFunctions(rows: readonly CompletionRow[]): string {
  return [stepFunction(rows), valueFunction(rows), operandFunction(rows), offersFunctions(rows), engine].join('\n');
}

/** A word of a shell that stands for this text and nothing else. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A function with one `case`; it fails where nothing matches. */
function caseFunction(name: string, subject: string, branches: readonly string[]): string {
  return [`${name}() {`, `  case "${subject}" in`, ...branches.map((each) => `    ${each} ;;`), '    *) return 1 ;;']
    .concat('  esac', '}')
    .join('\n');
}

function stepFunction(rows: readonly CompletionRow[]): string {
  const branches = rows.flatMap(({ path: from, commands }) =>
    commands.map(({ word, path }) => `${quote(`${from}:${word}`)}) at=${quote(path)}`),
  );
  return caseFunction('_pushfleet_step', '$1:$2', branches);
}

function valueFunction(rows: readonly CompletionRow[]): string {
  const branches = rows.flatMap(({ path, options }) =>
    options.flatMap(({ flags, values, isVariadic }) => {
      if (!values) return [];
      const pattern = flags.map((flag) => quote(`${path}:${flag}`)).join('|');
      return [`${pattern}) values=${quote(encode(values))} many=${isVariadic ? 1 : ''}`];
    }),
  );
  return caseFunction('_pushfleet_value', '$1:$2', branches);
}

function operandFunction(rows: readonly CompletionRow[]): string {
  const branches = rows.flatMap(({ path, arguments: operands, isVariadic }) =>
    operands.map((values, at) => {
      const isLast = at === operands.length - 1;
      const pattern = isLast && isVariadic ? `${quote(`${path}:`)}*` : quote(`${path}:${at}`);
      return `${pattern}) values=${quote(encode(values))}`;
    }),
  );
  return caseFunction('_pushfleet_operand', '$1:$2', branches);
}

function encode(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `words ${values.words.join(' ')}`;
    case 'ids':
      return `ids ${values.of}`;
    case 'files':
    case 'free':
      return values.kind;
    default:
      return values satisfies never;
  }
}

function offersFunctions(rows: readonly CompletionRow[]): string {
  const branch = (path: string, offers: readonly Offer[]) => {
    const words = offers.map(({ word, description }) => `${quote(word)} ${quote(firstLine(description))}`);
    return words.length > 0 ? [`${quote(path)}) printf '%s\\t%s\\n' ${words.join(' ')}`] : [];
  };
  const commands = rows.flatMap(({ path, commands: offers }) => branch(path, offers));
  const flags = rows.flatMap(({ path, options }) =>
    branch(
      path,
      options.flatMap(({ flags: words, description }) => words.map((word) => ({ word, description }))),
    ),
  );
  return [caseFunction('_pushfleet_commands', '$1', commands), caseFunction('_pushfleet_flags', '$1', flags)].join(
    '\n',
  );
}

function firstLine(text: string): string {
  return visibleText(text.split('\n')[0] ?? '');
}

const engine = `_pushfleet_offer() {
  case "$1" in
    'words '*) for each in \${1#words }; do printf '%s%s\\n' "$3" "$each"; done ;;
    'ids '*)
      "$program" known-ids "\${1#ids }" "$2" 2>/dev/null </dev/null |
        while IFS= read -r each; do printf '%s%s\\n' "$3" "$each"; done ;;
    files) printf ':files\\n' ;;
  esac
}
_pushfleet_look() {
  local program="$1" at='' values='' many='' awaits='' plain='' count=0 word each
  case "$program" in '~/'*) program="$HOME/\${program#??}" ;; esac
  shift
  while [ $# -gt 1 ]; do
    word="$1"
    shift
    if [ -n "$plain" ]; then count=$((count + 1)); continue; fi
    if [ -n "$awaits" ]; then
      case "$word" in
        -*) [ "$awaits" = many ] || { awaits=''; continue; } ;;
        *) [ "$awaits" = many ] || awaits=''; continue ;;
      esac
      awaits=''
    fi
    case "$word" in
      --) plain=1 ;;
      -*=*) ;;
      -*) ! _pushfleet_value "$at" "$word" || awaits=\${many:+many} awaits=\${awaits:-one} ;;
      *) if [ "$count" -gt 0 ] || ! _pushfleet_step "$at" "$word"; then count=$((count + 1)); fi ;;
    esac
  done
  word="$1"
  case "$awaits:$word" in
    one:* | many:[!-]* | many:) _pushfleet_offer "$values" "$word" ''; return 0 ;;
  esac
  case "$plain:$word" in
    :-*=*) ! _pushfleet_value "$at" "\${word%%=*}" || _pushfleet_offer "$values" "\${word#*=}" "\${word%%=*}=" ;;
    :-*) _pushfleet_flags "$at" ;;
    *)
      if [ "$count" -eq 0 ] && [ -z "$plain" ]; then _pushfleet_commands "$at"; fi
      ! _pushfleet_operand "$at" "$count" || _pushfleet_offer "$values" "$word" '' ;;
  esac
  return 0
}`;

import type { CompletionRow } from './completion-table.ts';
import { shellFunctions } from './shell-functions.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The script that a shell reads to complete commands, options, their values, and ids of the running cluster. */
export function completionScript(shell: Shell, rows: readonly CompletionRow[]): string {
  const functions = shellFunctions(rows);
  switch (shell) {
    case 'bash':
      return `# Completion of pushfleet for bash.\n${functions}\n${bash}`;
    case 'zsh':
      return `#compdef pushfleet\n# Completion of pushfleet for zsh.\n${functions}\n${zsh}`;
    case 'fish':
      return `# Completion of pushfleet for fish, which leaves the work to sh.\n${fish(functions)}`;
    default:
      return shell satisfies never;
  }
}

/** Bash takes words apart at ":" and "=", and has the quotes still in them. */
const bash = `_pushfleet() {
  local at raw line value whole glued='' start
  local -a typed=()
  COMPREPLY=()
  for ((at = 0; at <= COMP_CWORD; at++)); do
    raw=\${COMP_WORDS[at]}
    if [[ $raw == [:=]* && \${#typed[@]} -gt 1 ]]; then
      typed[\${#typed[@]} - 1]+=$raw glued=1
    elif [[ $glued ]]; then
      typed[\${#typed[@]} - 1]+=$raw glued=''
    else
      typed+=("$raw")
    fi
  done
  for at in "\${!typed[@]}"; do typed[at]=\${typed[at]//[\\\\\\"\\']/}; done
  whole=\${typed[\${#typed[@]} - 1]}
  case $raw in
    [:=]) start=$whole ;;
    *) raw=\${raw//[\\\\\\"\\']/} start=\${whole%"$raw"} ;;
  esac
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    if [[ $value == :files ]]; then
      compopt -o filenames -o default 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$raw")
      return
    fi
    [[ $value == "$whole"* ]] || continue
    value=\${value#"$start"}
    [[ \${COMP_WORDS[COMP_CWORD]} == [\\'\\"]* ]] || printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <(_pushfleet_look "\${typed[@]}")
}
complete -F _pushfleet pushfleet
`;

const zsh = `_pushfleet() {
  local found line value meaning
  local -a offers typed
  typed=("\${(@Q)words[1,CURRENT]}")
  found="$(emulate -L sh; _pushfleet_look "\${typed[@]}")"
  if [[ $found == ':files' ]]; then
    _files
    return
  fi
  for line in "\${(@f)found}"; do
    [[ -n $line ]] || continue
    value=\${line%%$'\\t'*} meaning=''
    [[ $line == *$'\\t'* ]] && meaning=\${line#*$'\\t'}
    offers+=("\${value//:/\\\\:}\${meaning:+:$meaning}")
  done
  _describe pushfleet offers
}
if [[ $funcstack[1] == _pushfleet ]]; then _pushfleet "$@"; else compdef _pushfleet pushfleet; fi
`;

function fish(functions: string): string {
  const text = `${functions}\n_pushfleet_look "$@"`.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `set -g __pushfleet_functions '${text}'
function __pushfleet_complete
    set -l found (sh -c $__pushfleet_functions sh (commandline -opc) (commandline -ct))
    if test "$found" = ':files'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c pushfleet -f -a '(__pushfleet_complete)'
`;
}

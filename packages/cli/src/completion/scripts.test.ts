import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../program.ts';
import { completionTable } from './completion-table.ts';
import { completionScript, type Shell, shells } from './scripts.ts';

const run = promisify(execFile);
const program = createProgram({ environment: {}, stop: () => new AbortController().signal });
const rows = completionTable(program);

/** Reads the words from its arguments, the last being the one that is typed, and prints what bash would offer. */
const askBash = `
source "$1"; shift
complete -p pushfleet >/dev/null || exit 9
COMP_LINE="$*" COMP_POINT=\${#COMP_LINE} COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_pushfleet pushfleet
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** The completion system of zsh works in its line editor only: the line is typed into one, with a Tab, and shown as it is then. */
const askZsh = `
zmodload zsh/zpty
script=$1; shift
zpty asked zsh -f -i
zpty -w asked "PS1=; autoload -Uz compinit; compinit -u -D; source $script"
zpty -w asked 'shown() { BUFFER="print -r -- \\"<\${(q)BUFFER}>\\""; zle accept-line }; zle -N shown; bindkey "^X" shown; print rea""dy'
zpty -r asked line '*ready*'
zpty -w -n asked "$*"$'\t'$'\x18'
zpty -r asked line '*\n<*>*'
print -r -- "$line"`;

const argvOf: Record<Shell, (script: string, words: readonly string[]) => [string, string[]]> = {
  bash: (script, words) => ['bash', ['--norc', '--noprofile', '-c', askBash, 'bash', script, ...words]],
  zsh: (script, words) => ['zsh', ['-f', '-c', askZsh, 'zsh', script, ...words]],
  fish: (script, words) => ['fish', ['--no-config', '-c', `source ${script}; complete -C "$argv"`, words.join(' ')]],
};

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushfleet-completion-'));
  for (const shell of shells) await writeFile(join(directory, shell), completionScript(shell, rows));
  // The program itself is asked for ids; this one knows some without a cluster.
  const ids = '#!/bin/sh\ncase "$1 $2" in "known-ids "*) cat "$(dirname "$0")/$2" ;; esac\n';
  await writeFile(join(directory, 'pushfleet'), ids);
  await chmod(join(directory, 'pushfleet'), 0o755);
  await writeFile(join(directory, 'devices'), 'laptop-17\nlaptop:18\npc@home\n');
  await writeFile(join(directory, 'groups'), "HQ\nHQ/Floor 2\nHQ/Bob's $HOME\n");
  await writeFile(join(directory, 'nodes'), 'dp-1\ndp-2\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** On CI every shell must be there: a missing one is a failed installation. */
async function isHere(shell: Shell): Promise<boolean> {
  try {
    await run(shell, ['-c', ':']);
    return true;
  } catch (cause) {
    if (process.env.CI) throw new Error(`${shell} is not installed; .ci/run installs it`, { cause });
    return false;
  }
}

const present = new Map(await Promise.all(shells.map(async (shell) => [shell, await isHere(shell)] as const)));

async function offered(shell: Shell, ...words: string[]): Promise<string[]> {
  const [command, args] = argvOf[shell](join(directory, shell), ['pushfleet', ...words]);
  const env = { PATH: `${directory}${delimiter}${process.env.PATH}`, HOME: directory, TERM: 'dumb', LC_ALL: 'C.UTF-8' };
  const { stdout } = await run(command, args, { env, cwd: directory });
  return stdout
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] as string);
}

describe.each(['bash', 'fish'] as const)('%s', (shell) => {
  const offer = (...words: string[]) => offered(shell, ...words);

  it.runIf(present.get(shell))('offers commands and their subcommands, by all their names', async () => {
    expect((await offer('pus')).toSorted()).toEqual(['push', 'push-server']);
    expect((await offer('push', 'st')).toSorted()).toEqual(['statistics', 'stop-task']);
    expect(await offer('dp', 'dis')).toEqual(['disable']);
    expect(await offer('distribution-points', 'dis')).toEqual(['disable']);
    expect(await offer('known-i')).toEqual([]);
  });

  it.runIf(present.get(shell))('offers options, also those of the command that runs where none is named', async () => {
    expect(await offer('push', 'sync', '--deliver')).toEqual(['--deliver-within']);
    expect(await offer('devices', '--no-sub')).toEqual(['--no-subgroups']);
    expect(await offer('events', '--wa')).toEqual([]);
  });

  it.runIf(present.get(shell))('offers the values of options', async () => {
    expect(await offer('push', 'sync', '--all', '--wait', '')).toEqual(
      expect.arrayContaining(['accepted', 'connected', 'delivered', 'finished']),
    );
    expect(await offer('push', 'sync', '--priority', 'h')).toEqual(['high']);
    expect(await offer('events', '-k', 'node-d')).toContain('node-dead');
    expect(await offer('tokens', 'create', 'x', '--role', 'o')).toEqual(['operator']);
    expect(await offer('loadtest', 'connect-')).toEqual(['connect-ramp', 'connect-storm']);
    expect(await offer('push', 'sync', '--reason', 'sy')).toEqual([]);
  });

  it.runIf(present.get(shell))('offers ids, also after options and other ids', async () => {
    expect(await offer('push', 'sync', '--reason', 'x', 'laptop-17', 'lap')).toContain('laptop-17');
    expect(await offer('drain', '')).toEqual(['dp-1', 'dp-2']);
    expect(await offer('drain', 'dp-1', '')).toEqual([]);
    expect(await offer('tunnel', '-l', '1', 'pc')).toEqual(['pc@home']);
    expect(await offer('dp', 'put', 'dp-1', '--groups', 'HQ', 'H')).toContain('HQ');
    expect(await offer('dp', 'put', 'dp-1', '--groups', 'HQ', '--wei')).toEqual(['--weight']);
  });

  it.runIf(present.get(shell))('offers files where a file is wanted', async () => {
    expect(await offer('apply', '-f', 'dev')).toEqual(['devices']);
    expect(await offer('loadtest', 'report', 'no')).toEqual(['nodes']);
  });
});

describe('bash, which takes words apart', () => {
  it('completes what has a ":" or follows a "="', async () => {
    expect(await offered('bash', 'devices', 'get', 'laptop', ':', '1')).toEqual(['18']);
    expect(await offered('bash', 'devices', 'get', 'laptop', ':')).toEqual(['18']);
    expect(await offered('bash', 'push', 'sync', '--wait', '=', 'acc')).toEqual(['accepted']);
    expect(await offered('bash', 'push', 'sync', '--wait', '=')).toHaveLength(4);
  });

  it('writes blanks and quotes so that they stay one word', async () => {
    expect(await offered('bash', 'groups', 'delete', 'HQ/F')).toEqual(['HQ/Floor\\ 2']);
    expect(await offered('bash', 'groups', 'delete', 'HQ/Floor\\ ')).toEqual(['HQ/Floor\\ 2']);
    expect(await offered('bash', 'groups', 'delete', '"HQ/Floor ')).toEqual(['HQ/Floor 2']);
    expect(await offered('bash', 'groups', 'delete', 'HQ/B')).toEqual(["HQ/Bob\\'s\\ \\$HOME"]);
  });
});

it.runIf(present.get('zsh'))('zsh completes commands, values and ids in its line editor', async () => {
  const completed = async (...words: string[]) =>
    (await offered('zsh', ...words)).findLast((line) => line.startsWith('<'));
  expect(await completed('push', 'stat')).toBe('<pushfleet\\ push\\ statistics\\ >');
  expect(await completed('push', 'sync', '--priority', 'h')).toContain('priority\\ high\\ >');
  expect(await completed('devices', 'get', 'laptop:')).toContain('get\\ laptop:18\\ >');
  expect(await completed('groups', 'delete', 'HQ/F')).toContain('Floor');
  expect(await completed('apply', '-f', 'dev')).toContain('devices');
});

it('has every command and option that help texts show', () => {
  const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
  const shown = walk(program).filter((command) => !['demo-fleet', 'known-ids'].includes(command.name()));
  expect(rows.filter(({ path }) => !path.endsWith('help'))).toHaveLength(shown.length);
  const flags = shown.flatMap(({ options }) => options.map(({ long }) => long));
  const known = rows.flatMap(({ options }) => options.flatMap((option) => option.flags));
  expect(flags.filter((flag) => !known.includes(flag as string))).toEqual([]);
});

import type { Argument, Command, Option } from 'commander';
import { type Values, valuesOfArgument, valuesOfOption } from './value-kinds.ts';

/** A word that can be typed, with its meaning. */
export interface Offer {
  word: string;
  description: string;
}

export interface CompletionOption {
  /** `-g`, `--group`. */
  flags: readonly string[];
  description: string;
  /** Absent: it takes no value. */
  values?: Values;
  /** Further values may follow the first. */
  isVariadic: boolean;
}

/** One command, as completion needs it. */
export interface CompletionRow {
  /** The words that name it: `push sync`; empty: the program itself. */
  path: string;
  commands: readonly (Offer & { path: string })[];
  options: readonly CompletionOption[];
  arguments: readonly Values[];
  /** The last argument takes any number of words. */
  isVariadic: boolean;
}

/** All commands that are shown in help texts, from the tree that reads the command line. */
export function completionTable(program: Command): CompletionRow[] {
  return rowsOf(program, '');
}

function rowsOf(command: Command, path: string): CompletionRow[] {
  const shown = command.createHelp().visibleCommands(command);
  const pathOf = (child: Command) => (path === '' ? child.name() : `${path} ${child.name()}`);
  const row: CompletionRow = {
    path,
    commands: shown.flatMap((child) =>
      [child.name(), ...child.aliases()].map((word) => ({
        ...{ word, path: pathOf(child) },
        description: child.description(),
      })),
    ),
    options: optionsOf(command).map(toOption),
    arguments: argumentsOf(command).map((each) => valuesOfArgument(path, each.name(), each.argChoices)),
    isVariadic: argumentsOf(command).at(-1)?.variadic ?? false,
  };
  return [row, ...shown.flatMap((child) => rowsOf(child, pathOf(child)))];
}

/** Its own, and those of the command that runs where none is named. */
function optionsOf(command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  const standIn = defaultOf(command);
  return standIn ? [...standIn.options, ...own] : own;
}

/** The library keeps the name of that command to itself. */
function defaultOf(command: Command): Command | undefined {
  const { _defaultCommandName: name } = command as Command & { _defaultCommandName?: string | null };
  return command.commands.find((child) => child.name() === name);
}

function argumentsOf(command: Command): readonly Argument[] {
  return command.registeredArguments;
}

function toOption(option: Option): CompletionOption {
  const { short, long, description, required, optional, variadic, argChoices } = option;
  const flags = [short, long].filter((flag) => flag !== undefined);
  const base = { flags, description, isVariadic: variadic };
  return required || optional ? { ...base, values: valuesOfOption(long ?? '', argChoices) } : base;
}

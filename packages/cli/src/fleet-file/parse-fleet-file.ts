import { type Environment, visibleText } from '@pushfleet/runtime';
import type { z } from 'zod';
import { CommandFailure } from '../output/failure.ts';
import { type FleetFile, fleetSchema, textRule } from './schema.ts';
import { formatPath, type Path, showKey, YamlFile } from './yaml-file.ts';

export interface ParsedFleet extends FleetFile {
  /** `fleet.yaml, line 12, column 5: devices[3].group`. */
  place(path: Path): string;
}

/** A file may be wrong in every line. */
const listedProblems = 20;

/**
 * Reads the text of a fleet file. `${NAME}` and `${NAME:-default}` stand for environment variables.
 * @throws CommandFailure that names each wrong place, what stands there and what would be right
 */
export function parseFleetFile(text: string, file: string, environment: Environment): ParsedFleet {
  const yaml = new YamlFile(text, file);
  const value = yaml.read((part) => fillInVariables(part, environment)) ?? {};
  const parsed = fleetSchema.safeParse(value);
  const place = (path: Path) => `${yaml.place(path)}: ${formatPath(path)}`;
  if (parsed.success) return { ...parsed.data, place };
  const problems = parsed.error.issues.flatMap(single);
  const listed = problems.slice(0, listedProblems).map((issue) => describeIssue(issue, value, yaml));
  const more = problems.length - listedProblems;
  throw new CommandFailure([...listed, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'));
}

type Issue = z.core.$ZodIssue;

/** One for each key. */
function single(issue: Issue): Issue[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
}

function describeIssue(issue: Issue, value: unknown, yaml: YamlFile): string {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const name = formatPath([...path, showKey(key)]);
    return `${yaml.place([...path, key])}: ${name}: no such setting; \`pushfleet apply --help\` shows what there is`;
  }
  const name = path.length > 0 ? formatPath(path) : 'the file';
  return `${yaml.place(path)}: ${name}: ${issue.message}${describeValue(issue, value)}`;
}

/** `; it is "no"`. Secrets are not shown, nor a text that may have swallowed one. */
function describeValue(issue: Issue, root: unknown): string {
  const { path, message } = issue;
  if (path.at(-1) === 'secret') return '';
  const value = path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | null)?.[key], root);
  if (value === undefined) return path.length > 0 ? '; it is not there' : '';
  if (value === null) return '; it has no value';
  if (typeof value === 'string') {
    const isWhole = issue.code === 'invalid_type' && ['array', 'object', 'record'].includes(issue.expected);
    return isWhole || value.includes('\n') ? '; it is a text' : `; it is "${visibleText(value).slice(0, 64)}"`;
  }
  if (typeof value !== 'object')
    return `; it is ${value}${message === textRule ? `: write "${value}", in quotes` : ''}`;
  if (issue.code !== 'invalid_type') return '';
  return Array.isArray(value) ? '; it is a list' : '; it is a mapping';
}

/** An escaped one; a variable, with its default; or what looks like one and is none. A default ends at the first `}`. */
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}$]*(?:\$(?!\{)[^}$]*)*))?\}|\$\{/g;

/**
 * The text with environment variables filled in: `${NAME}` and `${NAME:-default}`, where an empty variable counts as unset.
 * `$${` stands for `${` itself.
 * @throws CommandFailure that names the variable; not the text, which may be a secret
 */
function fillInVariables(text: string, environment: Environment): string {
  return text.replace(reference, (whole, name: string | undefined, fallback: string | undefined) => {
    if (whole === '$${') return '${';
    if (name === undefined) {
      throw new CommandFailure(
        `a \${ that begins no \${NAME} or \${NAME:-default}; for the two characters themselves write $\${`,
      );
    }
    const value = environment[name] || fallback;
    if (value === undefined) throw new CommandFailure(`the environment variable ${name} is not set`);
    return value;
  });
}

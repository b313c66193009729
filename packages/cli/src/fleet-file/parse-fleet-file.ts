import type { Environment } from '@pushfleet/runtime';
import { parse, YAMLParseError } from 'yaml';
import type { z } from 'zod';
import { CommandFailure } from '../output/failure.ts';
import { type FleetFile, fleetSchema } from './schema.ts';

/**
 * Reads the text of a fleet file. `${NAME}` and `${NAME:-default}` stand for environment variables.
 * @throws CommandFailure that names each wrong place, as in `devices[3].group: must be …`.
 */
export function parseFleetFile(text: string, environment: Environment): FleetFile {
  const parsed = fleetSchema.safeParse(fillIn(parseYaml(text), environment, ''));
  if (parsed.success) return parsed.data;
  throw new CommandFailure(parsed.error.issues.map(describeIssue).join('\n'));
}

/** `devices[3].group`. */
function formatPath(path: readonly PropertyKey[]): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at > 0 ? '.' : ''}${String(key)}`)).join('');
}

function parseYaml(text: string): unknown {
  try {
    return parse(text) ?? {};
  } catch (error) {
    // The first line of the message says what and where; the others quote the text, which may hold secrets.
    if (error instanceof YAMLParseError)
      throw new CommandFailure(error.message.split('\n')[0]?.replace(/:$/, '') ?? '');
    throw error;
  }
}

function fillIn(value: unknown, environment: Environment, path: string): unknown {
  if (typeof value === 'string') return fillInText(value, environment, path);
  if (Array.isArray(value)) return value.map((item, index) => fillIn(item, environment, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return value;
  const prefix = path && `${path}.`;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, fillIn(item, environment, `${prefix}${key}`)]),
  );
}

function fillInText(text: string, environment: Environment, path: string): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_whole, name: string, fallback?: string) => {
    const value = environment[name] || fallback;
    if (value === undefined) throw new CommandFailure(`${path}: the environment variable ${name} is not set`);
    return value;
  });
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = formatPath(issue.path);
  if (issue.code !== 'unrecognized_keys') return `${place || 'the file'}: ${issue.message}`;
  const known = issue.keys.map((key) => (place ? `${place}.${key}` : key)).join(', ');
  return `${known}: no such setting; \`pushfleet apply --help\` shows what there is`;
}

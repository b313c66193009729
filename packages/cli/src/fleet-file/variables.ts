import type { Environment } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

/** An escaped one; a variable, with its default; or what looks like one and is none. A default ends at the first `}`. */
const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}$]*(?:\$(?!\{)[^}$]*)*))?\}|\$\{/g;

/**
 * The text with environment variables filled in: `${NAME}` and `${NAME:-default}`, where an empty variable counts as unset.
 * `$${` stands for `${` itself.
 * @throws CommandFailure that names the variable; not the text, which may be a secret
 */
export function fillInVariables(text: string, environment: Environment): string {
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

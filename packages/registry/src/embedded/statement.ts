import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** The values of a statement's parameters, by their names without the colon. */
export type SqlValues = Readonly<Record<string, SQLInputValue>>;

/**
 * A prepared statement with named parameters (`:name`). A parameter without a value is an error, where SQLite would take
 * NULL. Names become places when the statement is prepared: SQLite's own binding by names doubles the cost of a small
 * statement.
 */
export class Statement {
  readonly #statement: StatementSync;
  /** By the places of the parameters. */
  readonly #names: readonly string[];

  constructor(sqlite: DatabaseSync, sql: string) {
    const parameters = /:([a-z]\w*)/gi;
    this.#names = [...sql.matchAll(parameters)].map(([, name]) => name as string);
    this.#statement = sqlite.prepare(sql.replaceAll(parameters, '?'));
  }

  get(values: SqlValues): object | undefined {
    return this.#statement.get(...this.#bind(values));
  }

  all(values: SqlValues): object[] {
    return this.#statement.all(...this.#bind(values));
  }

  /** How many rows it changed, not counting what triggers did. */
  run(values: SqlValues): number {
    return Number(this.#statement.run(...this.#bind(values)).changes);
  }

  #bind(values: SqlValues): SQLInputValue[] {
    const bound: SQLInputValue[] = [];
    for (const name of this.#names) {
      const value = values[name];
      if (value === undefined) throw new TypeError(`no value for the parameter :${name}`);
      bound.push(value);
    }
    return bound;
  }
}

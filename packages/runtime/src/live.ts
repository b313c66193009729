/** A value that may be replaced while it is in use. */
export interface Live<Value> {
  readonly current: Value;
  /** Calls `use` with each later value, until it is disposed. */
  onChange(use: (value: Value) => void): Disposable;
}

/** A live value that its owner replaces. */
export class LiveValue<Value> implements Live<Value> {
  #current: Value;
  readonly #users = new Set<(value: Value) => void>();

  constructor(first: Value) {
    this.#current = first;
  }

  get current(): Value {
    return this.#current;
  }

  onChange(use: (value: Value) => void): Disposable {
    // Its own function each time: one that is given twice is two.
    const user = (value: Value) => use(value);
    this.#users.add(user);
    return { [Symbol.dispose]: () => void this.#users.delete(user) };
  }

  replace(value: Value): void {
    this.#current = value;
    for (const use of [...this.#users]) use(value);
  }
}

/** A value that never changes, where a live one is wanted. */
export function fixed<Value>(value: Value): Live<Value> {
  return { current: value, onChange: () => ({ [Symbol.dispose]: () => {} }) };
}

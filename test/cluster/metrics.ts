/** The answer of a process at `/metrics`. */
export class Metrics {
  readonly #text: string;

  static async read(port: number): Promise<Metrics> {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    if (response.headers.get('content-type')?.startsWith('text/plain; version=0.0.4') !== true || !response.ok)
      throw new Error(`not metrics: ${response.status} ${response.headers.get('content-type')}`);
    return new Metrics(await response.text());
  }

  private constructor(text: string) {
    this.#text = text;
  }

  /** The names of all metrics, in their order. */
  get names(): string[] {
    return [...this.#text.matchAll(/^# TYPE (\w+)/gm)].map(([, name = '']) => name);
  }

  /** NaN: there is no such line. */
  value(line: string): number {
    return Number(
      this.#text
        .split('\n')
        .find((each) => each.startsWith(`${line} `))
        ?.slice(line.length) ?? Number.NaN,
    );
  }
}

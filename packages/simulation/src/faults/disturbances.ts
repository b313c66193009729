/** When, and until when, something was done to a host: what happens to it in that time, or a while later, has a cause. */
export class Disturbances {
  readonly #of = new Map<string, { fromMs: number; untilMs: number; kind: string }[]>();

  add(host: string, kind: string, fromMs: number, untilMs: number): void {
    const known = this.#of.get(host) ?? [];
    known.push({ fromMs, untilMs, kind });
    this.#of.set(host, known);
  }

  /** Whether anything, of those kinds if given, was done to it between the two times. */
  touched(host: string, fromMs: number, untilMs: number, kinds?: readonly string[]): boolean {
    return (this.#of.get(host) ?? []).some(
      (one) => one.fromMs <= untilMs && one.untilMs >= fromMs && (kinds?.includes(one.kind) ?? true),
    );
  }
}

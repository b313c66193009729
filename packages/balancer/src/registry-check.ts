import type { Registry, RegistryFinding } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

const everyMs = 60_000;

/** Checks once a minute whether the registry's store is set up so that it keeps what it is given, and logs what is not. */
export class RegistryCheck implements Disposable {
  readonly #registry: Pick<Registry, 'check'>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #findings: readonly RegistryFinding[] = [];
  #timer: Disposable | undefined;

  constructor(registry: Pick<Registry, 'check'>, clock: Clock, logger: Logger) {
    this.#registry = registry;
    this.#clock = clock;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    this.#timer = this.#clock.every(everyMs, () => void this.look());
    await this.look();
  }

  /** Findings with which a balancer is not ready, in words. */
  get unfit(): string[] {
    return this.#words('unfit');
  }

  /** Findings that an operator should know of, and no more, in words. */
  get doubtful(): string[] {
    return this.#words('doubtful');
  }

  async look(): Promise<void> {
    const known = new Set(this.#findings.map(({ words }) => words));
    try {
      this.#findings = await this.#registry.check();
    } catch {
      // A registry that does not answer is reported by NodeDirectory; what was found stays found.
      return;
    }
    for (const { severity, words } of this.#findings) {
      if (!known.has(words)) this.#logger[severity === 'unfit' ? 'error' : 'warn'](words);
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #words(wanted: RegistryFinding['severity']): string[] {
    return this.#findings.filter(({ severity }) => severity === wanted).map(({ words }) => words);
  }
}

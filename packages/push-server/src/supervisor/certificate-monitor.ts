import type { X509Certificate } from 'node:crypto';
import type { NodeProblem } from '@pushfleet/registry';
import { type Clock, findCertificateFault, type Live, parseCertificates } from '@pushfleet/runtime';

export interface CertificateMonitorOptions {
  /** The CAs that devices trust; `undefined`: not known. */
  authorities: Live<readonly X509Certificate[] | undefined>;
  clock: Clock;
}

/** Time for which an answer is kept: signatures need not be checked with every heartbeat. */
const keptForMs = 5_000;

/** Verifies the certificates that this push server's workers show, as a device would that connects to its address. */
export class CertificateMonitor {
  readonly #options: CertificateMonitorOptions;
  readonly #parsed = new Map<string, X509Certificate[]>();
  #answer: { asked: string; atMs: number; problem: NodeProblem | undefined } | undefined;

  constructor(options: CertificateMonitorOptions) {
    this.#options = options;
  }

  /** @param shown PEM texts of the chains in use; none where links have no TLS. */
  problem(shown: readonly string[], address: string): NodeProblem | undefined {
    const nowMs = this.#options.clock.now();
    const asked = [address, ...shown].join('\n');
    if (this.#answer?.asked !== asked || nowMs - this.#answer.atMs >= keptForMs) {
      this.#answer = { asked, atMs: nowMs, problem: this.#judge(shown, address) };
    }
    return this.#answer.problem;
  }

  /** When the first of the certificates that are shown ends, in Unix time; `undefined`: none is. */
  endsAtMs(shown: readonly string[]): number | undefined {
    const ends = shown.flatMap((pem) =>
      this.#parse(pem)
        .slice(0, 1)
        .map(({ validToDate }) => validToDate.getTime()),
    );
    return ends.length > 0 ? Math.min(...ends) : undefined;
  }

  #judge(shown: readonly string[], address: string): NodeProblem | undefined {
    const { authorities, clock } = this.#options;
    for (const known of this.#parsed.keys()) if (!shown.includes(known)) this.#parsed.delete(known);
    for (const pem of shown) {
      const expected = { address, wallMs: clock.wallMs(), authorities: authorities.current };
      const fault = findCertificateFault(this.#parse(pem), expected);
      if (fault) return { ...fault, impairs: true };
    }
    return undefined;
  }

  #parse(pem: string): X509Certificate[] {
    const known = this.#parsed.get(pem);
    if (known) return known;
    const setting = 'the certificate in use';
    const chain = parseCertificates({ setting, path: '', bytes: Buffer.from(pem) });
    this.#parsed.set(pem, chain);
    return chain;
  }
}

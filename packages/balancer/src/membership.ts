import { PushfleetError } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import { type Clock, type Logger, MemberGate, RevocationList } from '@pushfleet/runtime';
import { RefusalRecorder } from './refusal-recorder.ts';

export interface MembershipOptions {
  registry: Pick<Registry, 'events' | 'revocations'>;
  /** The serial number of its own certificate in the cluster. Absent: that is never revoked. */
  memberSerial?: () => string;
  clock: Clock;
  logger: Logger;
}

/** Decides which members of the cluster a balancer speaks to, and writes down those that it and its workers refuse. */
export class Membership implements Disposable {
  readonly refusals: RefusalRecorder;
  readonly revocations: RevocationList;
  readonly gate: MemberGate;
  /** Rejects when the balancer's own certificate is revoked: members refuse it from then on, and push servers its tickets. */
  readonly failed: Promise<never>;
  readonly #memberSerial: MembershipOptions['memberSerial'];
  readonly #fail: (error: Error) => void;

  constructor({ registry, memberSerial, clock, logger }: MembershipOptions) {
    this.refusals = new RefusalRecorder({ events: registry.events, clock, logger });
    const store = registry.revocations;
    this.revocations = new RevocationList({ store, putBack: (lost) => store.add(lost), clock, logger });
    const report = ({ detail }: { detail: string }) => this.refusals.record(detail);
    this.gate = new MemberGate({ revocations: this.revocations, report, clock, logger });
    this.#memberSerial = memberSerial;
    const { promise, reject } = Promise.withResolvers<never>();
    [this.failed, this.#fail] = [promise, reject];
    this.failed.catch(() => {});
  }

  /** @throws PushfleetError PERMISSION_DENIED: the balancer's own certificate was revoked */
  async start(): Promise<void> {
    await this.revocations.start();
    if (!this.#memberSerial) return;
    const words = 'the certificate of this balancer in the cluster was revoked';
    const error = new PushfleetError(
      'PERMISSION_DENIED',
      `${words}; give it the one that \`pushfleet init --renew\` makes`,
    );
    this.revocations.requireOwn(this.#memberSerial, error, this.#fail);
  }

  [Symbol.dispose](): void {
    this.revocations[Symbol.dispose]();
  }
}

import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import type { Refusal } from './cluster-access.ts';
import { describeMember, describeRole, type Member, memberOf } from './member.ts';
import type { RevocationList } from './revocation-list.ts';

/** The member that a client means to reach. Without a name: any of that role. */
export interface WantedMember {
  role: Member['role'];
  name?: string;
}

export interface MemberGateOptions {
  /** Absent: nobody is revoked. */
  revocations?: Pick<RevocationList, 'isRevoked' | 'onRevoked'>;
  /** Hears of refusals: of each kind of one member one in a minute, and of a bounded number in all. */
  report(refusal: Refusal): void;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}

const reportEveryMs = 60_000;
/** Kinds of refusals that are told apart in a minute. Members are few, and strangers do not get past the handshake. */
const maxKinds = 256;

/** Decides who is a member of the cluster by the certificate that is shown, and tells of those that are refused. */
export class MemberGate {
  readonly #options: MemberGateOptions;
  /** When each kind of refusal was reported last. */
  readonly #reported = new Map<string, number>();

  constructor(options: MemberGateOptions) {
    this.#options = options;
  }

  /** Why nobody with this certificate is spoken to, whatever they want. */
  judgeCertificate(certificate: X509Certificate): Refusal | undefined {
    if (!this.#options.revocations?.isRevoked(certificate)) return undefined;
    const member = memberOf(certificate);
    const detail = `the certificate of ${member ? describeMember(member) : 'a member'} was revoked`;
    return { reason: 'revoked', member, detail };
  }

  /** Why the server that shows this certificate is not the one that was meant. */
  judgeServer(certificate: X509Certificate, wanted: WantedMember): Refusal | undefined {
    const revoked = this.judgeCertificate(certificate);
    if (revoked) return revoked;
    const member = memberOf(certificate);
    const isMeant = member?.role === wanted.role && (wanted.name === undefined || member.name === wanted.name);
    if (isMeant) return undefined;
    const who = member ? describeMember(member) : 'one whose certificate names no member of the cluster';
    const meant = wanted.name === undefined ? `a ${describeRole(wanted.role)}` : describeMember(wanted as Member);
    return { reason: member ? 'another-member' : 'unnamed', member, detail: `${who} answered in place of ${meant}` };
  }

  onRevoked(listener: () => void): Disposable {
    return this.#options.revocations?.onRevoked(listener) ?? { [Symbol.dispose]: () => {} };
  }

  /** Counts, logs and reports a refusal. */
  refuse(refusal: Refusal): void {
    const { logger, report } = this.#options;
    meter.count(metrics.membersRefused, refusal.reason);
    logger.warn({ reason: refusal.reason, detail: refusal.detail }, 'a member of the cluster was refused');
    if (this.#isDue(refusal)) report(refusal);
  }

  #isDue({ reason, detail }: Refusal): boolean {
    const now = this.#options.clock.now();
    for (const [kind, atMs] of this.#reported) if (now - atMs >= reportEveryMs) this.#reported.delete(kind);
    const kind = `${reason} ${detail}`;
    if (this.#reported.has(kind) || this.#reported.size >= maxKinds) return false;
    this.#reported.set(kind, now);
    return true;
  }
}

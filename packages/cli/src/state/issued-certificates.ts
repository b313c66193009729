import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Member, memberOf } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import { writePrivateFile } from './private-file.ts';

/** A certificate that the cluster's CA has issued to a member. */
export interface IssuedCertificate {
  /** Serial number, in upper-case hexadecimal digits. */
  serial: string;
  /** The push server that it names. */
  distributionPoint?: string;
  /** The balancer that it names. */
  balancer?: string;
  issuedAtMs: number;
  expiresAtMs: number;
  /** When `pushfleet revoke` ended it. Absent: it has not. */
  revokedAtMs?: number;
}

const fileName = 'issued.json';

/** Certificates that the cluster's CA has issued to members, kept beside its key: by that they can be revoked. */
export class IssuedCertificates {
  readonly #path: string;

  constructor(stateDir: string) {
    this.#path = join(stateDir, fileName);
  }

  /** @throws CommandFailure: the file is there and cannot be read */
  list(): IssuedCertificate[] {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new CommandFailure(`${this.#path} cannot be read; it lists the certificates of members of the cluster`, {
        cause,
      });
    }
  }

  of({ role, name }: Member): IssuedCertificate[] {
    return this.list().filter((one) => (role === 'balancer' ? one.balancer : one.distributionPoint) === name);
  }

  isRevoked({ serialNumber }: Pick<X509Certificate, 'serialNumber'>): boolean {
    return this.list().some(({ serial, revokedAtMs }) => serial === serialNumber && revokedAtMs !== undefined);
  }

  /** Notes that they are good no more. The first time stays. */
  markRevoked(serials: ReadonlySet<string>, revokedAtMs: number): void {
    const marked = this.list().map((one) => (serials.has(one.serial) ? { revokedAtMs, ...one } : one));
    this.#write(marked);
  }

  /** Adds a certificate that is not there yet. One that names no member is none of the cluster's. */
  add(certificate: X509Certificate, issuedAtMs: number): void {
    const { serialNumber: serial, validToDate } = certificate;
    const member = memberOf(certificate);
    const known = this.list();
    if (!member || known.some((one) => one.serial === serial)) return;
    const owner = member.role === 'balancer' ? { balancer: member.name } : { distributionPoint: member.name };
    const issued = { serial, ...owner, issuedAtMs, expiresAtMs: validToDate.getTime() };
    const lasting = known.filter(({ expiresAtMs }) => expiresAtMs > issuedAtMs);
    this.#write([...lasting, issued]);
  }

  #write(issued: readonly IssuedCertificate[]): void {
    writePrivateFile(this.#path, `${JSON.stringify(issued, null, 2)}\n`);
  }
}

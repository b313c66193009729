import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../output/failure.ts';
import { writePrivateFile } from './private-file.ts';

/** A certificate that the cluster's CA has issued to a push server. */
export interface IssuedCertificate {
  /** Serial number, in upper-case hexadecimal digits. */
  serial: string;
  distributionPoint: string;
  issuedAtMs: number;
  expiresAtMs: number;
}

const fileName = 'issued.json';

/** Certificates that the cluster's CA has issued to push servers, kept beside its key: by that they can be revoked. */
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
      throw new CommandFailure(`${this.#path} cannot be read; it lists the certificates of push servers`, { cause });
    }
  }

  add(certificate: X509Certificate, distributionPoint: string, issuedAtMs: number): void {
    const { serialNumber: serial, validToDate } = certificate;
    const known = this.list().filter(({ expiresAtMs }) => expiresAtMs > issuedAtMs);
    const issued = { serial, distributionPoint, issuedAtMs, expiresAtMs: validToDate.getTime() };
    writePrivateFile(this.#path, `${JSON.stringify([...known, issued], null, 2)}\n`);
  }
}

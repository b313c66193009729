import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PemFile,
  parseCertificates,
  parsePrivateKey,
  processSettings,
  readCredentialFile,
} from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';
import {
  isIssuedBy,
  isLasting,
  isNamed,
  isOurs,
  type KnownCertificate,
  maySignAuthorities,
  namesOf,
  ownsKey,
} from './certificate-check.ts';
import {
  type CertifiedKey,
  createAuthority,
  createIntermediate,
  issueCertificate,
  type LeafRequest,
} from './certificates.ts';
import { writePrivateFile, writePublicFile } from './private-file.ts';

/** A CA whose key may be elsewhere, where nothing is to be signed. */
export interface Authority {
  name: string;
  /** Directory of its files. */
  dir: string;
  certificate: X509Certificate;
  /** PEM: the certificates that a server shows after its own. */
  chain: string;
  pair: CertifiedKey | undefined;
}

/** Keys and certificates in a directory. What cannot be read, or is not ours, is never replaced. */
export class KeyStore {
  readonly #dir: string;
  readonly #now: Date;
  readonly #made: string[];

  constructor(dir: string, now: Date, made: string[]) {
    this.#dir = dir;
    this.#now = now;
    this.#made = made;
  }

  async authority(name: string, commonName: string): Promise<Authority> {
    const known = this.#read(name);
    if (known?.key && !ownsKey(known)) {
      const advice =
        'put the right one back; or remove both, and give devices and administrators the certificate that is made';
      throw new CommandFailure(`${this.#path(name, 'key')} does not belong to the certificate beside it: ${advice}`);
    }
    if (known && isLasting(known.certificate, this.#now)) return this.#authorityOf(name, known);
    const pair = this.#write(name, await createAuthority(commonName));
    return { name, dir: this.#dir, certificate: new X509Certificate(pair.cert), chain: '', pair };
  }

  /**
   * A CA below another one, so that whoever knows the other one trusts what it signs and can tell it apart. It is the other one
   * itself where that may not sign CAs, as those of former versions may not.
   */
  async intermediate(name: string, commonName: string, above: Authority): Promise<Authority> {
    if (!maySignAuthorities(above.certificate)) return above;
    const known = this.#read(name);
    if (known && this.#isGood(known, above)) return { ...this.#authorityOf(name, known), chain: known.cert };
    const pair = this.#write(name, await createIntermediate(this.#pairOf(above, name), commonName));
    return { name, dir: this.#dir, certificate: new X509Certificate(pair.cert), chain: pair.cert, pair };
  }

  /** The certificate that is there, good or not. `undefined`: none is. */
  certificate(name: string): X509Certificate | undefined {
    return this.#read(name)?.certificate;
  }

  /** One that is good already, or else a new one. */
  async leaf(name: string, authority: Authority, request: LeafRequest): Promise<X509Certificate> {
    const known = this.#read(name);
    if (known && this.#isGood(known, authority) && isAsRequested(known.certificate, request)) return known.certificate;
    return this.renewedLeaf(name, authority, request);
  }

  /** A new one in place of what is there, with its names besides. */
  async renewedLeaf(name: string, authority: Authority, request: LeafRequest): Promise<X509Certificate> {
    const known = this.#read(name);
    if (known && !isOurs(known.certificate)) {
      const advice = `name your own certificate in ${processSettings.tlsCertFile.name}, or remove this one`;
      throw new CommandFailure(`${this.#path(name, 'crt')} is not of pushfleet, and is to be replaced: ${advice}`);
    }
    // Names that an earlier call asked for stay, or a plain `init` would take them away at the next renewal.
    const names = [...new Set([...request.names, ...(known ? namesOf(known.certificate) : [])])];
    return this.#issue(name, authority, { ...request, names });
  }

  /** A new one, whatever is there. */
  async newLeaf(name: string, authority: Authority, request: LeafRequest): Promise<X509Certificate> {
    return this.#issue(name, authority, request);
  }

  async #issue(name: string, authority: Authority, request: LeafRequest): Promise<X509Certificate> {
    const { cert, key } = await issueCertificate(this.#pairOf(authority, name), request);
    this.#write(name, { cert: `${cert}${authority.chain}`, key });
    return new X509Certificate(cert);
  }

  #authorityOf(name: string, { certificate, cert, key }: KnownCertificate): Authority {
    return { name, dir: this.#dir, certificate, chain: '', pair: key && { cert, key: key.pem } };
  }

  /** @throws CommandFailure: its key is elsewhere */
  #pairOf(authority: Authority, name: string): CertifiedKey {
    if (authority.pair) return authority.pair;
    const wanted = `${join(authority.dir, `${authority.name}.key`)} is needed, and not there`;
    throw new CommandFailure(`${this.#path(name, 'crt')} is to be made anew: ${wanted}`);
  }

  #isGood(known: KnownCertificate, { certificate: issuer }: Authority): boolean {
    const { certificate } = known;
    return isLasting(certificate, this.#now) && ownsKey(known) && isIssuedBy(certificate, issuer);
  }

  #path(name: string, ending: 'crt' | 'key'): string {
    return join(this.#dir, `${name}.${ending}`);
  }

  /** @throws PushfleetError INVALID_ARGUMENT: there is a file that is no PEM, or has an encrypted key */
  #read(name: string): KnownCertificate | undefined {
    const certFile = this.#file(name, 'crt');
    if (!certFile) return undefined;
    const [certificate] = parseCertificates(certFile) as [X509Certificate];
    const keyFile = this.#file(name, 'key');
    const key = keyFile && parsePrivateKey(keyFile);
    return { certificate, cert: certificate.toString(), key: key && { object: key.key, pem: key.pem } };
  }

  #file(name: string, ending: 'crt' | 'key'): PemFile | undefined {
    const path = this.#path(name, ending);
    const setting = processSettings.stateDir.name;
    return existsSync(path) ? readCredentialFile(setting, path, 'it has just gone') : undefined;
  }

  #write(name: string, pair: CertifiedKey): CertifiedKey {
    writePrivateFile(this.#path(name, 'key'), pair.key);
    writePublicFile(this.#path(name, 'crt'), pair.cert);
    this.#made.push(`${name}.crt`, `${name}.key`);
    return pair;
  }
}

function isAsRequested(certificate: X509Certificate, { names, uri, isUriNeeded }: LeafRequest): boolean {
  const hasUri = uri === undefined || !isUriNeeded || namesOf(certificate, 'URI').includes(uri);
  return hasUri && names.every((one) => isNamed(certificate, one));
}

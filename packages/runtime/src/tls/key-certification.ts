import { createHash, createPrivateKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Refusal } from '../cluster/cluster-access.ts';
import { describeMember, memberOf } from '../cluster/member.ts';
import type { MemberGate } from '../cluster/member-gate.ts';
import type { Live } from '../live.ts';
import type { ClusterCredentials } from './credentials.ts';
import { datesOf, isIssuedBy, parseCertificates } from './pem.ts';

/** A balancer's word that a public key is its own: whoever can only write to the registry cannot give it. */
export interface KeyCertification {
  /** Its certificate in the cluster, then those that issued it, DER in base64. */
  chain: string[];
  /** By the key of that certificate, over `signedText` of the key, in base64. */
  signature: string;
}

/** Longer chains than anybody has are not looked at. */
const maxChain = 8;

/** The thumbprint of an Ed25519 key by RFC 7638, which orders the members. */
export function thumbprintOf({ crv, kty, x }: Readonly<Record<string, unknown>>): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

/** Certifies the key with this thumbprint. */
export function certifyKey(
  thumbprint: string,
  { cert, key }: Pick<ClusterCredentials, 'cert' | 'key'>,
): KeyCertification {
  const chain = certificatesOf(cert).map(({ raw }) => raw.toString('base64'));
  const privateKey = createPrivateKey(key);
  return { chain, signature: sign(digestFor(privateKey), signedText(thumbprint), privateKey).toString('base64') };
}

export interface KeyJudgeOptions {
  /** Has the CAs of the cluster. */
  cluster: Live<Pick<ClusterCredentials, 'ca'>>;
  gate: Pick<MemberGate, 'judgeCertificate'>;
  clock: Pick<Clock, 'wallMs'>;
}

/** Tells keys that balancers have certified from others. */
export class KeyJudge {
  readonly #options: KeyJudgeOptions;

  constructor(options: KeyJudgeOptions) {
    this.#options = options;
  }

  /** Why nothing that is signed with the key counts; `undefined`: a balancer has certified it, whose certificate is good. */
  judge(kid: string, jwk: Readonly<Record<string, unknown>>, certification: unknown): Refusal | undefined {
    try {
      if (thumbprintOf(jwk) !== kid) return refuse('its name is not its thumbprint');
      return this.#judgeCertification(kid, certification as KeyCertification);
    } catch {
      return refuse('it has none, or one that cannot be read');
    }
  }

  #judgeCertification(kid: string, { chain, signature }: KeyCertification): Refusal | undefined {
    if (chain.length > maxChain) return refuse('its chain is too long');
    const certificates = chain.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
    const [own] = certificates as [X509Certificate];
    const member = memberOf(own);
    if (!this.#isTrusted(certificates)) return refuse('it was not issued by the CA of the cluster, or has ended');
    const revoked = this.#options.gate.judgeCertificate(own);
    if (revoked) return revoked;
    if (member?.role !== 'balancer')
      return { ...refuse(`it is by ${member ? describeMember(member) : 'nobody'}`), member };
    const { publicKey } = own;
    const isSigned = verify(digestFor(publicKey), signedText(kid), publicKey, Buffer.from(signature, 'base64'));
    return isSigned ? undefined : { ...refuse('its signature is not that of its certificate'), member };
  }

  /** Each one by the next, the last one by a CA of the cluster, all of them by their dates. */
  #isTrusted(chain: readonly X509Certificate[]): boolean {
    const nowMs = this.#options.clock.wallMs();
    const authorities = certificatesOf(this.#options.cluster.current.ca);
    for (const [index, certificate] of chain.entries()) {
      if (datesOf(certificate, nowMs) !== 'current' || (index > 0 && !certificate.ca)) return false;
      if (authorities.some((authority) => isIssuedBy(certificate, authority))) return true;
      const issuer = chain[index + 1];
      if (!issuer || !isIssuedBy(certificate, issuer)) return false;
    }
    return false;
  }
}

/** Nothing else is ever signed that begins so. */
function signedText(thumbprint: string): Buffer {
  return Buffer.from(`pushfleet ticket key ${thumbprint}`);
}

/** Ed25519 and Ed448 hash by themselves. */
function digestFor({ asymmetricKeyType }: KeyObject): string | null {
  return asymmetricKeyType === 'ed25519' || asymmetricKeyType === 'ed448' ? null : 'sha256';
}

function certificatesOf(pem: Buffer): X509Certificate[] {
  return parseCertificates({ bytes: pem, path: '', setting: '' });
}

function refuse(why: string): Refusal {
  const detail = `a ticket key in the registry is not certified by a balancer: ${why}`;
  return { reason: 'uncertified-key', member: undefined, detail };
}

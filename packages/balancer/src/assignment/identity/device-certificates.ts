import type { X509Certificate } from 'node:crypto';
import { type DeviceId, parseDeviceId } from '@pushfleet/protocol';
import { type Clock, datesOf, type Live } from '@pushfleet/runtime';
import type { DeviceNameRule, DeviceTrust } from './device-trust.ts';
import type { IdentityVerdict } from './identity-tokens.ts';
import { isSignedBy, spellSerial, subjectOf } from './revocation-file.ts';

/** id-kp-clientAuth, RFC 5280, 4.2.1.12. */
const clientAuth = '1.3.6.1.5.5.7.3.2';

/**
 * Finds out which device a client certificate stands for. That the client has its key is shown by the TLS handshake, or by that of
 * the session which it resumes; everything else is looked at here, each time that a device asks, because a list of revoked ones may have come since.
 */
export class DeviceCertificates {
  readonly #trust: Live<DeviceTrust>;
  readonly #clock: Pick<Clock, 'wallMs'>;

  constructor(trust: Live<DeviceTrust>, clock: Pick<Clock, 'wallMs'>) {
    this.#trust = trust;
    this.#clock = clock;
  }

  verify(certificate: X509Certificate): IdentityVerdict {
    const { authorities, revoked, rule } = this.#trust.current;
    const nowMs = this.#clock.wallMs();
    const issuer = authorities.find(
      (one) => certificate.checkIssued(one) && isSignedBy(certificate.raw, one.publicKey),
    );
    if (!issuer) return refused('it was issued by none of the CAs that are trusted');
    const fault = dateFault(certificate, nowMs) ?? dateFault(issuer, nowMs);
    if (fault) return refused(fault);
    if (certificate.ca) return refused('it is that of a CA');
    if (certificate.keyUsage && !certificate.keyUsage.includes(clientAuth)) return refused('it is not for clients');
    const serials = revoked.get(subjectOf(issuer).toString('hex'));
    if (serials?.has(spellSerial(certificate.serialNumber))) return refused('it was revoked');
    try {
      return { kind: 'device', device: deviceIn(certificate, rule) };
    } catch (error) {
      return refused((error as Error).message);
    }
  }
}

function dateFault(certificate: X509Certificate, nowMs: number): string | undefined {
  const dates = datesOf(certificate, nowMs);
  if (dates === 'early') return `it is not valid before ${certificate.validFrom}`;
  return dates === 'late' ? `it was valid until ${certificate.validTo}` : undefined;
}

/** @throws Error, PushfleetError that say what there is instead of one device */
function deviceIn(certificate: X509Certificate, rule: DeviceNameRule): DeviceId {
  const names = rule.kind === 'cn' ? commonNames(certificate) : alternativeNames(certificate, rule);
  const [name] = names;
  if (name === undefined || names.length > 1)
    throw new Error(`it names ${names.length} devices by the rule "${rule.kind}"`);
  return parseDeviceId(name, rule.kind);
}

function commonNames(certificate: X509Certificate): string[] {
  const { CN: names } = certificate.toLegacyObject().subject as { CN?: string | string[] };
  return [names ?? []].flat();
}

function alternativeNames(certificate: X509Certificate, rule: Exclude<DeviceNameRule, { kind: 'cn' }>): string[] {
  const { subjectAltName = '' } = certificate;
  // Node.js quotes a name with characters that could make two of it; no device has such an id.
  if (subjectAltName.includes('"')) throw new Error('it has an alternative name with quotes in it');
  const start = rule.kind === 'dns' ? 'DNS:' : `URI:${rule.prefix}`;
  return subjectAltName.split(', ').flatMap((name) => (name.startsWith(start) ? name.slice(start.length) : []));
}

function refused(why: string): IdentityVerdict {
  return { kind: 'refused', why: `a certificate: ${why}` };
}

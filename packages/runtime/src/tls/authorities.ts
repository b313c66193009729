import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates } from 'node:tls';
import { type ProcessSettings, processSettings } from '../process-settings.ts';
import { leadsTo } from './certificate-fault.ts';
import { loadServerCredentials, readCredentialFile } from './credentials.ts';
import { parseAuthorities, parseCertificates } from './pem.ts';

/**
 * The CAs that devices trust, as far as this process can know: those in PUSHFLEET_CA_FILE; without it, the CA in the state
 * directory or those of public servers, whichever issued the certificate that this process shows. `undefined`: neither
 * did, and what devices trust is not known.
 * @throws PushfleetError INVALID_ARGUMENT for what the files hold
 */
export function loadAuthorities(settings: ProcessSettings): readonly X509Certificate[] | undefined {
  const { caFile, stateDir, tlsCertFile } = settings;
  const { name } = processSettings.caFile;
  const read = (path: string) =>
    parseAuthorities(readCredentialFile(name, path, 'it holds the CAs that devices trust'));
  if (caFile !== undefined) return read(caFile);
  const madePath = join(stateDir, 'ca.crt');
  const made = existsSync(madePath) ? read(madePath) : undefined;
  // The certificate is one that `pushfleet init` made, and so is the CA.
  if (tlsCertFile === undefined) return made;
  const shown = readShown(settings);
  return [made ?? [], publicAuthorities()].find((authorities) => leadsTo(shown, authorities));
}

/** The certificates in the files of the one that this process shows; none where they cannot be read. */
export function readShown(settings: ProcessSettings): X509Certificate[] {
  try {
    const { cert } = loadServerCredentials(settings);
    return parseCertificates({ setting: '', path: '', bytes: cert });
  } catch {
    // Whoever wants to show it says what is wrong with it.
    return [];
  }
}

function publicAuthorities(): X509Certificate[] {
  return getCACertificates('default').map((pem) => new X509Certificate(pem));
}

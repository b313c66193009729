import type { X509Certificate } from 'node:crypto';
import type { WantedMember } from '../cluster/member-gate.ts';
import type { Live } from '../live.ts';
import type { ProcessSettings } from '../process-settings.ts';
import { loadAuthorities, readShown } from './authorities.ts';
import type { CredentialFiles } from './credential-files.ts';
import { endOfChain, judgeAuthorities, judgeClusterCredentials, judgeServerPair } from './credential-judgement.ts';
import {
  type ClusterCredentials,
  credentialPaths,
  type KeyPair,
  loadClusterCredentials,
  loadServerCredentials,
  loadTicketSecret,
} from './credentials.ts';

/** The credentials that every process of a cluster has, each as its files hold it. */
export interface ProcessCredentials {
  /** Shown to devices and Administration Servers. */
  server: Live<KeyPair>;
  cluster: Live<ClusterCredentials>;
  /** The CAs that devices trust; `undefined`: not known. */
  authorities: Live<readonly X509Certificate[] | undefined>;
  ticketSecret: Live<Buffer>;
}

export interface CredentialSurroundings {
  /** The member of the cluster that this process is. */
  member: WantedMember;
  wallMs(): number;
  /** The name or address by which devices reach this process; `undefined`: not known. */
  address?(): string | undefined;
}

/**
 * Reads the credentials of a process, and adds them to those that are read again when their files change.
 * @throws PushfleetError INVALID_ARGUMENT that names the variable and the file, and what is wrong with it
 */
export function readProcessCredentials(
  files: CredentialFiles,
  settings: ProcessSettings,
  { member, wallMs, address }: CredentialSurroundings,
): ProcessCredentials {
  const paths = credentialPaths(settings);
  // A new certificate is judged by the CAs that are there by then.
  const authorities: ProcessCredentials['authorities'] = files.add({
    name: 'ca',
    files: paths.ca,
    load: () => loadAuthorities(settings),
    judge: (next, former) => {
      // The certificate has another issuer now, and who that is need not be known here.
      if (!next && settings.tlsCertFile !== undefined) return undefined;
      return judgeAuthorities(next, former, {
        ...{ shown: server.current, inFiles: readShown(settings), path: paths.ca[0] ?? '' },
      });
    },
    isSame: (one, other) => one?.join('') === other?.join(''),
  });
  const server: Live<KeyPair> = files.add({
    name: 'server',
    files: paths.server,
    load: () => loadServerCredentials(settings),
    judge: (next, former) =>
      judgeServerPair(next, former, { address: address?.(), wallMs: wallMs(), authorities: authorities.current }),
    isSame: isSamePair,
    endsAtMs: ({ cert }) => endOfChain(cert),
  });
  const cluster = files.add({
    name: 'cluster',
    files: paths.cluster,
    load: () => loadClusterCredentials(settings, member),
    judge: (next, former) => judgeClusterCredentials(next, former, wallMs()),
    isSame: (one, other) => isSamePair(one, other) && one.ca.equals(other.ca),
    endsAtMs: ({ cert }) => endOfChain(cert),
  });
  const ticketSecret = files.add({
    name: 'ticket-secret',
    files: [...paths['ticket-secret'], ...paths.cluster],
    load: () => loadTicketSecret(settings, cluster.current),
    isSame: (one, other) => one.equals(other),
    dependsOn: cluster,
  });
  return { server, cluster, authorities, ticketSecret };
}

function isSamePair(one: KeyPair, other: KeyPair): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key);
}

import type { Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate, type SecureContext, TLSSocket } from 'node:tls';

/** Kinds of servers: all of one kind share the keys of their session tickets. */
export type ServerKind = 'balancer' | 'pushServer';

interface Kept {
  session: Buffer;
  /** The certificate that the session began with. A server that resumes it shows none. */
  certificate: PeerCertificate;
}

/** Sessions of servers with different certificates, at most. */
const mostKept = 4;

/**
 * TLS sessions to resume, at whichever server of the cluster: that spares both sides the certificate. Node.js does not look at the
 * name of a server that resumes, so a session is offered only where the certificate of its beginning is good for the
 * host (RFC 8446, 4.6.1).
 */
export class TlsSessions {
  /** The newest first. */
  #kept: readonly Kept[] = [];

  /** Options for `tls.connect`; empty: the whole handshake. */
  offer(host: string): { session?: Buffer } {
    const kept = this.#kept.find(({ certificate }) => checkServerIdentity(host, certificate) === undefined);
    return kept ? { session: kept.session } : {};
  }

  /** Keeps the sessions of a connection whose handshake is done and good. */
  keep(socket: Socket): void {
    if (!(socket instanceof TLSSocket) || socket.isSessionReused()) return;
    const certificate = socket.getPeerCertificate();
    if (certificate.raw === undefined) return;
    const add = (session: Buffer | undefined) => {
      if (session) this.#add({ session, certificate });
    };
    // In TLS 1.2 a session comes with the handshake, in TLS 1.3 after it.
    if (socket.getProtocol() === 'TLSv1.2') add(socket.getSession());
    else socket.on('session', add);
  }

  #add(kept: Kept): void {
    const isOther = ({ certificate }: Kept) => !certificate.raw.equals(kept.certificate.raw);
    this.#kept = [kept, ...this.#kept.filter(isOther)].slice(0, mostKept);
  }
}

const sessions = new WeakMap<SecureContext, Record<ServerKind, TlsSessions>>();

/** The sessions of all devices that trust the same CA: they are of servers, and tell nothing of a device. */
export function sessionsOf(secureContext: SecureContext, kind: ServerKind): TlsSessions {
  const known = sessions.get(secureContext) ?? { balancer: new TlsSessions(), pushServer: new TlsSessions() };
  sessions.set(secureContext, known);
  return known[kind];
}

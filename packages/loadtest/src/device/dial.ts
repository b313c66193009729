import net, { type Socket } from 'node:net';
import tls, { type DetailedPeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';

export interface DialTarget {
  host: string;
  port: number;
}

export interface DialOptions {
  /** `undefined`: no TLS. */
  secureContext: SecureContext | undefined;
  /** The name or address that the certificate must name: a connection may go to another address of the same machine. */
  identity: string;
  alpn: string;
  session: Buffer | undefined;
  /** The connection stands. `undefined`: no TLS. */
  onSecure(resumed: boolean | undefined): void;
  /** Absent: nobody wants one. */
  onTlsSession?: ((session: Buffer) => void) | undefined;
}

/** Opens a connection. Its errors are the caller's to handle. */
export function dial({ host, port }: DialTarget, options: DialOptions): Socket {
  const { secureContext, identity, alpn, session, onSecure, onTlsSession } = options;
  if (secureContext === undefined) {
    const socket = net.connect({ host, port, noDelay: true });
    socket.once('connect', () => onSecure(undefined));
    return socket;
  }
  const socket: TLSSocket = tls.connect({
    host,
    port,
    secureContext,
    ALPNProtocols: [alpn],
    ...(session === undefined ? {} : { session }),
    ...(net.isIP(identity) === 0 ? { servername: identity } : {}),
    checkServerIdentity: () => checkIdentity(socket, identity),
  });
  // Of each handshake Node.js makes an object of the whole chain for that check: a fifth of all that a fleet does in a storm.
  socket.getPeerCertificate = () => ({}) as DetailedPeerCertificate;
  socket.setNoDelay(true);
  socket.once('secureConnect', () => onSecure(socket.isSessionReused()));
  // A session is written out for who listens, certificate and all.
  if (onTlsSession !== undefined) socket.on('session', onTlsSession);
  return socket;
}

function checkIdentity(socket: TLSSocket, identity: string): Error | undefined {
  const certificate = socket.getPeerX509Certificate();
  const names = net.isIP(identity) === 0 ? certificate?.checkHost(identity) : certificate?.checkIP(identity);
  return names === undefined ? new Error(`the server's certificate does not name ${identity}`) : undefined;
}

/** One context for all devices of a process. */
export function createFleetContext(ca: string): SecureContext {
  // Groups that every server of ours takes, and few: a ClientHello in one piece, and no key share that is made for nothing.
  return tls.createSecureContext({ ca, minVersion: 'TLSv1.2', ecdhCurve: 'X25519:P-256' });
}

/**
 * Spreads the connections to one loopback address over 127.0.0.1 to 127.0.0.N: each destination address has source ports of
 * its own, of which there are some 28,000. Other addresses stay as they are.
 */
export function spreadAddress(address: string, index: number, addresses: number): string {
  return addresses > 1 && isIpv4Loopback(address) ? `127.0.0.${(index % addresses) + 1}` : address;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || isIpv4Loopback(host);
}

function isIpv4Loopback(host: string): boolean {
  return net.isIPv4(host) && host.startsWith('127.');
}

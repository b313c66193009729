import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';

/**
 * The certificate that the client of the connection has shown, in this handshake or in that of the session which it has resumed. The client has
 * its key; nothing else of it was checked. `undefined`: it has shown none.
 */
export function certificateAt(socket: object | undefined): X509Certificate | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
}

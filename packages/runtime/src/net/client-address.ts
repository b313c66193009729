import { type BlockList, isIPv6, type Socket } from 'node:net';
import type { ProxiedClient } from './proxy-header.ts';

/** Keys of connections whose sockets say the address of a client behind a proxy. */
const keys = new WeakMap<Socket, string>();

/** One key for a connection and the TLS on it. On one port of ours no two connections have the same. */
export function connectionKey(socket: Socket): string {
  // A client may come from one port to several addresses of this host.
  const { remoteAddress, remotePort, localAddress } = socket;
  return keys.get(socket) ?? `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** From now on the socket says that it comes from this client, to limits, logs and all others that ask it. */
export function setClient(socket: Socket, { address, port }: ProxiedClient): void {
  keys.set(socket, connectionKey(socket));
  Object.defineProperties(socket, { remoteAddress: { value: address }, remotePort: { value: port } });
}

/** Whether the address is one of a list of addresses and networks. */
export function isListed(list: BlockList | undefined, address: string): boolean {
  return list?.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') === true;
}

/** The address in `10.1.2.3:40000` or `::1:40000`, as servers name their peers. */
export function addressOfPeer(peer: string): string {
  return peer.slice(0, peer.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

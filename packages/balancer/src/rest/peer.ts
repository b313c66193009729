import { isIP } from 'node:net';
import { PushfleetError } from '@pushfleet/protocol';
import type { FastifyRequest } from 'fastify';

/** The client's address and port. */
export function addressOf({ raw: { socket } }: FastifyRequest): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}

export function isEncrypted({ raw: { socket } }: FastifyRequest): boolean {
  return 'encrypted' in socket;
}

/** Tokens go over wires that nobody else reads. @throws PushfleetError PERMISSION_DENIED */
export function assertPrivate(request: FastifyRequest): void {
  if (isEncrypted(request) || isLoopback(request.raw.socket.remoteAddress ?? '')) return;
  throw new PushfleetError('PERMISSION_DENIED', 'use https: plain HTTP is for clients on the same machine');
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address.replace('::ffff:', '')) === 4 && /^(::ffff:)?127\./.test(address));
}

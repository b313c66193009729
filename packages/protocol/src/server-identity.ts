import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { ChannelOptions, VerifyOptions } from '@grpc/grpc-js';

export interface ServerIdentity {
  /** For `credentials.createSsl` and `createFromSecureContext`. */
  verify: VerifyOptions;
  /** For the channel or client. */
  options: ChannelOptions;
}

/**
 * How a grpc-js client makes sure that it speaks to `host`. grpc-js puts the host into the TLS server name even when it
 * is an IP address, which RFC 6066 forbids and Node.js 26 refuses to send. Here an IP address is checked against the
 * certificate and a placeholder is sent.
 */
export function serverIdentity(host: string): ServerIdentity {
  if (isIP(host) === 0) return { verify: {}, options: {} };
  return {
    verify: { checkServerIdentity: (_placeholder, certificate) => checkServerIdentity(host, certificate) },
    options: { 'grpc.ssl_target_name_override': 'address.invalid' },
  };
}

import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { formatHostPort } from '@pushfleet/protocol';
import { dial, spreadAddress } from './dial.ts';
import { LeanGrpcLink } from './grpc/link.ts';
import type { LeanLink, LeanLinkKind, LinkEvents, ServerAddress } from './link.ts';
import { LeanMqttLink } from './mqtt/link.ts';

export interface OpenLinkOptions {
  kind: LeanLinkKind;
  /** Its number among the devices: decides over which destination address it goes. */
  index: number;
  deviceId: string;
  server: ServerAddress;
  ticket: string;
  keepAliveMs: number;
  /** `undefined`: links have no TLS. */
  secureContext: SecureContext | undefined;
  /** To resume. */
  tlsSession: Buffer | undefined;
  /** Number of addresses, from 127.0.0.1 on, over which connections to a loopback address are spread. */
  addresses: number;
  events: LinkEvents;
}

/** Opens a link to a push server. The first event comes in a later turn of the event loop. */
export function openLink(options: OpenLinkOptions): LeanLink {
  const { kind, index, deviceId, server, ticket, keepAliveMs, secureContext, tlsSession, addresses, events } = options;
  const { address, port } = server;
  const connect = (alpn: string): Socket =>
    dial(
      { host: spreadAddress(address, index, addresses), port },
      {
        secureContext,
        identity: address,
        alpn,
        session: tlsSession,
        // Servers take a session several times: the first one will do.
        onTlsSession: tlsSession === undefined ? events.onTlsSession.bind(events) : undefined,
        onSecure: (resumed) => {
          events.onSecure(resumed);
          link.greet();
        },
      },
    );
  const scheme = secureContext === undefined ? 'http' : 'https';
  const link =
    kind === 'grpc'
      ? new LeanGrpcLink({
          scheme,
          authority: formatHostPort(address, port),
          ticket,
          dial: () => connect('h2'),
          events,
        })
      : new LeanMqttLink({
          version: kind === 'mqtt5' ? 5 : 4,
          deviceId,
          ticket,
          keepAliveMs,
          dial: () => connect('mqtt'),
          events,
        });
  return link;
}

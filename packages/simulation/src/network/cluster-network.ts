import type { X509Certificate } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { type ClusterNetwork, judgeCall, type MemberGate, memberOf, setCaller } from '@pushfleet/runtime';
import type { SimulatedProcess } from '../world/process.ts';
import type { Connection } from './connection.ts';
import { createGrpcClient } from './grpc-client.ts';
import { GrpcServer } from './grpc-server.ts';
import type { MemberCertificate } from './member-certificate.ts';
import type { Network } from './network.ts';

/** The certificate that each process shows at present. */
const certificates = new WeakMap<SimulatedProcess, () => MemberCertificate>();

interface Membership {
  certificate(): MemberCertificate;
  gate: MemberGate;
}

/**
 * How a process reaches members of the cluster, and is reached by them. Both sides show their certificates, and calls are held to the
 * cluster's access table. A connection to a port ends when the certificate that it began with is revoked.
 */
export function clusterNetworkOf(
  process: SimulatedProcess,
  network: Network,
  { certificate, gate }: Membership,
): ClusterNetwork {
  certificates.set(process, certificate);
  return {
    createPort: ({ at, service, handlers, barrier }) => {
      const port = at.port || network.freePort();
      const clients = new Clients(gate);
      let server: GrpcServer | undefined;
      let revocations: Disposable | undefined;
      return {
        port,
        listen: async () => {
          const ownServer = new GrpcServer({
            ...{ network, process, address: process.host.address, port },
            services: [{ definition: service, handlers }],
            identify: (connection) => clients.take(connection),
            admit: ({ connection, path, metadata }) => {
              const shown = clients.certificateOf(connection);
              const caller = shown && memberOf(shown);
              const refusal = judgeCall(path, caller);
              if (refusal) gate.refuse(refusal);
              if (refusal || !caller) return { code: status.PERMISSION_DENIED, details: refusal?.detail ?? '' };
              setCaller(metadata, caller);
              return undefined;
            },
            onFault: (error) => barrier.report('grpc call', error),
          });
          server = ownServer;
          revocations = gate.onRevoked(() => ownServer.closeConnections((connection) => clients.isRefused(connection)));
        },
        [Symbol.asyncDispose]: async () => {
          revocations?.[Symbol.dispose]();
          server?.[Symbol.dispose]();
        },
      };
    },
    connect: (service, { address, member }) => {
      const { service: definition } = service as unknown as { service: Parameters<typeof createGrpcClient>[0] };
      const judgeServer = (at: SimulatedProcess) => {
        const shown = certificates.get(at)?.();
        const refusal = shown && gate.judgeServer(shown as X509Certificate, member);
        if (refusal) gate.refuse(refusal);
        return refusal?.detail;
      };
      return createGrpcClient(definition, { network, process, judgeServer, ...splitAddress(address) }) as never;
    },
  };
}

/** The certificates that clients of a port have shown when their connections began. */
class Clients {
  readonly #gate: MemberGate;
  readonly #shown = new WeakMap<Connection, MemberCertificate>();

  constructor(gate: MemberGate) {
    this.#gate = gate;
  }

  /** `false`: the client has none, or one that was revoked. */
  take(connection: Connection): boolean {
    const shown = certificates.get(connection.client)?.();
    if (shown) this.#shown.set(connection, shown);
    return shown !== undefined && !this.isRefused(connection);
  }

  certificateOf(connection: Connection): MemberCertificate | undefined {
    return this.#shown.get(connection);
  }

  isRefused(connection: Connection): boolean {
    const shown = this.#shown.get(connection);
    const refusal = shown && this.#gate.judgeCertificate(shown as X509Certificate);
    if (refusal) this.#gate.refuse(refusal);
    return refusal !== undefined;
  }
}

export function splitAddress(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

import { status } from '@grpc/grpc-js';
import { type ClusterNetwork, judgeCall, type Member, type MemberGate, setCaller } from '@pushfleet/runtime';
import type { SimulatedProcess } from '../world/process.ts';
import { createGrpcClient } from './grpc-client.ts';
import { GrpcServer } from './grpc-server.ts';
import type { Network } from './network.ts';

/** The member that each process is by its certificate. */
const members = new WeakMap<SimulatedProcess, Member>();

interface Membership {
  member: Member;
  gate: MemberGate;
}

/** How a process reaches members of the cluster, and is reached by them. Calls are held to the cluster's access table. */
export function clusterNetworkOf(
  process: SimulatedProcess,
  network: Network,
  { member, gate }: Membership,
): ClusterNetwork {
  members.set(process, member);
  return {
    createPort: ({ at, service, handlers, barrier }) => {
      const port = at.port || network.freePort();
      let server: GrpcServer | undefined;
      return {
        port,
        listen: async () => {
          server = new GrpcServer({
            ...{ network, process, address: process.host.address, port },
            services: [{ definition: service, handlers }],
            admit: ({ client, path, metadata }) => {
              const caller = members.get(client);
              const refusal = judgeCall(path, caller);
              if (refusal) gate.refuse(refusal);
              if (refusal || !caller) return { code: status.PERMISSION_DENIED, details: refusal?.detail ?? '' };
              setCaller(metadata, caller);
              return undefined;
            },
            onFault: (error) => barrier.report('grpc call', error),
          });
        },
        [Symbol.asyncDispose]: async () => server?.[Symbol.dispose](),
      };
    },
    connect: (service, { address }) => {
      const { service: definition } = service as unknown as { service: Parameters<typeof createGrpcClient>[0] };
      return createGrpcClient(definition, { network, process, ...splitAddress(address) }) as never;
    },
  };
}

export function splitAddress(text: string): { address: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { address: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

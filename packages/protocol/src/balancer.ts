import { adminFiles } from './admin.ts';
import { loadServices, type ProtoFiles, readProtoFiles } from './descriptors.ts';
import { balancerDescriptors } from './gen/balancer-descriptors.ts';
import type { ProtoGrpcType as PeerProto } from './gen/peer_service.ts';

/** The API between balancers. */
export const balancerFiles: ProtoFiles = readProtoFiles(balancerDescriptors);

const proto = loadServices(adminFiles, balancerFiles) as unknown as PeerProto;

/** Client constructor; it has the service definition as `.service`. */
export const { PeerService } = proto.pushfleet.balancer.v1;
export * as balancer from './gen/balancer.ts';

import { loadServices, type ProtoFiles, readProtoFiles } from './descriptors.ts';
import type { ProtoGrpcType as NodeControlProto } from './gen/node_control.ts';
import { nodeDescriptors } from './gen/node-descriptors.ts';

/** The API between balancers and push servers. */
export const nodeFiles: ProtoFiles = readProtoFiles(nodeDescriptors);

const proto = loadServices(nodeFiles) as unknown as NodeControlProto;

/** Client constructor; it has the service definition as `.service`. */
export const { NodeControlService } = proto.pushfleet.node.v1;
export * as node from './gen/node.ts';

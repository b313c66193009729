import { loadServices, type ProtoFiles, readProtoFiles } from './descriptors.ts';
import type { ProtoGrpcType as NodeControlProto } from './gen/node_control.ts';
import { nodeDescriptors } from './gen/node-descriptors.ts';

/** What balancers and push servers speak to one another. */
export const nodeFiles: ProtoFiles = readProtoFiles(nodeDescriptors);

const proto = loadServices(nodeFiles) as unknown as NodeControlProto;

/** Client constructor; it has the service definition as `.service`. */
export const { NodeControlService } = proto.pushfleet.node.v1;
export * as node from './gen/node.ts';

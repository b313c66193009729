import { loadServices } from './descriptors.ts';
import type { ProtoGrpcType as AssignmentProto } from './gen/assignment.ts';
import type { ProtoGrpcType as DeviceLinkProto } from './gen/device_link.ts';

const proto = loadServices() as unknown as AssignmentProto & DeviceLinkProto;

/** Client constructors; each has its service definition as `.service`. */
export const { AssignmentService, DeviceLinkService } = proto.pushfleet.device.v1;

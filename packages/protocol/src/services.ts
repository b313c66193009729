import { loadPackageDefinition, type ServiceClientConstructor } from '@grpc/grpc-js';
import { fromJSON, type PackageDefinition } from '@grpc/proto-loader';
import { jsonDescriptors, loadTypes, publicDescriptors, publicFiles } from './descriptors.ts';
import type { ProtoGrpcType as AssignmentProto } from './gen/assignment.ts';
import type { ProtoGrpcType as CommandProto } from './gen/command_service.ts';
import type { ProtoGrpcType as DeviceLinkProto } from './gen/device_link.ts';
import type { ProtoGrpcType as EventProto } from './gen/event_service.ts';
import type { ProtoGrpcType as FleetProto } from './gen/fleet_service.ts';
import type { ProtoGrpcType as MaintenanceProto } from './gen/maintenance_service.ts';
import type { ProtoGrpcType as NodeControlProto } from './gen/node_control.ts';
import type { ProtoGrpcType as TunnelProto } from './gen/tunnel_service.ts';

const conversion = { longs: Number, enums: String, defaults: true, oneofs: true };

/** The public proto files, with their field names, for servers that answer reflection. */
export function loadReflectedPackages(): PackageDefinition {
  const loaded = load(publicDescriptors);
  // What the loader makes of its types is not what the compiler made of the files, above all not for maps.
  return Object.fromEntries(
    Object.entries(loaded).map(([name, one]) => [
      name,
      'fileDescriptorProtos' in one ? { ...one, fileDescriptorProtos: publicFiles } : one,
    ]),
  ) as PackageDefinition;
}

const packages = load(jsonDescriptors);

const proto = loadPackageDefinition(packages) as unknown as AssignmentProto &
  CommandProto &
  DeviceLinkProto &
  EventProto &
  FleetProto &
  MaintenanceProto &
  NodeControlProto &
  TunnelProto & { grpc: { health: { v1: { Health: ServiceClientConstructor } } } };

/** Client constructors; each has its service definition as `.service`. */
export const { CommandService, EventService, FleetService, MaintenanceService, TunnelService } =
  proto.pushfleet.admin.v1;
export const { AssignmentService, DeviceLinkService } = proto.pushfleet.device.v1;
export const { NodeControlService } = proto.pushfleet.node.v1;
/** gRPC's own `grpc.health.v1.Health`. */
export const HealthService = proto.grpc.health.v1.Health;

function load(descriptors: typeof jsonDescriptors): PackageDefinition {
  return fromJSON(loadTypes(descriptors).toJSON(), conversion);
}

import type { ServiceClientConstructor } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { Root } from 'protobufjs';
import { loadMessages, loadServices, type ProtoFiles, readProtoFiles, reflectPackages } from './descriptors.ts';
import { adminDescriptors } from './gen/admin-descriptors.ts';
import type { ProtoGrpcType as CommandProto } from './gen/command_service.ts';
import type { ProtoGrpcType as EventProto } from './gen/event_service.ts';
import type { ProtoGrpcType as FleetProto } from './gen/fleet_service.ts';
import type { ProtoGrpcType as MaintenanceProto } from './gen/maintenance_service.ts';
import type { ProtoGrpcType as OverviewProto } from './gen/overview_service.ts';
import type { ProtoGrpcType as TokenProto } from './gen/token_service.ts';
import type { ProtoGrpcType as TunnelProto } from './gen/tunnel_service.ts';

/** The admin API, and gRPC's own health service. */
export const adminFiles: ProtoFiles = readProtoFiles(adminDescriptors);

/** The public proto files, with their field names, for servers that answer reflection. */
export function loadReflectedPackages(): PackageDefinition {
  return reflectPackages(adminFiles);
}

/** The types of the admin API's messages by full name, as TypeScript has them: for whoever reads and writes them in JSON. */
export function loadAdminTypes(): Root {
  return loadMessages(adminFiles);
}

const proto = loadServices(adminFiles) as unknown as CommandProto &
  EventProto &
  FleetProto &
  MaintenanceProto &
  OverviewProto &
  TokenProto &
  TunnelProto & { grpc: { health: { v1: { Health: ServiceClientConstructor } } } };

/** Client constructors; each has its service definition as `.service`. */
export const {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
  TunnelService,
} = proto.pushfleet.admin.v1;
/** gRPC's own `grpc.health.v1.Health`. */
export const HealthService = proto.grpc.health.v1.Health;
export * as admin from './gen/admin.ts';
export {
  findUnknownField,
  isFieldMask,
  jsonFieldsOf,
  messageAt,
  NotOfType,
  readJsonMessage,
  writeJsonMessage,
} from './json-mapping.ts';
export { isTime, jsonFieldName } from './time-fields.ts';

import { type handleUnaryCall, type ServerReadableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import type { admin } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../net/grpc-answer.ts';
import type { FleetAdministration } from './administration.ts';

export function fleetHandlers(fleet: FleetAdministration, logger: Logger): admin.FleetServiceHandlers {
  return {
    PutGroup: unary(logger, (request: admin.PutGroupRequest) => fleet.putGroup(request)),
    ListGroups: unary(logger, () => fleet.listGroups()),
    PutDistributionPoint: unary(logger, (request: admin.PutDistributionPointRequest) =>
      fleet.putDistributionPoint(request),
    ),
    GetDistributionPoint: unary(logger, (request: admin.GetDistributionPointRequest) =>
      fleet.getDistributionPoint(request),
    ),
    ListDistributionPoints: unary(logger, () => fleet.listDistributionPoints()),
    PutDevice: unary(logger, (request: admin.PutDeviceRequest) => fleet.putDevice(request)),
    GetDevice: unary(logger, (request: admin.GetDeviceRequest) => fleet.getDevice(request)),
    ListDevices: unary(logger, (request: admin.ListDevicesRequest) => fleet.listDevices(request)),
    DeleteDevice: unary(logger, (request: admin.DeleteDeviceRequest) => fleet.deleteDevice(request)),
    MoveGroup: notYet,
    DeleteGroup: notYet,
    DeleteDistributionPoint: notYet,
    MoveDevices: notYet,
    ImportDevices: (_call: ServerReadableStream<unknown, unknown>, done: sendUnaryData<never>) =>
      done({ code: status.UNIMPLEMENTED }),
    ListNodes: unary(logger, () => fleet.listNodes()),
  };
}

const notYet: handleUnaryCall<unknown, never> = (_call, done) => done({ code: status.UNIMPLEMENTED });

import { once } from 'node:events';
import type { handleClientStreamingCall, ServerReadableStream } from '@grpc/grpc-js';
import { type admin, toStatus } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import { type Clock, type Logger, timeoutSignal } from '@pushfleet/runtime';
import type { Caller } from '../access/token-directory.ts';
import type { TicketVoider } from '../commands/workers/ticket-voider.ts';
import { toPushfleetError, unary } from '../errors.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { FleetAdministration } from './administration.ts';
import { EnrollmentTokenAdministration } from './enrollment-tokens.ts';
import type { Redirector } from './rehoming.ts';

export interface FleetHandlersOptions {
  registry: Registry;
  directory: NodeDirectory;
  redirects: Redirector;
  voider: TicketVoider;
  /** Whose call it is. */
  callerOf(call: object): Caller;
  clock: Clock;
  logger: Logger;
}

/** The handlers of FleetService. */
export function createFleetHandlers(options: FleetHandlersOptions): admin.FleetServiceHandlers {
  const { registry, directory, redirects, voider, callerOf, clock, logger } = options;
  const fleet = new FleetAdministration(registry, directory, redirects, voider);
  const enrollmentTokens = new EnrollmentTokenAdministration(registry, clock);
  const { groups, points, devices } = fleet;
  return {
    PutGroup: unary(logger, (request: admin.PutGroupRequest) => groups.put(request)),
    ListGroups: unary(logger, (request: admin.ListGroupsRequest) => groups.list(request)),
    MoveGroup: unary(logger, (request: admin.MoveGroupRequest) => groups.move(request)),
    DeleteGroup: unary(logger, (request: admin.DeleteGroupRequest) => groups.delete(request)),
    PutDistributionPoint: unary(logger, (request: admin.PutDistributionPointRequest) => points.put(request)),
    GetDistributionPoint: unary(logger, (request: admin.GetDistributionPointRequest) => points.get(request)),
    ListDistributionPoints: unary(logger, (request: admin.ListDistributionPointsRequest) => points.list(request)),
    DeleteDistributionPoint: unary(logger, (request: admin.DeleteDistributionPointRequest) => points.delete(request)),
    PutDevice: unary(logger, (request: admin.PutDeviceRequest) => devices.put(request)),
    ImportDevices: importHandler(fleet, clock, logger),
    MoveDevices: unary(logger, (request: admin.MoveDevicesRequest) => devices.move(request)),
    GetDevice: unary(logger, (request: admin.GetDeviceRequest) => devices.get(request)),
    GetDeviceHistory: unary(logger, (request: admin.GetDeviceHistoryRequest) => devices.history(request)),
    ListDevices: unary(logger, (request: admin.ListDevicesRequest) => devices.list(request)),
    DeleteDevice: unary(logger, (request: admin.DeleteDeviceRequest) => devices.delete(request)),
    DisconnectDevice: unary(logger, (request: admin.DisconnectDeviceRequest) => devices.disconnect(request)),
    CreateEnrollmentToken: unary(logger, (request: admin.CreateEnrollmentTokenRequest, call) =>
      enrollmentTokens.create(request, callerOf(call)),
    ),
    ListEnrollmentTokens: unary(logger, (request: admin.ListEnrollmentTokensRequest) => enrollmentTokens.list(request)),
    RevokeEnrollmentToken: unary(logger, (request: admin.RevokeEnrollmentTokenRequest) =>
      enrollmentTokens.revoke(request),
    ),
    ListNodes: unary(logger, (request: admin.ListNodesRequest) => fleet.listNodes(request)),
  };
}

async function* rowsOf(call: ImportCall, clock: Clock): AsyncGenerator<admin.ImportDevicesRequest, void, undefined> {
  // An import that is refused ends with its status, not with a stream that breaks.
  yield* call.iterator({ destroyOnReturn: false }) as AsyncIterable<admin.ImportDevicesRequest>;
  // A client that gives up ends its stream in good order first, and cancels it right behind.
  if (!call.cancelled) await once(call, 'cancelled', { signal: timeoutSignal(clock, afterthoughtMs) }).catch(() => {});
  if (call.cancelled) throw new Error('the caller is gone');
}

/** How long a cancellation may be behind the end of the stream, on a slow network. */
const afterthoughtMs = 100;

type ImportCall = ServerReadableStream<admin.ImportDevicesRequest, admin.ImportDevicesResponseInit>;

function importHandler(
  { devices }: FleetAdministration,
  clock: Clock,
  logger: Logger,
): handleClientStreamingCall<admin.ImportDevicesRequest, admin.ImportDevicesResponseInit> {
  return (call: ImportCall, callback) => {
    devices.import(rowsOf(call, clock)).then(
      (response) => callback(null, response),
      (error: unknown) => {
        // Nobody is there to be told.
        if (!call.cancelled) callback(toStatus(toPushfleetError(error, logger)));
      },
    );
  };
}

import type { RequestAssignment, RequestEnrollment } from './assignment/assignment.ts';
import type { ConnectToPushServer } from './grpc/link.ts';
import type { OpenSocket } from './mqtt/wire.ts';

/** How a device reaches its servers. Each question, client and socket has a connection of its own. */
export interface DeviceNetwork {
  ask: RequestAssignment;
  enroll: RequestEnrollment;
  /** For gRPC links. */
  connectToPushServer: ConnectToPushServer;
  /** For MQTT links. */
  openSocket: OpenSocket;
}

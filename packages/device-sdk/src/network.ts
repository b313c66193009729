import type { RequestAssignment, RequestEnrollment } from './assignment/assignment.ts';
import type { ConnectToPushServer } from './grpc/link.ts';
import type { OpenSocket } from './mqtt/wire.ts';
import type { OpenTarget } from './tunnels/target.ts';

/** How a device reaches its servers. Each question, client and socket has a connection of its own. */
export interface DeviceNetwork {
  ask: RequestAssignment;
  enroll: RequestEnrollment;
  /** For gRPC links. */
  connectToPushServer: ConnectToPushServer;
  /** For MQTT links. */
  openSocket: OpenSocket;
  /** For connections that carry nothing but tunnels. */
  connectForTunnels: ConnectToPushServer;
  /** For the far ends of tunnels. */
  openTarget: OpenTarget;
}

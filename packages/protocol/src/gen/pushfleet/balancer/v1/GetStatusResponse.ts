// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto

import type { Long } from '@grpc/proto-loader';

export interface GetStatusResponseInit {
  'balancerId'?: (string);
  /**
   * Commands whose end this balancer has seen since it started, by the name of their Outcome. Those whose end a worker writes
   * are counted there.
   */
  'commandsEnded'?: ({[key: string]: number | string | Long});
  /**
   * When the first of its certificates ends.
   */
  'certificateEndTimeMs'?: (number);
}

export interface GetStatusResponse {
  'balancerId': (string);
  /**
   * Commands whose end this balancer has seen since it started, by the name of their Outcome. Those whose end a worker writes
   * are counted there.
   */
  'commandsEnded': ({[key: string]: number});
  /**
   * When the first of its certificates ends.
   */
  'certificateEndTimeMs': (number);
}

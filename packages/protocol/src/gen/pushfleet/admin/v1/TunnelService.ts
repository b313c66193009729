// Original file: proto/pushfleet/admin/v1/tunnel_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { OpenRequestInit as _pushfleet_admin_v1_OpenRequestInit, OpenRequest as _pushfleet_admin_v1_OpenRequest } from '../../../pushfleet/admin/v1/OpenRequest.ts';
import type { OpenResponseInit as _pushfleet_admin_v1_OpenResponseInit, OpenResponse as _pushfleet_admin_v1_OpenResponse } from '../../../pushfleet/admin/v1/OpenResponse.ts';

/**
 * TCP connections through a device. Served by balancers (port 13299) to holders of an API token.
 */
export interface TunnelServiceClient extends grpc.Client {
  /**
   * TunnelTarget first; TunnelOpened answers it once the device has reached the target; then frames both ways. A side
   * that reads slowly slows the other one down; nothing is buffered without bound.
   * 
   * INVALID_ARGUMENT     a field is malformed; the message names it.
   * NOT_FOUND            no such device.
   * FAILED_PRECONDITION  the device is not connected (NOT_CONNECTED), or the target cannot be reached from it
   * (TARGET_UNREACHABLE).
   * PERMISSION_DENIED    the device declines: its allow-list has no such target (TUNNEL_REFUSED).
   * RESOURCE_EXHAUSTED   too many tunnels are open on this balancer.
   * ABORTED              the tunnel ended; the message says why: idle, time limit, drained push server, link lost.
   */
  Open(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenResponse>;
  Open(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenResponse>;
  /**
   * TunnelTarget first; TunnelOpened answers it once the device has reached the target; then frames both ways. A side
   * that reads slowly slows the other one down; nothing is buffered without bound.
   * 
   * INVALID_ARGUMENT     a field is malformed; the message names it.
   * NOT_FOUND            no such device.
   * FAILED_PRECONDITION  the device is not connected (NOT_CONNECTED), or the target cannot be reached from it
   * (TARGET_UNREACHABLE).
   * PERMISSION_DENIED    the device declines: its allow-list has no such target (TUNNEL_REFUSED).
   * RESOURCE_EXHAUSTED   too many tunnels are open on this balancer.
   * ABORTED              the tunnel ended; the message says why: idle, time limit, drained push server, link lost.
   */
  open(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenResponse>;
  open(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenResponse>;
  
}

/**
 * TCP connections through a device. Served by balancers (port 13299) to holders of an API token.
 */
export interface TunnelServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * TunnelTarget first; TunnelOpened answers it once the device has reached the target; then frames both ways. A side
   * that reads slowly slows the other one down; nothing is buffered without bound.
   * 
   * INVALID_ARGUMENT     a field is malformed; the message names it.
   * NOT_FOUND            no such device.
   * FAILED_PRECONDITION  the device is not connected (NOT_CONNECTED), or the target cannot be reached from it
   * (TARGET_UNREACHABLE).
   * PERMISSION_DENIED    the device declines: its allow-list has no such target (TUNNEL_REFUSED).
   * RESOURCE_EXHAUSTED   too many tunnels are open on this balancer.
   * ABORTED              the tunnel ended; the message says why: idle, time limit, drained push server, link lost.
   */
  Open: grpc.handleBidiStreamingCall<_pushfleet_admin_v1_OpenRequest, _pushfleet_admin_v1_OpenResponseInit>;
  
}

export interface TunnelServiceDefinition extends grpc.ServiceDefinition {
  Open: MethodDefinition<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenResponseInit, _pushfleet_admin_v1_OpenRequest, _pushfleet_admin_v1_OpenResponse>
}

// Original file: proto/pushfleet/device/v1/assignment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AssignRequestInit as _pushfleet_device_v1_AssignRequestInit, AssignRequest as _pushfleet_device_v1_AssignRequest } from '../../../pushfleet/device/v1/AssignRequest.ts';
import type { AssignResponseInit as _pushfleet_device_v1_AssignResponseInit, AssignResponse as _pushfleet_device_v1_AssignResponse } from '../../../pushfleet/device/v1/AssignResponse.ts';

/**
 * Served by balancers, over TLS (port 13000). The same question can be asked as
 * `POST /v1/assignment` with the JSON form of AssignRequest.
 */
export interface AssignmentServiceClient extends grpc.Client {
  /**
   * Tells a device which push server to connect to, and gives it a ticket to show there.
   * 
   * Errors carry a google.rpc.Status in the trailer `grpc-status-details-bin`; the last three with a RetryInfo in it.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     the device is unknown or its credential is wrong; the two are not told apart.
   * RESOURCE_EXHAUSTED  every push server in scope is full, or more devices ask than the balancer can assign.
   * FAILED_PRECONDITION no distribution point has the group in its scope.
   * UNAVAILABLE         no push server in scope is ready; or nobody can tell whether the device's token is good.
   */
  Assign(argument: _pushfleet_device_v1_AssignRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  Assign(argument: _pushfleet_device_v1_AssignRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  Assign(argument: _pushfleet_device_v1_AssignRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  Assign(argument: _pushfleet_device_v1_AssignRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  /**
   * Tells a device which push server to connect to, and gives it a ticket to show there.
   * 
   * Errors carry a google.rpc.Status in the trailer `grpc-status-details-bin`; the last three with a RetryInfo in it.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     the device is unknown or its credential is wrong; the two are not told apart.
   * RESOURCE_EXHAUSTED  every push server in scope is full, or more devices ask than the balancer can assign.
   * FAILED_PRECONDITION no distribution point has the group in its scope.
   * UNAVAILABLE         no push server in scope is ready; or nobody can tell whether the device's token is good.
   */
  assign(argument: _pushfleet_device_v1_AssignRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  assign(argument: _pushfleet_device_v1_AssignRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  assign(argument: _pushfleet_device_v1_AssignRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  assign(argument: _pushfleet_device_v1_AssignRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_AssignResponse>): grpc.ClientUnaryCall;
  
}

/**
 * Served by balancers, over TLS (port 13000). The same question can be asked as
 * `POST /v1/assignment` with the JSON form of AssignRequest.
 */
export interface AssignmentServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Tells a device which push server to connect to, and gives it a ticket to show there.
   * 
   * Errors carry a google.rpc.Status in the trailer `grpc-status-details-bin`; the last three with a RetryInfo in it.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     the device is unknown or its credential is wrong; the two are not told apart.
   * RESOURCE_EXHAUSTED  every push server in scope is full, or more devices ask than the balancer can assign.
   * FAILED_PRECONDITION no distribution point has the group in its scope.
   * UNAVAILABLE         no push server in scope is ready; or nobody can tell whether the device's token is good.
   */
  Assign: grpc.handleUnaryCall<_pushfleet_device_v1_AssignRequest, _pushfleet_device_v1_AssignResponseInit>;
  
}

export interface AssignmentServiceDefinition extends grpc.ServiceDefinition {
  Assign: MethodDefinition<_pushfleet_device_v1_AssignRequestInit, _pushfleet_device_v1_AssignResponseInit, _pushfleet_device_v1_AssignRequest, _pushfleet_device_v1_AssignResponse>
}

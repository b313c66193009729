// Original file: proto/pushfleet/device/v1/assignment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AssignRequestInit as _pushfleet_device_v1_AssignRequestInit, AssignRequest as _pushfleet_device_v1_AssignRequest } from '../../../pushfleet/device/v1/AssignRequest.ts';
import type { AssignResponseInit as _pushfleet_device_v1_AssignResponseInit, AssignResponse as _pushfleet_device_v1_AssignResponse } from '../../../pushfleet/device/v1/AssignResponse.ts';
import type { EnrollRequestInit as _pushfleet_device_v1_EnrollRequestInit, EnrollRequest as _pushfleet_device_v1_EnrollRequest } from '../../../pushfleet/device/v1/EnrollRequest.ts';
import type { EnrollResponseInit as _pushfleet_device_v1_EnrollResponseInit, EnrollResponse as _pushfleet_device_v1_EnrollResponse } from '../../../pushfleet/device/v1/EnrollResponse.ts';

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
  
  /**
   * Registers a new device, which then asks for its assignment with the secret that it has chosen. The same question is
   * `POST /v1/enrollment` with the JSON form of EnrollRequest. Asking again with the same secret is safe: that is the same registration,
   * whatever has become of the token meanwhile.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     there is no such token.
   * PERMISSION_DENIED   the token has ended: it is used up, has expired or was revoked, or its group is gone.
   * ALREADY_EXISTS      there is a device of that id, with another secret. It stays as it is.
   * RESOURCE_EXHAUSTED  more devices ask than the balancer can serve.
   */
  Enroll(argument: _pushfleet_device_v1_EnrollRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _pushfleet_device_v1_EnrollRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _pushfleet_device_v1_EnrollRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  Enroll(argument: _pushfleet_device_v1_EnrollRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  /**
   * Registers a new device, which then asks for its assignment with the secret that it has chosen. The same question is
   * `POST /v1/enrollment` with the JSON form of EnrollRequest. Asking again with the same secret is safe: that is the same registration,
   * whatever has become of the token meanwhile.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     there is no such token.
   * PERMISSION_DENIED   the token has ended: it is used up, has expired or was revoked, or its group is gone.
   * ALREADY_EXISTS      there is a device of that id, with another secret. It stays as it is.
   * RESOURCE_EXHAUSTED  more devices ask than the balancer can serve.
   */
  enroll(argument: _pushfleet_device_v1_EnrollRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _pushfleet_device_v1_EnrollRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _pushfleet_device_v1_EnrollRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  enroll(argument: _pushfleet_device_v1_EnrollRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_EnrollResponse>): grpc.ClientUnaryCall;
  
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
  
  /**
   * Registers a new device, which then asks for its assignment with the secret that it has chosen. The same question is
   * `POST /v1/enrollment` with the JSON form of EnrollRequest. Asking again with the same secret is safe: that is the same registration,
   * whatever has become of the token meanwhile.
   * 
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     there is no such token.
   * PERMISSION_DENIED   the token has ended: it is used up, has expired or was revoked, or its group is gone.
   * ALREADY_EXISTS      there is a device of that id, with another secret. It stays as it is.
   * RESOURCE_EXHAUSTED  more devices ask than the balancer can serve.
   */
  Enroll: grpc.handleUnaryCall<_pushfleet_device_v1_EnrollRequest, _pushfleet_device_v1_EnrollResponseInit>;
  
}

export interface AssignmentServiceDefinition extends grpc.ServiceDefinition {
  Assign: MethodDefinition<_pushfleet_device_v1_AssignRequestInit, _pushfleet_device_v1_AssignResponseInit, _pushfleet_device_v1_AssignRequest, _pushfleet_device_v1_AssignResponse>
  Enroll: MethodDefinition<_pushfleet_device_v1_EnrollRequestInit, _pushfleet_device_v1_EnrollResponseInit, _pushfleet_device_v1_EnrollRequest, _pushfleet_device_v1_EnrollResponse>
}

// Original file: proto-internal/pushfleet/balancer/v1/peer_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelCommandRequestInit as _pushfleet_balancer_v1_CancelCommandRequestInit, CancelCommandRequest as _pushfleet_balancer_v1_CancelCommandRequest } from '../../../pushfleet/balancer/v1/CancelCommandRequest.ts';
import type { CancelCommandResponseInit as _pushfleet_balancer_v1_CancelCommandResponseInit, CancelCommandResponse as _pushfleet_balancer_v1_CancelCommandResponse } from '../../../pushfleet/balancer/v1/CancelCommandResponse.ts';
import type { GetCommandRequestInit as _pushfleet_balancer_v1_GetCommandRequestInit, GetCommandRequest as _pushfleet_balancer_v1_GetCommandRequest } from '../../../pushfleet/balancer/v1/GetCommandRequest.ts';
import type { GetCommandResponseInit as _pushfleet_balancer_v1_GetCommandResponseInit, GetCommandResponse as _pushfleet_balancer_v1_GetCommandResponse } from '../../../pushfleet/balancer/v1/GetCommandResponse.ts';
import type { GetStatusRequestInit as _pushfleet_balancer_v1_GetStatusRequestInit, GetStatusRequest as _pushfleet_balancer_v1_GetStatusRequest } from '../../../pushfleet/balancer/v1/GetStatusRequest.ts';
import type { GetStatusResponseInit as _pushfleet_balancer_v1_GetStatusResponseInit, GetStatusResponse as _pushfleet_balancer_v1_GetStatusResponse } from '../../../pushfleet/balancer/v1/GetStatusResponse.ts';
import type { WatchCommandRequestInit as _pushfleet_balancer_v1_WatchCommandRequestInit, WatchCommandRequest as _pushfleet_balancer_v1_WatchCommandRequest } from '../../../pushfleet/balancer/v1/WatchCommandRequest.ts';
import type { WatchCommandResponseInit as _pushfleet_balancer_v1_WatchCommandResponseInit, WatchCommandResponse as _pushfleet_balancer_v1_WatchCommandResponse } from '../../../pushfleet/balancer/v1/WatchCommandResponse.ts';

/**
 * Served by each balancer to the others, over mutual TLS. Speaks of this balancer and of the direct commands that it took, and
 * asks nobody else, so that no question goes in circles. Answers without `command`: it does not have the command, or no
 * longer, or it is of another device.
 */
export interface PeerServiceClient extends grpc.Client {
  /**
   * Withdraws a command, or has its device told.
   */
  CancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  /**
   * Withdraws a command, or has its device told.
   */
  cancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_balancer_v1_CancelCommandRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  
  /**
   * Where a command stands.
   */
  GetCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  /**
   * Where a command stands.
   */
  getCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_balancer_v1_GetCommandRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  
  /**
   * What this balancer alone knows of itself.
   */
  GetStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  GetStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  /**
   * What this balancer alone knows of itself.
   */
  getStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  getStatus(argument: _pushfleet_balancer_v1_GetStatusRequestInit, callback: grpc.requestCallback<_pushfleet_balancer_v1_GetStatusResponse>): grpc.ClientUnaryCall;
  
  /**
   * The same, now and after changes. Ends with the command.
   */
  WatchCommand(argument: _pushfleet_balancer_v1_WatchCommandRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_balancer_v1_WatchCommandResponse>;
  WatchCommand(argument: _pushfleet_balancer_v1_WatchCommandRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_balancer_v1_WatchCommandResponse>;
  /**
   * The same, now and after changes. Ends with the command.
   */
  watchCommand(argument: _pushfleet_balancer_v1_WatchCommandRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_balancer_v1_WatchCommandResponse>;
  watchCommand(argument: _pushfleet_balancer_v1_WatchCommandRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_balancer_v1_WatchCommandResponse>;
  
}

/**
 * Served by each balancer to the others, over mutual TLS. Speaks of this balancer and of the direct commands that it took, and
 * asks nobody else, so that no question goes in circles. Answers without `command`: it does not have the command, or no
 * longer, or it is of another device.
 */
export interface PeerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Withdraws a command, or has its device told.
   */
  CancelCommand: grpc.handleUnaryCall<_pushfleet_balancer_v1_CancelCommandRequest, _pushfleet_balancer_v1_CancelCommandResponseInit>;
  
  /**
   * Where a command stands.
   */
  GetCommand: grpc.handleUnaryCall<_pushfleet_balancer_v1_GetCommandRequest, _pushfleet_balancer_v1_GetCommandResponseInit>;
  
  /**
   * What this balancer alone knows of itself.
   */
  GetStatus: grpc.handleUnaryCall<_pushfleet_balancer_v1_GetStatusRequest, _pushfleet_balancer_v1_GetStatusResponseInit>;
  
  /**
   * The same, now and after changes. Ends with the command.
   */
  WatchCommand: grpc.handleServerStreamingCall<_pushfleet_balancer_v1_WatchCommandRequest, _pushfleet_balancer_v1_WatchCommandResponseInit>;
  
}

export interface PeerServiceDefinition extends grpc.ServiceDefinition {
  CancelCommand: MethodDefinition<_pushfleet_balancer_v1_CancelCommandRequestInit, _pushfleet_balancer_v1_CancelCommandResponseInit, _pushfleet_balancer_v1_CancelCommandRequest, _pushfleet_balancer_v1_CancelCommandResponse>
  GetCommand: MethodDefinition<_pushfleet_balancer_v1_GetCommandRequestInit, _pushfleet_balancer_v1_GetCommandResponseInit, _pushfleet_balancer_v1_GetCommandRequest, _pushfleet_balancer_v1_GetCommandResponse>
  GetStatus: MethodDefinition<_pushfleet_balancer_v1_GetStatusRequestInit, _pushfleet_balancer_v1_GetStatusResponseInit, _pushfleet_balancer_v1_GetStatusRequest, _pushfleet_balancer_v1_GetStatusResponse>
  WatchCommand: MethodDefinition<_pushfleet_balancer_v1_WatchCommandRequestInit, _pushfleet_balancer_v1_WatchCommandResponseInit, _pushfleet_balancer_v1_WatchCommandRequest, _pushfleet_balancer_v1_WatchCommandResponse>
}

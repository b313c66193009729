// Original file: proto/pushfleet/admin/v1/command_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { PushRequestInit as _pushfleet_admin_v1_PushRequestInit, PushRequest as _pushfleet_admin_v1_PushRequest } from '../../../pushfleet/admin/v1/PushRequest.ts';
import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from '../../../pushfleet/admin/v1/PushResponse.ts';
import type { PushStreamRequestInit as _pushfleet_admin_v1_PushStreamRequestInit, PushStreamRequest as _pushfleet_admin_v1_PushStreamRequest } from '../../../pushfleet/admin/v1/PushStreamRequest.ts';
import type { PushStreamResponseInit as _pushfleet_admin_v1_PushStreamResponseInit, PushStreamResponse as _pushfleet_admin_v1_PushStreamResponse } from '../../../pushfleet/admin/v1/PushStreamResponse.ts';

/**
 * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
 */
export interface CommandServiceClient extends grpc.Client {
  /**
   * Sends one command to one device and waits as long as `wait` says.
   * 
   * What becomes of the command is an outcome, never an error: a device that is away gives NOT_CONNECTED.
   * Errors say that the command was not accepted and nothing was sent:
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     no token, or a wrong one.
   * NOT_FOUND           no such device.
   * RESOURCE_EXHAUSTED  too many commands are under way; try again later.
   * UNAVAILABLE         the registry does not answer.
   */
  Push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  Push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  Push(argument: _pushfleet_admin_v1_PushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  Push(argument: _pushfleet_admin_v1_PushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  /**
   * Sends one command to one device and waits as long as `wait` says.
   * 
   * What becomes of the command is an outcome, never an error: a device that is away gives NOT_CONNECTED.
   * Errors say that the command was not accepted and nothing was sent:
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     no token, or a wrong one.
   * NOT_FOUND           no such device.
   * RESOURCE_EXHAUSTED  too many commands are under way; try again later.
   * UNAVAILABLE         the registry does not answer.
   */
  push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order. The server
   * stops reading while 1,024 of the stream's commands are under way. A command that was not accepted is
   * answered with `error` and does not end the stream.
   */
  PushStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  PushStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order. The server
   * stops reading while 1,024 of the stream's commands are under way. A command that was not accepted is
   * answered with `error` and does not end the stream.
   */
  pushStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  pushStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  
}

/**
 * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
 */
export interface CommandServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Sends one command to one device and waits as long as `wait` says.
   * 
   * What becomes of the command is an outcome, never an error: a device that is away gives NOT_CONNECTED.
   * Errors say that the command was not accepted and nothing was sent:
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     no token, or a wrong one.
   * NOT_FOUND           no such device.
   * RESOURCE_EXHAUSTED  too many commands are under way; try again later.
   * UNAVAILABLE         the registry does not answer.
   */
  Push: grpc.handleUnaryCall<_pushfleet_admin_v1_PushRequest, _pushfleet_admin_v1_PushResponseInit>;
  
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order. The server
   * stops reading while 1,024 of the stream's commands are under way. A command that was not accepted is
   * answered with `error` and does not end the stream.
   */
  PushStream: grpc.handleBidiStreamingCall<_pushfleet_admin_v1_PushStreamRequest, _pushfleet_admin_v1_PushStreamResponseInit>;
  
}

export interface CommandServiceDefinition extends grpc.ServiceDefinition {
  Push: MethodDefinition<_pushfleet_admin_v1_PushRequestInit, _pushfleet_admin_v1_PushResponseInit, _pushfleet_admin_v1_PushRequest, _pushfleet_admin_v1_PushResponse>
  PushStream: MethodDefinition<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponseInit, _pushfleet_admin_v1_PushStreamRequest, _pushfleet_admin_v1_PushStreamResponse>
}

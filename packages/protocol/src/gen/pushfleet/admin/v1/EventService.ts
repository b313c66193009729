// Original file: proto/pushfleet/admin/v1/event_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { WatchAuditRequestInit as _pushfleet_admin_v1_WatchAuditRequestInit, WatchAuditRequest as _pushfleet_admin_v1_WatchAuditRequest } from '../../../pushfleet/admin/v1/WatchAuditRequest.ts';
import type { WatchAuditResponseInit as _pushfleet_admin_v1_WatchAuditResponseInit, WatchAuditResponse as _pushfleet_admin_v1_WatchAuditResponse } from '../../../pushfleet/admin/v1/WatchAuditResponse.ts';
import type { WatchRequestInit as _pushfleet_admin_v1_WatchRequestInit, WatchRequest as _pushfleet_admin_v1_WatchRequest } from '../../../pushfleet/admin/v1/WatchRequest.ts';
import type { WatchResponseInit as _pushfleet_admin_v1_WatchResponseInit, WatchResponse as _pushfleet_admin_v1_WatchResponse } from '../../../pushfleet/admin/v1/WatchResponse.ts';

/**
 * What happens in the cluster, as it happens. Served by balancers (port 13299) to holders of an API token.
 */
export interface EventServiceClient extends grpc.Client {
  /**
   * At least once; in order for each device and each push server. A client that was cut off goes on from the last
   * resume token it has. About the last 100,000 events are kept: a token from before gives OUT_OF_RANGE. An API token with a scope
   * gets the events of devices in it, and no others.
   */
  Watch(argument: _pushfleet_admin_v1_WatchRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchResponse>;
  Watch(argument: _pushfleet_admin_v1_WatchRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchResponse>;
  /**
   * At least once; in order for each device and each push server. A client that was cut off goes on from the last
   * resume token it has. About the last 100,000 events are kept: a token from before gives OUT_OF_RANGE. An API token with a scope
   * gets the events of devices in it, and no others.
   */
  watch(argument: _pushfleet_admin_v1_WatchRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchResponse>;
  watch(argument: _pushfleet_admin_v1_WatchRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchResponse>;
  
  /**
   * Who did what by the admin API: each change, each command and each refusal, as it happened; on the same terms as Watch. What one
   * caller does many times in one second may be told as one event with a count.
   */
  WatchAudit(argument: _pushfleet_admin_v1_WatchAuditRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchAuditResponse>;
  WatchAudit(argument: _pushfleet_admin_v1_WatchAuditRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchAuditResponse>;
  /**
   * Who did what by the admin API: each change, each command and each refusal, as it happened; on the same terms as Watch. What one
   * caller does many times in one second may be told as one event with a count.
   */
  watchAudit(argument: _pushfleet_admin_v1_WatchAuditRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchAuditResponse>;
  watchAudit(argument: _pushfleet_admin_v1_WatchAuditRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchAuditResponse>;
  
}

/**
 * What happens in the cluster, as it happens. Served by balancers (port 13299) to holders of an API token.
 */
export interface EventServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * At least once; in order for each device and each push server. A client that was cut off goes on from the last
   * resume token it has. About the last 100,000 events are kept: a token from before gives OUT_OF_RANGE. An API token with a scope
   * gets the events of devices in it, and no others.
   */
  Watch: grpc.handleServerStreamingCall<_pushfleet_admin_v1_WatchRequest, _pushfleet_admin_v1_WatchResponseInit>;
  
  /**
   * Who did what by the admin API: each change, each command and each refusal, as it happened; on the same terms as Watch. What one
   * caller does many times in one second may be told as one event with a count.
   */
  WatchAudit: grpc.handleServerStreamingCall<_pushfleet_admin_v1_WatchAuditRequest, _pushfleet_admin_v1_WatchAuditResponseInit>;
  
}

export interface EventServiceDefinition extends grpc.ServiceDefinition {
  Watch: MethodDefinition<_pushfleet_admin_v1_WatchRequestInit, _pushfleet_admin_v1_WatchResponseInit, _pushfleet_admin_v1_WatchRequest, _pushfleet_admin_v1_WatchResponse>
  WatchAudit: MethodDefinition<_pushfleet_admin_v1_WatchAuditRequestInit, _pushfleet_admin_v1_WatchAuditResponseInit, _pushfleet_admin_v1_WatchAuditRequest, _pushfleet_admin_v1_WatchAuditResponse>
}

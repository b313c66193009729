// Original file: proto/pushfleet/admin/v1/overview_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GetOverviewHistoryRequestInit as _pushfleet_admin_v1_GetOverviewHistoryRequestInit, GetOverviewHistoryRequest as _pushfleet_admin_v1_GetOverviewHistoryRequest } from '../../../pushfleet/admin/v1/GetOverviewHistoryRequest.ts';
import type { GetOverviewHistoryResponseInit as _pushfleet_admin_v1_GetOverviewHistoryResponseInit, GetOverviewHistoryResponse as _pushfleet_admin_v1_GetOverviewHistoryResponse } from '../../../pushfleet/admin/v1/GetOverviewHistoryResponse.ts';
import type { GetOverviewRequestInit as _pushfleet_admin_v1_GetOverviewRequestInit, GetOverviewRequest as _pushfleet_admin_v1_GetOverviewRequest } from '../../../pushfleet/admin/v1/GetOverviewRequest.ts';
import type { GetOverviewResponseInit as _pushfleet_admin_v1_GetOverviewResponseInit, GetOverviewResponse as _pushfleet_admin_v1_GetOverviewResponse } from '../../../pushfleet/admin/v1/GetOverviewResponse.ts';
import type { WatchOverviewRequestInit as _pushfleet_admin_v1_WatchOverviewRequestInit, WatchOverviewRequest as _pushfleet_admin_v1_WatchOverviewRequest } from '../../../pushfleet/admin/v1/WatchOverviewRequest.ts';
import type { WatchOverviewResponseInit as _pushfleet_admin_v1_WatchOverviewResponseInit, WatchOverviewResponse as _pushfleet_admin_v1_WatchOverviewResponse } from '../../../pushfleet/admin/v1/WatchOverviewResponse.ts';

/**
 * How the whole cluster is doing. Served by balancers (port 13299) to holders of an API token. Any balancer answers for all: it
 * asks the others for what they alone know, and says which of them did not answer (ALARM_BALANCER_UNREACHABLE).
 * 
 * A token with a scope gets the same figures, and of alarms about devices only those in its scope.
 */
export interface OverviewServiceClient extends grpc.Client {
  /**
   * As it is now; not older than a second.
   */
  GetOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  GetOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  GetOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  GetOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  /**
   * As it is now; not older than a second.
   */
  getOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  getOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  getOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  getOverview(argument: _pushfleet_admin_v1_GetOverviewRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewResponse>): grpc.ClientUnaryCall;
  
  /**
   * The last hour, as the balancer that answers has seen it: after its restart it begins anew.
   */
  GetOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  GetOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  GetOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  GetOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  /**
   * The last hour, as the balancer that answers has seen it: after its restart it begins anew.
   */
  getOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  getOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  getOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  getOverviewHistory(argument: _pushfleet_admin_v1_GetOverviewHistoryRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOverviewHistoryResponse>): grpc.ClientUnaryCall;
  
  /**
   * The same, at once and then every 2 seconds.
   */
  WatchOverview(argument: _pushfleet_admin_v1_WatchOverviewRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchOverviewResponse>;
  WatchOverview(argument: _pushfleet_admin_v1_WatchOverviewRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchOverviewResponse>;
  /**
   * The same, at once and then every 2 seconds.
   */
  watchOverview(argument: _pushfleet_admin_v1_WatchOverviewRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchOverviewResponse>;
  watchOverview(argument: _pushfleet_admin_v1_WatchOverviewRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchOverviewResponse>;
  
}

/**
 * How the whole cluster is doing. Served by balancers (port 13299) to holders of an API token. Any balancer answers for all: it
 * asks the others for what they alone know, and says which of them did not answer (ALARM_BALANCER_UNREACHABLE).
 * 
 * A token with a scope gets the same figures, and of alarms about devices only those in its scope.
 */
export interface OverviewServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * As it is now; not older than a second.
   */
  GetOverview: grpc.handleUnaryCall<_pushfleet_admin_v1_GetOverviewRequest, _pushfleet_admin_v1_GetOverviewResponseInit>;
  
  /**
   * The last hour, as the balancer that answers has seen it: after its restart it begins anew.
   */
  GetOverviewHistory: grpc.handleUnaryCall<_pushfleet_admin_v1_GetOverviewHistoryRequest, _pushfleet_admin_v1_GetOverviewHistoryResponseInit>;
  
  /**
   * The same, at once and then every 2 seconds.
   */
  WatchOverview: grpc.handleServerStreamingCall<_pushfleet_admin_v1_WatchOverviewRequest, _pushfleet_admin_v1_WatchOverviewResponseInit>;
  
}

export interface OverviewServiceDefinition extends grpc.ServiceDefinition {
  GetOverview: MethodDefinition<_pushfleet_admin_v1_GetOverviewRequestInit, _pushfleet_admin_v1_GetOverviewResponseInit, _pushfleet_admin_v1_GetOverviewRequest, _pushfleet_admin_v1_GetOverviewResponse>
  GetOverviewHistory: MethodDefinition<_pushfleet_admin_v1_GetOverviewHistoryRequestInit, _pushfleet_admin_v1_GetOverviewHistoryResponseInit, _pushfleet_admin_v1_GetOverviewHistoryRequest, _pushfleet_admin_v1_GetOverviewHistoryResponse>
  WatchOverview: MethodDefinition<_pushfleet_admin_v1_WatchOverviewRequestInit, _pushfleet_admin_v1_WatchOverviewResponseInit, _pushfleet_admin_v1_WatchOverviewRequest, _pushfleet_admin_v1_WatchOverviewResponse>
}

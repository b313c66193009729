// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AbortRebalanceRequestInit as _pushfleet_admin_v1_AbortRebalanceRequestInit, AbortRebalanceRequest as _pushfleet_admin_v1_AbortRebalanceRequest } from '../../../pushfleet/admin/v1/AbortRebalanceRequest.ts';
import type { AbortRebalanceResponseInit as _pushfleet_admin_v1_AbortRebalanceResponseInit, AbortRebalanceResponse as _pushfleet_admin_v1_AbortRebalanceResponse } from '../../../pushfleet/admin/v1/AbortRebalanceResponse.ts';
import type { DrainNodeRequestInit as _pushfleet_admin_v1_DrainNodeRequestInit, DrainNodeRequest as _pushfleet_admin_v1_DrainNodeRequest } from '../../../pushfleet/admin/v1/DrainNodeRequest.ts';
import type { DrainNodeResponseInit as _pushfleet_admin_v1_DrainNodeResponseInit, DrainNodeResponse as _pushfleet_admin_v1_DrainNodeResponse } from '../../../pushfleet/admin/v1/DrainNodeResponse.ts';
import type { GetMaintenanceRequestInit as _pushfleet_admin_v1_GetMaintenanceRequestInit, GetMaintenanceRequest as _pushfleet_admin_v1_GetMaintenanceRequest } from '../../../pushfleet/admin/v1/GetMaintenanceRequest.ts';
import type { GetMaintenanceResponseInit as _pushfleet_admin_v1_GetMaintenanceResponseInit, GetMaintenanceResponse as _pushfleet_admin_v1_GetMaintenanceResponse } from '../../../pushfleet/admin/v1/GetMaintenanceResponse.ts';
import type { GetRebalanceRequestInit as _pushfleet_admin_v1_GetRebalanceRequestInit, GetRebalanceRequest as _pushfleet_admin_v1_GetRebalanceRequest } from '../../../pushfleet/admin/v1/GetRebalanceRequest.ts';
import type { GetRebalanceResponseInit as _pushfleet_admin_v1_GetRebalanceResponseInit, GetRebalanceResponse as _pushfleet_admin_v1_GetRebalanceResponse } from '../../../pushfleet/admin/v1/GetRebalanceResponse.ts';
import type { PlanRebalanceRequestInit as _pushfleet_admin_v1_PlanRebalanceRequestInit, PlanRebalanceRequest as _pushfleet_admin_v1_PlanRebalanceRequest } from '../../../pushfleet/admin/v1/PlanRebalanceRequest.ts';
import type { PlanRebalanceResponseInit as _pushfleet_admin_v1_PlanRebalanceResponseInit, PlanRebalanceResponse as _pushfleet_admin_v1_PlanRebalanceResponse } from '../../../pushfleet/admin/v1/PlanRebalanceResponse.ts';
import type { RestartNodeRequestInit as _pushfleet_admin_v1_RestartNodeRequestInit, RestartNodeRequest as _pushfleet_admin_v1_RestartNodeRequest } from '../../../pushfleet/admin/v1/RestartNodeRequest.ts';
import type { RestartNodeResponseInit as _pushfleet_admin_v1_RestartNodeResponseInit, RestartNodeResponse as _pushfleet_admin_v1_RestartNodeResponse } from '../../../pushfleet/admin/v1/RestartNodeResponse.ts';
import type { StartRebalanceRequestInit as _pushfleet_admin_v1_StartRebalanceRequestInit, StartRebalanceRequest as _pushfleet_admin_v1_StartRebalanceRequest } from '../../../pushfleet/admin/v1/StartRebalanceRequest.ts';
import type { StartRebalanceResponseInit as _pushfleet_admin_v1_StartRebalanceResponseInit, StartRebalanceResponse as _pushfleet_admin_v1_StartRebalanceResponse } from '../../../pushfleet/admin/v1/StartRebalanceResponse.ts';
import type { UndrainNodeRequestInit as _pushfleet_admin_v1_UndrainNodeRequestInit, UndrainNodeRequest as _pushfleet_admin_v1_UndrainNodeRequest } from '../../../pushfleet/admin/v1/UndrainNodeRequest.ts';
import type { UndrainNodeResponseInit as _pushfleet_admin_v1_UndrainNodeResponseInit, UndrainNodeResponse as _pushfleet_admin_v1_UndrainNodeResponse } from '../../../pushfleet/admin/v1/UndrainNodeResponse.ts';

/**
 * Moving devices between push servers: draining one, restarting one, evening out the load of all. Served by balancers
 * (port 13299) to holders of an API token. What is under way survives the restart of any process.
 */
export interface MaintenanceServiceClient extends grpc.Client {
  AbortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  AbortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  AbortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  AbortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  abortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  abortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  abortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  abortRebalance(argument: _pushfleet_admin_v1_AbortRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_AbortRebalanceResponse>): grpc.ClientUnaryCall;
  
  /**
   * Empties a push server and keeps it empty until UndrainNode. Asking again gives the drain that is under way.
   */
  DrainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  DrainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  DrainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  DrainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  /**
   * Empties a push server and keeps it empty until UndrainNode. Asking again gives the drain that is under way.
   */
  drainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  drainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  drainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  drainNode(argument: _pushfleet_admin_v1_DrainNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DrainNodeResponse>): grpc.ClientUnaryCall;
  
  /**
   * NOT_FOUND where none was ever asked for.
   */
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  /**
   * NOT_FOUND where none was ever asked for.
   */
  getMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  getMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  getMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  getMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  
  GetRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  GetRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  GetRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  GetRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  getRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  getRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  getRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  getRebalance(argument: _pushfleet_admin_v1_GetRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRebalanceResponse>): grpc.ClientUnaryCall;
  
  /**
   * What a rebalance would do now. Changes nothing.
   */
  PlanRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  PlanRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  PlanRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  PlanRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  /**
   * What a rebalance would do now. Changes nothing.
   */
  planRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  planRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  planRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  planRebalance(argument: _pushfleet_admin_v1_PlanRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRebalanceResponse>): grpc.ClientUnaryCall;
  
  /**
   * Drains a push server, replaces its workers by new processes, and lets it take devices again.
   */
  RestartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  RestartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  RestartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  RestartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  /**
   * Drains a push server, replaces its workers by new processes, and lets it take devices again.
   */
  restartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  restartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  restartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  restartNode(argument: _pushfleet_admin_v1_RestartNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RestartNodeResponse>): grpc.ClientUnaryCall;
  
  /**
   * Starts one now, whatever the thresholds for doing so unasked.
   */
  StartRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  StartRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  StartRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  StartRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  /**
   * Starts one now, whatever the thresholds for doing so unasked.
   */
  startRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  startRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  startRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  startRebalance(argument: _pushfleet_admin_v1_StartRebalanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRebalanceResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends a drain, at whatever phase it is; the push server takes devices again.
   */
  UndrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  UndrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  UndrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  UndrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  /**
   * Ends a drain, at whatever phase it is; the push server takes devices again.
   */
  undrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  undrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  undrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  undrainNode(argument: _pushfleet_admin_v1_UndrainNodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_UndrainNodeResponse>): grpc.ClientUnaryCall;
  
}

/**
 * Moving devices between push servers: draining one, restarting one, evening out the load of all. Served by balancers
 * (port 13299) to holders of an API token. What is under way survives the restart of any process.
 */
export interface MaintenanceServiceHandlers extends grpc.UntypedServiceImplementation {
  AbortRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_AbortRebalanceRequest, _pushfleet_admin_v1_AbortRebalanceResponseInit>;
  
  /**
   * Empties a push server and keeps it empty until UndrainNode. Asking again gives the drain that is under way.
   */
  DrainNode: grpc.handleUnaryCall<_pushfleet_admin_v1_DrainNodeRequest, _pushfleet_admin_v1_DrainNodeResponseInit>;
  
  /**
   * NOT_FOUND where none was ever asked for.
   */
  GetMaintenance: grpc.handleUnaryCall<_pushfleet_admin_v1_GetMaintenanceRequest, _pushfleet_admin_v1_GetMaintenanceResponseInit>;
  
  GetRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_GetRebalanceRequest, _pushfleet_admin_v1_GetRebalanceResponseInit>;
  
  /**
   * What a rebalance would do now. Changes nothing.
   */
  PlanRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_PlanRebalanceRequest, _pushfleet_admin_v1_PlanRebalanceResponseInit>;
  
  /**
   * Drains a push server, replaces its workers by new processes, and lets it take devices again.
   */
  RestartNode: grpc.handleUnaryCall<_pushfleet_admin_v1_RestartNodeRequest, _pushfleet_admin_v1_RestartNodeResponseInit>;
  
  /**
   * Starts one now, whatever the thresholds for doing so unasked.
   */
  StartRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_StartRebalanceRequest, _pushfleet_admin_v1_StartRebalanceResponseInit>;
  
  /**
   * Ends a drain, at whatever phase it is; the push server takes devices again.
   */
  UndrainNode: grpc.handleUnaryCall<_pushfleet_admin_v1_UndrainNodeRequest, _pushfleet_admin_v1_UndrainNodeResponseInit>;
  
}

export interface MaintenanceServiceDefinition extends grpc.ServiceDefinition {
  AbortRebalance: MethodDefinition<_pushfleet_admin_v1_AbortRebalanceRequestInit, _pushfleet_admin_v1_AbortRebalanceResponseInit, _pushfleet_admin_v1_AbortRebalanceRequest, _pushfleet_admin_v1_AbortRebalanceResponse>
  DrainNode: MethodDefinition<_pushfleet_admin_v1_DrainNodeRequestInit, _pushfleet_admin_v1_DrainNodeResponseInit, _pushfleet_admin_v1_DrainNodeRequest, _pushfleet_admin_v1_DrainNodeResponse>
  GetMaintenance: MethodDefinition<_pushfleet_admin_v1_GetMaintenanceRequestInit, _pushfleet_admin_v1_GetMaintenanceResponseInit, _pushfleet_admin_v1_GetMaintenanceRequest, _pushfleet_admin_v1_GetMaintenanceResponse>
  GetRebalance: MethodDefinition<_pushfleet_admin_v1_GetRebalanceRequestInit, _pushfleet_admin_v1_GetRebalanceResponseInit, _pushfleet_admin_v1_GetRebalanceRequest, _pushfleet_admin_v1_GetRebalanceResponse>
  PlanRebalance: MethodDefinition<_pushfleet_admin_v1_PlanRebalanceRequestInit, _pushfleet_admin_v1_PlanRebalanceResponseInit, _pushfleet_admin_v1_PlanRebalanceRequest, _pushfleet_admin_v1_PlanRebalanceResponse>
  RestartNode: MethodDefinition<_pushfleet_admin_v1_RestartNodeRequestInit, _pushfleet_admin_v1_RestartNodeResponseInit, _pushfleet_admin_v1_RestartNodeRequest, _pushfleet_admin_v1_RestartNodeResponse>
  StartRebalance: MethodDefinition<_pushfleet_admin_v1_StartRebalanceRequestInit, _pushfleet_admin_v1_StartRebalanceResponseInit, _pushfleet_admin_v1_StartRebalanceRequest, _pushfleet_admin_v1_StartRebalanceResponse>
  UndrainNode: MethodDefinition<_pushfleet_admin_v1_UndrainNodeRequestInit, _pushfleet_admin_v1_UndrainNodeResponseInit, _pushfleet_admin_v1_UndrainNodeRequest, _pushfleet_admin_v1_UndrainNodeResponse>
}

// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AbortRebalanceRequestInit as _pushfleet_admin_v1_AbortRebalanceRequestInit, AbortRebalanceRequest as _pushfleet_admin_v1_AbortRebalanceRequest } from '../../../pushfleet/admin/v1/AbortRebalanceRequest.ts';
import type { AbortRebalanceResponseInit as _pushfleet_admin_v1_AbortRebalanceResponseInit, AbortRebalanceResponse as _pushfleet_admin_v1_AbortRebalanceResponse } from '../../../pushfleet/admin/v1/AbortRebalanceResponse.ts';
import type { CancelRollingRestartRequestInit as _pushfleet_admin_v1_CancelRollingRestartRequestInit, CancelRollingRestartRequest as _pushfleet_admin_v1_CancelRollingRestartRequest } from '../../../pushfleet/admin/v1/CancelRollingRestartRequest.ts';
import type { CancelRollingRestartResponseInit as _pushfleet_admin_v1_CancelRollingRestartResponseInit, CancelRollingRestartResponse as _pushfleet_admin_v1_CancelRollingRestartResponse } from '../../../pushfleet/admin/v1/CancelRollingRestartResponse.ts';
import type { DrainNodeRequestInit as _pushfleet_admin_v1_DrainNodeRequestInit, DrainNodeRequest as _pushfleet_admin_v1_DrainNodeRequest } from '../../../pushfleet/admin/v1/DrainNodeRequest.ts';
import type { DrainNodeResponseInit as _pushfleet_admin_v1_DrainNodeResponseInit, DrainNodeResponse as _pushfleet_admin_v1_DrainNodeResponse } from '../../../pushfleet/admin/v1/DrainNodeResponse.ts';
import type { GetMaintenanceRequestInit as _pushfleet_admin_v1_GetMaintenanceRequestInit, GetMaintenanceRequest as _pushfleet_admin_v1_GetMaintenanceRequest } from '../../../pushfleet/admin/v1/GetMaintenanceRequest.ts';
import type { GetMaintenanceResponseInit as _pushfleet_admin_v1_GetMaintenanceResponseInit, GetMaintenanceResponse as _pushfleet_admin_v1_GetMaintenanceResponse } from '../../../pushfleet/admin/v1/GetMaintenanceResponse.ts';
import type { GetRebalanceRequestInit as _pushfleet_admin_v1_GetRebalanceRequestInit, GetRebalanceRequest as _pushfleet_admin_v1_GetRebalanceRequest } from '../../../pushfleet/admin/v1/GetRebalanceRequest.ts';
import type { GetRebalanceResponseInit as _pushfleet_admin_v1_GetRebalanceResponseInit, GetRebalanceResponse as _pushfleet_admin_v1_GetRebalanceResponse } from '../../../pushfleet/admin/v1/GetRebalanceResponse.ts';
import type { GetRollingRestartRequestInit as _pushfleet_admin_v1_GetRollingRestartRequestInit, GetRollingRestartRequest as _pushfleet_admin_v1_GetRollingRestartRequest } from '../../../pushfleet/admin/v1/GetRollingRestartRequest.ts';
import type { GetRollingRestartResponseInit as _pushfleet_admin_v1_GetRollingRestartResponseInit, GetRollingRestartResponse as _pushfleet_admin_v1_GetRollingRestartResponse } from '../../../pushfleet/admin/v1/GetRollingRestartResponse.ts';
import type { PauseRollingRestartRequestInit as _pushfleet_admin_v1_PauseRollingRestartRequestInit, PauseRollingRestartRequest as _pushfleet_admin_v1_PauseRollingRestartRequest } from '../../../pushfleet/admin/v1/PauseRollingRestartRequest.ts';
import type { PauseRollingRestartResponseInit as _pushfleet_admin_v1_PauseRollingRestartResponseInit, PauseRollingRestartResponse as _pushfleet_admin_v1_PauseRollingRestartResponse } from '../../../pushfleet/admin/v1/PauseRollingRestartResponse.ts';
import type { PlanRebalanceRequestInit as _pushfleet_admin_v1_PlanRebalanceRequestInit, PlanRebalanceRequest as _pushfleet_admin_v1_PlanRebalanceRequest } from '../../../pushfleet/admin/v1/PlanRebalanceRequest.ts';
import type { PlanRebalanceResponseInit as _pushfleet_admin_v1_PlanRebalanceResponseInit, PlanRebalanceResponse as _pushfleet_admin_v1_PlanRebalanceResponse } from '../../../pushfleet/admin/v1/PlanRebalanceResponse.ts';
import type { PlanRollingRestartRequestInit as _pushfleet_admin_v1_PlanRollingRestartRequestInit, PlanRollingRestartRequest as _pushfleet_admin_v1_PlanRollingRestartRequest } from '../../../pushfleet/admin/v1/PlanRollingRestartRequest.ts';
import type { PlanRollingRestartResponseInit as _pushfleet_admin_v1_PlanRollingRestartResponseInit, PlanRollingRestartResponse as _pushfleet_admin_v1_PlanRollingRestartResponse } from '../../../pushfleet/admin/v1/PlanRollingRestartResponse.ts';
import type { RestartNodeRequestInit as _pushfleet_admin_v1_RestartNodeRequestInit, RestartNodeRequest as _pushfleet_admin_v1_RestartNodeRequest } from '../../../pushfleet/admin/v1/RestartNodeRequest.ts';
import type { RestartNodeResponseInit as _pushfleet_admin_v1_RestartNodeResponseInit, RestartNodeResponse as _pushfleet_admin_v1_RestartNodeResponse } from '../../../pushfleet/admin/v1/RestartNodeResponse.ts';
import type { ResumeRollingRestartRequestInit as _pushfleet_admin_v1_ResumeRollingRestartRequestInit, ResumeRollingRestartRequest as _pushfleet_admin_v1_ResumeRollingRestartRequest } from '../../../pushfleet/admin/v1/ResumeRollingRestartRequest.ts';
import type { ResumeRollingRestartResponseInit as _pushfleet_admin_v1_ResumeRollingRestartResponseInit, ResumeRollingRestartResponse as _pushfleet_admin_v1_ResumeRollingRestartResponse } from '../../../pushfleet/admin/v1/ResumeRollingRestartResponse.ts';
import type { StartRebalanceRequestInit as _pushfleet_admin_v1_StartRebalanceRequestInit, StartRebalanceRequest as _pushfleet_admin_v1_StartRebalanceRequest } from '../../../pushfleet/admin/v1/StartRebalanceRequest.ts';
import type { StartRebalanceResponseInit as _pushfleet_admin_v1_StartRebalanceResponseInit, StartRebalanceResponse as _pushfleet_admin_v1_StartRebalanceResponse } from '../../../pushfleet/admin/v1/StartRebalanceResponse.ts';
import type { StartRollingRestartRequestInit as _pushfleet_admin_v1_StartRollingRestartRequestInit, StartRollingRestartRequest as _pushfleet_admin_v1_StartRollingRestartRequest } from '../../../pushfleet/admin/v1/StartRollingRestartRequest.ts';
import type { StartRollingRestartResponseInit as _pushfleet_admin_v1_StartRollingRestartResponseInit, StartRollingRestartResponse as _pushfleet_admin_v1_StartRollingRestartResponse } from '../../../pushfleet/admin/v1/StartRollingRestartResponse.ts';
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
   * Ends it when the push server whose turn it is is ready; those after it are left alone.
   */
  CancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  CancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  CancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  CancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  /**
   * Ends it when the push server whose turn it is is ready; those after it are left alone.
   */
  cancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  cancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  cancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  cancelRollingRestart(argument: _pushfleet_admin_v1_CancelRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelRollingRestartResponse>): grpc.ClientUnaryCall;
  
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
   * The last drain or restart of a push server. Where there is none, its phase is MAINTENANCE_PHASE_NONE.
   */
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  GetMaintenance(argument: _pushfleet_admin_v1_GetMaintenanceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetMaintenanceResponse>): grpc.ClientUnaryCall;
  /**
   * The last drain or restart of a push server. Where there is none, its phase is MAINTENANCE_PHASE_NONE.
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
   * The last one, whether under way or ended.
   */
  GetRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  GetRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  GetRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  GetRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  /**
   * The last one, whether under way or ended.
   */
  getRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  getRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  getRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  getRollingRestart(argument: _pushfleet_admin_v1_GetRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetRollingRestartResponse>): grpc.ClientUnaryCall;
  
  /**
   * The push server whose turn it is goes on until it is ready; the next one waits. Changes nothing of one that has ended.
   */
  PauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  PauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  PauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  PauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  /**
   * The push server whose turn it is goes on until it is ready; the next one waits. Changes nothing of one that has ended.
   */
  pauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  pauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  pauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  pauseRollingRestart(argument: _pushfleet_admin_v1_PauseRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseRollingRestartResponse>): grpc.ClientUnaryCall;
  
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
   * What a rolling restart would do now. Changes nothing.
   */
  PlanRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  PlanRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  PlanRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  PlanRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  /**
   * What a rolling restart would do now. Changes nothing.
   */
  planRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  planRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  planRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  planRollingRestart(argument: _pushfleet_admin_v1_PlanRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PlanRollingRestartResponse>): grpc.ClientUnaryCall;
  
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
  
  ResumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  ResumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  ResumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  ResumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  resumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  resumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  resumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  resumeRollingRestart(argument: _pushfleet_admin_v1_ResumeRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeRollingRestartResponse>): grpc.ClientUnaryCall;
  
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
   * Restarts all push servers, one after the other; the balancer that leads carries it out. Each one's devices are told where to go,
   * it restarts and is ready again; only then comes the next one. At the end the load is evened out. It stops at the first push
   * server that does not work afterwards. FAILED_PRECONDITION where devices would be without a push server meanwhile;
   * ALREADY_EXISTS while one is under way.
   */
  StartRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  StartRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  StartRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  StartRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  /**
   * Restarts all push servers, one after the other; the balancer that leads carries it out. Each one's devices are told where to go,
   * it restarts and is ready again; only then comes the next one. At the end the load is evened out. It stops at the first push
   * server that does not work afterwards. FAILED_PRECONDITION where devices would be without a push server meanwhile;
   * ALREADY_EXISTS while one is under way.
   */
  startRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  startRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  startRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  startRollingRestart(argument: _pushfleet_admin_v1_StartRollingRestartRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_StartRollingRestartResponse>): grpc.ClientUnaryCall;
  
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
   * Ends it when the push server whose turn it is is ready; those after it are left alone.
   */
  CancelRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_CancelRollingRestartRequest, _pushfleet_admin_v1_CancelRollingRestartResponseInit>;
  
  /**
   * Empties a push server and keeps it empty until UndrainNode. Asking again gives the drain that is under way.
   */
  DrainNode: grpc.handleUnaryCall<_pushfleet_admin_v1_DrainNodeRequest, _pushfleet_admin_v1_DrainNodeResponseInit>;
  
  /**
   * The last drain or restart of a push server. Where there is none, its phase is MAINTENANCE_PHASE_NONE.
   */
  GetMaintenance: grpc.handleUnaryCall<_pushfleet_admin_v1_GetMaintenanceRequest, _pushfleet_admin_v1_GetMaintenanceResponseInit>;
  
  GetRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_GetRebalanceRequest, _pushfleet_admin_v1_GetRebalanceResponseInit>;
  
  /**
   * The last one, whether under way or ended.
   */
  GetRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_GetRollingRestartRequest, _pushfleet_admin_v1_GetRollingRestartResponseInit>;
  
  /**
   * The push server whose turn it is goes on until it is ready; the next one waits. Changes nothing of one that has ended.
   */
  PauseRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_PauseRollingRestartRequest, _pushfleet_admin_v1_PauseRollingRestartResponseInit>;
  
  /**
   * What a rebalance would do now. Changes nothing.
   */
  PlanRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_PlanRebalanceRequest, _pushfleet_admin_v1_PlanRebalanceResponseInit>;
  
  /**
   * What a rolling restart would do now. Changes nothing.
   */
  PlanRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_PlanRollingRestartRequest, _pushfleet_admin_v1_PlanRollingRestartResponseInit>;
  
  /**
   * Drains a push server, replaces its workers by new processes, and lets it take devices again.
   */
  RestartNode: grpc.handleUnaryCall<_pushfleet_admin_v1_RestartNodeRequest, _pushfleet_admin_v1_RestartNodeResponseInit>;
  
  ResumeRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_ResumeRollingRestartRequest, _pushfleet_admin_v1_ResumeRollingRestartResponseInit>;
  
  /**
   * Starts one now, whatever the thresholds for doing so unasked.
   */
  StartRebalance: grpc.handleUnaryCall<_pushfleet_admin_v1_StartRebalanceRequest, _pushfleet_admin_v1_StartRebalanceResponseInit>;
  
  /**
   * Restarts all push servers, one after the other; the balancer that leads carries it out. Each one's devices are told where to go,
   * it restarts and is ready again; only then comes the next one. At the end the load is evened out. It stops at the first push
   * server that does not work afterwards. FAILED_PRECONDITION where devices would be without a push server meanwhile;
   * ALREADY_EXISTS while one is under way.
   */
  StartRollingRestart: grpc.handleUnaryCall<_pushfleet_admin_v1_StartRollingRestartRequest, _pushfleet_admin_v1_StartRollingRestartResponseInit>;
  
  /**
   * Ends a drain, at whatever phase it is; the push server takes devices again.
   */
  UndrainNode: grpc.handleUnaryCall<_pushfleet_admin_v1_UndrainNodeRequest, _pushfleet_admin_v1_UndrainNodeResponseInit>;
  
}

export interface MaintenanceServiceDefinition extends grpc.ServiceDefinition {
  AbortRebalance: MethodDefinition<_pushfleet_admin_v1_AbortRebalanceRequestInit, _pushfleet_admin_v1_AbortRebalanceResponseInit, _pushfleet_admin_v1_AbortRebalanceRequest, _pushfleet_admin_v1_AbortRebalanceResponse>
  CancelRollingRestart: MethodDefinition<_pushfleet_admin_v1_CancelRollingRestartRequestInit, _pushfleet_admin_v1_CancelRollingRestartResponseInit, _pushfleet_admin_v1_CancelRollingRestartRequest, _pushfleet_admin_v1_CancelRollingRestartResponse>
  DrainNode: MethodDefinition<_pushfleet_admin_v1_DrainNodeRequestInit, _pushfleet_admin_v1_DrainNodeResponseInit, _pushfleet_admin_v1_DrainNodeRequest, _pushfleet_admin_v1_DrainNodeResponse>
  GetMaintenance: MethodDefinition<_pushfleet_admin_v1_GetMaintenanceRequestInit, _pushfleet_admin_v1_GetMaintenanceResponseInit, _pushfleet_admin_v1_GetMaintenanceRequest, _pushfleet_admin_v1_GetMaintenanceResponse>
  GetRebalance: MethodDefinition<_pushfleet_admin_v1_GetRebalanceRequestInit, _pushfleet_admin_v1_GetRebalanceResponseInit, _pushfleet_admin_v1_GetRebalanceRequest, _pushfleet_admin_v1_GetRebalanceResponse>
  GetRollingRestart: MethodDefinition<_pushfleet_admin_v1_GetRollingRestartRequestInit, _pushfleet_admin_v1_GetRollingRestartResponseInit, _pushfleet_admin_v1_GetRollingRestartRequest, _pushfleet_admin_v1_GetRollingRestartResponse>
  PauseRollingRestart: MethodDefinition<_pushfleet_admin_v1_PauseRollingRestartRequestInit, _pushfleet_admin_v1_PauseRollingRestartResponseInit, _pushfleet_admin_v1_PauseRollingRestartRequest, _pushfleet_admin_v1_PauseRollingRestartResponse>
  PlanRebalance: MethodDefinition<_pushfleet_admin_v1_PlanRebalanceRequestInit, _pushfleet_admin_v1_PlanRebalanceResponseInit, _pushfleet_admin_v1_PlanRebalanceRequest, _pushfleet_admin_v1_PlanRebalanceResponse>
  PlanRollingRestart: MethodDefinition<_pushfleet_admin_v1_PlanRollingRestartRequestInit, _pushfleet_admin_v1_PlanRollingRestartResponseInit, _pushfleet_admin_v1_PlanRollingRestartRequest, _pushfleet_admin_v1_PlanRollingRestartResponse>
  RestartNode: MethodDefinition<_pushfleet_admin_v1_RestartNodeRequestInit, _pushfleet_admin_v1_RestartNodeResponseInit, _pushfleet_admin_v1_RestartNodeRequest, _pushfleet_admin_v1_RestartNodeResponse>
  ResumeRollingRestart: MethodDefinition<_pushfleet_admin_v1_ResumeRollingRestartRequestInit, _pushfleet_admin_v1_ResumeRollingRestartResponseInit, _pushfleet_admin_v1_ResumeRollingRestartRequest, _pushfleet_admin_v1_ResumeRollingRestartResponse>
  StartRebalance: MethodDefinition<_pushfleet_admin_v1_StartRebalanceRequestInit, _pushfleet_admin_v1_StartRebalanceResponseInit, _pushfleet_admin_v1_StartRebalanceRequest, _pushfleet_admin_v1_StartRebalanceResponse>
  StartRollingRestart: MethodDefinition<_pushfleet_admin_v1_StartRollingRestartRequestInit, _pushfleet_admin_v1_StartRollingRestartResponseInit, _pushfleet_admin_v1_StartRollingRestartRequest, _pushfleet_admin_v1_StartRollingRestartResponse>
  UndrainNode: MethodDefinition<_pushfleet_admin_v1_UndrainNodeRequestInit, _pushfleet_admin_v1_UndrainNodeResponseInit, _pushfleet_admin_v1_UndrainNodeRequest, _pushfleet_admin_v1_UndrainNodeResponse>
}

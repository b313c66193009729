import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { AbortRebalanceRequestInit as _pushfleet_admin_v1_AbortRebalanceRequestInit, AbortRebalanceRequest as _pushfleet_admin_v1_AbortRebalanceRequest } from './pushfleet/admin/v1/AbortRebalanceRequest.ts';
import type { AbortRebalanceResponseInit as _pushfleet_admin_v1_AbortRebalanceResponseInit, AbortRebalanceResponse as _pushfleet_admin_v1_AbortRebalanceResponse } from './pushfleet/admin/v1/AbortRebalanceResponse.ts';
import type { CancelRollingRestartRequestInit as _pushfleet_admin_v1_CancelRollingRestartRequestInit, CancelRollingRestartRequest as _pushfleet_admin_v1_CancelRollingRestartRequest } from './pushfleet/admin/v1/CancelRollingRestartRequest.ts';
import type { CancelRollingRestartResponseInit as _pushfleet_admin_v1_CancelRollingRestartResponseInit, CancelRollingRestartResponse as _pushfleet_admin_v1_CancelRollingRestartResponse } from './pushfleet/admin/v1/CancelRollingRestartResponse.ts';
import type { DrainNodeRequestInit as _pushfleet_admin_v1_DrainNodeRequestInit, DrainNodeRequest as _pushfleet_admin_v1_DrainNodeRequest } from './pushfleet/admin/v1/DrainNodeRequest.ts';
import type { DrainNodeResponseInit as _pushfleet_admin_v1_DrainNodeResponseInit, DrainNodeResponse as _pushfleet_admin_v1_DrainNodeResponse } from './pushfleet/admin/v1/DrainNodeResponse.ts';
import type { GetMaintenanceRequestInit as _pushfleet_admin_v1_GetMaintenanceRequestInit, GetMaintenanceRequest as _pushfleet_admin_v1_GetMaintenanceRequest } from './pushfleet/admin/v1/GetMaintenanceRequest.ts';
import type { GetMaintenanceResponseInit as _pushfleet_admin_v1_GetMaintenanceResponseInit, GetMaintenanceResponse as _pushfleet_admin_v1_GetMaintenanceResponse } from './pushfleet/admin/v1/GetMaintenanceResponse.ts';
import type { GetRebalanceRequestInit as _pushfleet_admin_v1_GetRebalanceRequestInit, GetRebalanceRequest as _pushfleet_admin_v1_GetRebalanceRequest } from './pushfleet/admin/v1/GetRebalanceRequest.ts';
import type { GetRebalanceResponseInit as _pushfleet_admin_v1_GetRebalanceResponseInit, GetRebalanceResponse as _pushfleet_admin_v1_GetRebalanceResponse } from './pushfleet/admin/v1/GetRebalanceResponse.ts';
import type { GetRollingRestartRequestInit as _pushfleet_admin_v1_GetRollingRestartRequestInit, GetRollingRestartRequest as _pushfleet_admin_v1_GetRollingRestartRequest } from './pushfleet/admin/v1/GetRollingRestartRequest.ts';
import type { GetRollingRestartResponseInit as _pushfleet_admin_v1_GetRollingRestartResponseInit, GetRollingRestartResponse as _pushfleet_admin_v1_GetRollingRestartResponse } from './pushfleet/admin/v1/GetRollingRestartResponse.ts';
import type { MaintenanceInit as _pushfleet_admin_v1_MaintenanceInit, Maintenance as _pushfleet_admin_v1_Maintenance } from './pushfleet/admin/v1/Maintenance.ts';
import type { MaintenanceServiceClient as _pushfleet_admin_v1_MaintenanceServiceClient, MaintenanceServiceDefinition as _pushfleet_admin_v1_MaintenanceServiceDefinition } from './pushfleet/admin/v1/MaintenanceService.ts';
import type { PauseRollingRestartRequestInit as _pushfleet_admin_v1_PauseRollingRestartRequestInit, PauseRollingRestartRequest as _pushfleet_admin_v1_PauseRollingRestartRequest } from './pushfleet/admin/v1/PauseRollingRestartRequest.ts';
import type { PauseRollingRestartResponseInit as _pushfleet_admin_v1_PauseRollingRestartResponseInit, PauseRollingRestartResponse as _pushfleet_admin_v1_PauseRollingRestartResponse } from './pushfleet/admin/v1/PauseRollingRestartResponse.ts';
import type { PlanRebalanceRequestInit as _pushfleet_admin_v1_PlanRebalanceRequestInit, PlanRebalanceRequest as _pushfleet_admin_v1_PlanRebalanceRequest } from './pushfleet/admin/v1/PlanRebalanceRequest.ts';
import type { PlanRebalanceResponseInit as _pushfleet_admin_v1_PlanRebalanceResponseInit, PlanRebalanceResponse as _pushfleet_admin_v1_PlanRebalanceResponse } from './pushfleet/admin/v1/PlanRebalanceResponse.ts';
import type { PlanRollingRestartRequestInit as _pushfleet_admin_v1_PlanRollingRestartRequestInit, PlanRollingRestartRequest as _pushfleet_admin_v1_PlanRollingRestartRequest } from './pushfleet/admin/v1/PlanRollingRestartRequest.ts';
import type { PlanRollingRestartResponseInit as _pushfleet_admin_v1_PlanRollingRestartResponseInit, PlanRollingRestartResponse as _pushfleet_admin_v1_PlanRollingRestartResponse } from './pushfleet/admin/v1/PlanRollingRestartResponse.ts';
import type { RebalanceInit as _pushfleet_admin_v1_RebalanceInit, Rebalance as _pushfleet_admin_v1_Rebalance } from './pushfleet/admin/v1/Rebalance.ts';
import type { RebalanceMoveInit as _pushfleet_admin_v1_RebalanceMoveInit, RebalanceMove as _pushfleet_admin_v1_RebalanceMove } from './pushfleet/admin/v1/RebalanceMove.ts';
import type { RestartNodeRequestInit as _pushfleet_admin_v1_RestartNodeRequestInit, RestartNodeRequest as _pushfleet_admin_v1_RestartNodeRequest } from './pushfleet/admin/v1/RestartNodeRequest.ts';
import type { RestartNodeResponseInit as _pushfleet_admin_v1_RestartNodeResponseInit, RestartNodeResponse as _pushfleet_admin_v1_RestartNodeResponse } from './pushfleet/admin/v1/RestartNodeResponse.ts';
import type { ResumeRollingRestartRequestInit as _pushfleet_admin_v1_ResumeRollingRestartRequestInit, ResumeRollingRestartRequest as _pushfleet_admin_v1_ResumeRollingRestartRequest } from './pushfleet/admin/v1/ResumeRollingRestartRequest.ts';
import type { ResumeRollingRestartResponseInit as _pushfleet_admin_v1_ResumeRollingRestartResponseInit, ResumeRollingRestartResponse as _pushfleet_admin_v1_ResumeRollingRestartResponse } from './pushfleet/admin/v1/ResumeRollingRestartResponse.ts';
import type { RollingRestartInit as _pushfleet_admin_v1_RollingRestartInit, RollingRestart as _pushfleet_admin_v1_RollingRestart } from './pushfleet/admin/v1/RollingRestart.ts';
import type { RollingRestartStepInit as _pushfleet_admin_v1_RollingRestartStepInit, RollingRestartStep as _pushfleet_admin_v1_RollingRestartStep } from './pushfleet/admin/v1/RollingRestartStep.ts';
import type { StartRebalanceRequestInit as _pushfleet_admin_v1_StartRebalanceRequestInit, StartRebalanceRequest as _pushfleet_admin_v1_StartRebalanceRequest } from './pushfleet/admin/v1/StartRebalanceRequest.ts';
import type { StartRebalanceResponseInit as _pushfleet_admin_v1_StartRebalanceResponseInit, StartRebalanceResponse as _pushfleet_admin_v1_StartRebalanceResponse } from './pushfleet/admin/v1/StartRebalanceResponse.ts';
import type { StartRollingRestartRequestInit as _pushfleet_admin_v1_StartRollingRestartRequestInit, StartRollingRestartRequest as _pushfleet_admin_v1_StartRollingRestartRequest } from './pushfleet/admin/v1/StartRollingRestartRequest.ts';
import type { StartRollingRestartResponseInit as _pushfleet_admin_v1_StartRollingRestartResponseInit, StartRollingRestartResponse as _pushfleet_admin_v1_StartRollingRestartResponse } from './pushfleet/admin/v1/StartRollingRestartResponse.ts';
import type { UndrainNodeRequestInit as _pushfleet_admin_v1_UndrainNodeRequestInit, UndrainNodeRequest as _pushfleet_admin_v1_UndrainNodeRequest } from './pushfleet/admin/v1/UndrainNodeRequest.ts';
import type { UndrainNodeResponseInit as _pushfleet_admin_v1_UndrainNodeResponseInit, UndrainNodeResponse as _pushfleet_admin_v1_UndrainNodeResponse } from './pushfleet/admin/v1/UndrainNodeResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_DurationInit, _google_protobuf_Duration>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInit, _google_protobuf_Timestamp>
    }
  }
  pushfleet: {
    admin: {
      v1: {
        AbortRebalanceRequest: MessageTypeDefinition<_pushfleet_admin_v1_AbortRebalanceRequestInit, _pushfleet_admin_v1_AbortRebalanceRequest>
        AbortRebalanceResponse: MessageTypeDefinition<_pushfleet_admin_v1_AbortRebalanceResponseInit, _pushfleet_admin_v1_AbortRebalanceResponse>
        CancelRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_CancelRollingRestartRequestInit, _pushfleet_admin_v1_CancelRollingRestartRequest>
        CancelRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_CancelRollingRestartResponseInit, _pushfleet_admin_v1_CancelRollingRestartResponse>
        DrainNodeRequest: MessageTypeDefinition<_pushfleet_admin_v1_DrainNodeRequestInit, _pushfleet_admin_v1_DrainNodeRequest>
        DrainNodeResponse: MessageTypeDefinition<_pushfleet_admin_v1_DrainNodeResponseInit, _pushfleet_admin_v1_DrainNodeResponse>
        GetMaintenanceRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetMaintenanceRequestInit, _pushfleet_admin_v1_GetMaintenanceRequest>
        GetMaintenanceResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetMaintenanceResponseInit, _pushfleet_admin_v1_GetMaintenanceResponse>
        GetRebalanceRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetRebalanceRequestInit, _pushfleet_admin_v1_GetRebalanceRequest>
        GetRebalanceResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetRebalanceResponseInit, _pushfleet_admin_v1_GetRebalanceResponse>
        GetRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetRollingRestartRequestInit, _pushfleet_admin_v1_GetRollingRestartRequest>
        GetRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetRollingRestartResponseInit, _pushfleet_admin_v1_GetRollingRestartResponse>
        Maintenance: MessageTypeDefinition<_pushfleet_admin_v1_MaintenanceInit, _pushfleet_admin_v1_Maintenance>
        MaintenanceKind: EnumTypeDefinition
        MaintenancePhase: EnumTypeDefinition
        /**
         * Moving devices between push servers: draining one, restarting one, evening out the load of all. Served by balancers
         * (port 13299) to holders of an API token. What is under way survives the restart of any process.
         */
        MaintenanceService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_MaintenanceServiceClient> & { service: _pushfleet_admin_v1_MaintenanceServiceDefinition }
        PauseRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_PauseRollingRestartRequestInit, _pushfleet_admin_v1_PauseRollingRestartRequest>
        PauseRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_PauseRollingRestartResponseInit, _pushfleet_admin_v1_PauseRollingRestartResponse>
        PlanRebalanceRequest: MessageTypeDefinition<_pushfleet_admin_v1_PlanRebalanceRequestInit, _pushfleet_admin_v1_PlanRebalanceRequest>
        PlanRebalanceResponse: MessageTypeDefinition<_pushfleet_admin_v1_PlanRebalanceResponseInit, _pushfleet_admin_v1_PlanRebalanceResponse>
        PlanRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_PlanRollingRestartRequestInit, _pushfleet_admin_v1_PlanRollingRestartRequest>
        PlanRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_PlanRollingRestartResponseInit, _pushfleet_admin_v1_PlanRollingRestartResponse>
        Rebalance: MessageTypeDefinition<_pushfleet_admin_v1_RebalanceInit, _pushfleet_admin_v1_Rebalance>
        RebalanceCause: EnumTypeDefinition
        RebalanceMove: MessageTypeDefinition<_pushfleet_admin_v1_RebalanceMoveInit, _pushfleet_admin_v1_RebalanceMove>
        RebalanceState: EnumTypeDefinition
        RestartNodeRequest: MessageTypeDefinition<_pushfleet_admin_v1_RestartNodeRequestInit, _pushfleet_admin_v1_RestartNodeRequest>
        RestartNodeResponse: MessageTypeDefinition<_pushfleet_admin_v1_RestartNodeResponseInit, _pushfleet_admin_v1_RestartNodeResponse>
        ResumeRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_ResumeRollingRestartRequestInit, _pushfleet_admin_v1_ResumeRollingRestartRequest>
        ResumeRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_ResumeRollingRestartResponseInit, _pushfleet_admin_v1_ResumeRollingRestartResponse>
        RollingRestart: MessageTypeDefinition<_pushfleet_admin_v1_RollingRestartInit, _pushfleet_admin_v1_RollingRestart>
        RollingRestartState: EnumTypeDefinition
        RollingRestartStep: MessageTypeDefinition<_pushfleet_admin_v1_RollingRestartStepInit, _pushfleet_admin_v1_RollingRestartStep>
        RollingRestartStepState: EnumTypeDefinition
        StartRebalanceRequest: MessageTypeDefinition<_pushfleet_admin_v1_StartRebalanceRequestInit, _pushfleet_admin_v1_StartRebalanceRequest>
        StartRebalanceResponse: MessageTypeDefinition<_pushfleet_admin_v1_StartRebalanceResponseInit, _pushfleet_admin_v1_StartRebalanceResponse>
        StartRollingRestartRequest: MessageTypeDefinition<_pushfleet_admin_v1_StartRollingRestartRequestInit, _pushfleet_admin_v1_StartRollingRestartRequest>
        StartRollingRestartResponse: MessageTypeDefinition<_pushfleet_admin_v1_StartRollingRestartResponseInit, _pushfleet_admin_v1_StartRollingRestartResponse>
        UndrainNodeRequest: MessageTypeDefinition<_pushfleet_admin_v1_UndrainNodeRequestInit, _pushfleet_admin_v1_UndrainNodeRequest>
        UndrainNodeResponse: MessageTypeDefinition<_pushfleet_admin_v1_UndrainNodeResponseInit, _pushfleet_admin_v1_UndrainNodeResponse>
      }
    }
  }
}


import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AnyInit as _google_protobuf_AnyInit, Any as _google_protobuf_Any } from './google/protobuf/Any.ts';
import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { StatusInit as _google_rpc_StatusInit, Status as _google_rpc_Status } from './google/rpc/Status.ts';
import type { CancelCommandRequestInit as _pushfleet_admin_v1_CancelCommandRequestInit, CancelCommandRequest as _pushfleet_admin_v1_CancelCommandRequest } from './pushfleet/admin/v1/CancelCommandRequest.ts';
import type { CancelCommandResponseInit as _pushfleet_admin_v1_CancelCommandResponseInit, CancelCommandResponse as _pushfleet_admin_v1_CancelCommandResponse } from './pushfleet/admin/v1/CancelCommandResponse.ts';
import type { CancelGroupPushRequestInit as _pushfleet_admin_v1_CancelGroupPushRequestInit, CancelGroupPushRequest as _pushfleet_admin_v1_CancelGroupPushRequest } from './pushfleet/admin/v1/CancelGroupPushRequest.ts';
import type { CancelGroupPushResponseInit as _pushfleet_admin_v1_CancelGroupPushResponseInit, CancelGroupPushResponse as _pushfleet_admin_v1_CancelGroupPushResponse } from './pushfleet/admin/v1/CancelGroupPushResponse.ts';
import type { CommandRecordInit as _pushfleet_admin_v1_CommandRecordInit, CommandRecord as _pushfleet_admin_v1_CommandRecord } from './pushfleet/admin/v1/CommandRecord.ts';
import type { CommandServiceClient as _pushfleet_admin_v1_CommandServiceClient, CommandServiceDefinition as _pushfleet_admin_v1_CommandServiceDefinition } from './pushfleet/admin/v1/CommandService.ts';
import type { DeviceOutcomeInit as _pushfleet_admin_v1_DeviceOutcomeInit, DeviceOutcome as _pushfleet_admin_v1_DeviceOutcome } from './pushfleet/admin/v1/DeviceOutcome.ts';
import type { GetCommandRequestInit as _pushfleet_admin_v1_GetCommandRequestInit, GetCommandRequest as _pushfleet_admin_v1_GetCommandRequest } from './pushfleet/admin/v1/GetCommandRequest.ts';
import type { GetCommandResponseInit as _pushfleet_admin_v1_GetCommandResponseInit, GetCommandResponse as _pushfleet_admin_v1_GetCommandResponse } from './pushfleet/admin/v1/GetCommandResponse.ts';
import type { GetGroupPushRequestInit as _pushfleet_admin_v1_GetGroupPushRequestInit, GetGroupPushRequest as _pushfleet_admin_v1_GetGroupPushRequest } from './pushfleet/admin/v1/GetGroupPushRequest.ts';
import type { GetGroupPushResponseInit as _pushfleet_admin_v1_GetGroupPushResponseInit, GetGroupPushResponse as _pushfleet_admin_v1_GetGroupPushResponse } from './pushfleet/admin/v1/GetGroupPushResponse.ts';
import type { GroupPushInit as _pushfleet_admin_v1_GroupPushInit, GroupPush as _pushfleet_admin_v1_GroupPush } from './pushfleet/admin/v1/GroupPush.ts';
import type { GroupPushDeliveryInit as _pushfleet_admin_v1_GroupPushDeliveryInit, GroupPushDelivery as _pushfleet_admin_v1_GroupPushDelivery } from './pushfleet/admin/v1/GroupPushDelivery.ts';
import type { GroupPushPaceInit as _pushfleet_admin_v1_GroupPushPaceInit, GroupPushPace as _pushfleet_admin_v1_GroupPushPace } from './pushfleet/admin/v1/GroupPushPace.ts';
import type { ListCommandsRequestInit as _pushfleet_admin_v1_ListCommandsRequestInit, ListCommandsRequest as _pushfleet_admin_v1_ListCommandsRequest } from './pushfleet/admin/v1/ListCommandsRequest.ts';
import type { ListCommandsResponseInit as _pushfleet_admin_v1_ListCommandsResponseInit, ListCommandsResponse as _pushfleet_admin_v1_ListCommandsResponse } from './pushfleet/admin/v1/ListCommandsResponse.ts';
import type { ListGroupPushOutcomesRequestInit as _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, ListGroupPushOutcomesRequest as _pushfleet_admin_v1_ListGroupPushOutcomesRequest } from './pushfleet/admin/v1/ListGroupPushOutcomesRequest.ts';
import type { ListGroupPushOutcomesResponseInit as _pushfleet_admin_v1_ListGroupPushOutcomesResponseInit, ListGroupPushOutcomesResponse as _pushfleet_admin_v1_ListGroupPushOutcomesResponse } from './pushfleet/admin/v1/ListGroupPushOutcomesResponse.ts';
import type { ListGroupPushesRequestInit as _pushfleet_admin_v1_ListGroupPushesRequestInit, ListGroupPushesRequest as _pushfleet_admin_v1_ListGroupPushesRequest } from './pushfleet/admin/v1/ListGroupPushesRequest.ts';
import type { ListGroupPushesResponseInit as _pushfleet_admin_v1_ListGroupPushesResponseInit, ListGroupPushesResponse as _pushfleet_admin_v1_ListGroupPushesResponse } from './pushfleet/admin/v1/ListGroupPushesResponse.ts';
import type { OutcomeCountInit as _pushfleet_admin_v1_OutcomeCountInit, OutcomeCount as _pushfleet_admin_v1_OutcomeCount } from './pushfleet/admin/v1/OutcomeCount.ts';
import type { PauseGroupPushRequestInit as _pushfleet_admin_v1_PauseGroupPushRequestInit, PauseGroupPushRequest as _pushfleet_admin_v1_PauseGroupPushRequest } from './pushfleet/admin/v1/PauseGroupPushRequest.ts';
import type { PauseGroupPushResponseInit as _pushfleet_admin_v1_PauseGroupPushResponseInit, PauseGroupPushResponse as _pushfleet_admin_v1_PauseGroupPushResponse } from './pushfleet/admin/v1/PauseGroupPushResponse.ts';
import type { PushRequestInit as _pushfleet_admin_v1_PushRequestInit, PushRequest as _pushfleet_admin_v1_PushRequest } from './pushfleet/admin/v1/PushRequest.ts';
import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from './pushfleet/admin/v1/PushResponse.ts';
import type { PushStreamRequestInit as _pushfleet_admin_v1_PushStreamRequestInit, PushStreamRequest as _pushfleet_admin_v1_PushStreamRequest } from './pushfleet/admin/v1/PushStreamRequest.ts';
import type { PushStreamResponseInit as _pushfleet_admin_v1_PushStreamResponseInit, PushStreamResponse as _pushfleet_admin_v1_PushStreamResponse } from './pushfleet/admin/v1/PushStreamResponse.ts';
import type { PushToGroupRequestInit as _pushfleet_admin_v1_PushToGroupRequestInit, PushToGroupRequest as _pushfleet_admin_v1_PushToGroupRequest } from './pushfleet/admin/v1/PushToGroupRequest.ts';
import type { PushToGroupResponseInit as _pushfleet_admin_v1_PushToGroupResponseInit, PushToGroupResponse as _pushfleet_admin_v1_PushToGroupResponse } from './pushfleet/admin/v1/PushToGroupResponse.ts';
import type { ResumeGroupPushRequestInit as _pushfleet_admin_v1_ResumeGroupPushRequestInit, ResumeGroupPushRequest as _pushfleet_admin_v1_ResumeGroupPushRequest } from './pushfleet/admin/v1/ResumeGroupPushRequest.ts';
import type { ResumeGroupPushResponseInit as _pushfleet_admin_v1_ResumeGroupPushResponseInit, ResumeGroupPushResponse as _pushfleet_admin_v1_ResumeGroupPushResponse } from './pushfleet/admin/v1/ResumeGroupPushResponse.ts';
import type { StreamedAnswerInit as _pushfleet_admin_v1_StreamedAnswerInit, StreamedAnswer as _pushfleet_admin_v1_StreamedAnswer } from './pushfleet/admin/v1/StreamedAnswer.ts';
import type { StreamedPushInit as _pushfleet_admin_v1_StreamedPushInit, StreamedPush as _pushfleet_admin_v1_StreamedPush } from './pushfleet/admin/v1/StreamedPush.ts';
import type { WatchCommandRequestInit as _pushfleet_admin_v1_WatchCommandRequestInit, WatchCommandRequest as _pushfleet_admin_v1_WatchCommandRequest } from './pushfleet/admin/v1/WatchCommandRequest.ts';
import type { WatchCommandResponseInit as _pushfleet_admin_v1_WatchCommandResponseInit, WatchCommandResponse as _pushfleet_admin_v1_WatchCommandResponse } from './pushfleet/admin/v1/WatchCommandResponse.ts';
import type { WatchGroupPushRequestInit as _pushfleet_admin_v1_WatchGroupPushRequestInit, WatchGroupPushRequest as _pushfleet_admin_v1_WatchGroupPushRequest } from './pushfleet/admin/v1/WatchGroupPushRequest.ts';
import type { WatchGroupPushResponseInit as _pushfleet_admin_v1_WatchGroupPushResponseInit, WatchGroupPushResponse as _pushfleet_admin_v1_WatchGroupPushResponse } from './pushfleet/admin/v1/WatchGroupPushResponse.ts';
import type { CancelCommandRequestInit as _pushfleet_balancer_v1_CancelCommandRequestInit, CancelCommandRequest as _pushfleet_balancer_v1_CancelCommandRequest } from './pushfleet/balancer/v1/CancelCommandRequest.ts';
import type { CancelCommandResponseInit as _pushfleet_balancer_v1_CancelCommandResponseInit, CancelCommandResponse as _pushfleet_balancer_v1_CancelCommandResponse } from './pushfleet/balancer/v1/CancelCommandResponse.ts';
import type { GetCommandRequestInit as _pushfleet_balancer_v1_GetCommandRequestInit, GetCommandRequest as _pushfleet_balancer_v1_GetCommandRequest } from './pushfleet/balancer/v1/GetCommandRequest.ts';
import type { GetCommandResponseInit as _pushfleet_balancer_v1_GetCommandResponseInit, GetCommandResponse as _pushfleet_balancer_v1_GetCommandResponse } from './pushfleet/balancer/v1/GetCommandResponse.ts';
import type { GetStatusRequestInit as _pushfleet_balancer_v1_GetStatusRequestInit, GetStatusRequest as _pushfleet_balancer_v1_GetStatusRequest } from './pushfleet/balancer/v1/GetStatusRequest.ts';
import type { GetStatusResponseInit as _pushfleet_balancer_v1_GetStatusResponseInit, GetStatusResponse as _pushfleet_balancer_v1_GetStatusResponse } from './pushfleet/balancer/v1/GetStatusResponse.ts';
import type { PeerServiceClient as _pushfleet_balancer_v1_PeerServiceClient, PeerServiceDefinition as _pushfleet_balancer_v1_PeerServiceDefinition } from './pushfleet/balancer/v1/PeerService.ts';
import type { WatchCommandRequestInit as _pushfleet_balancer_v1_WatchCommandRequestInit, WatchCommandRequest as _pushfleet_balancer_v1_WatchCommandRequest } from './pushfleet/balancer/v1/WatchCommandRequest.ts';
import type { WatchCommandResponseInit as _pushfleet_balancer_v1_WatchCommandResponseInit, WatchCommandResponse as _pushfleet_balancer_v1_WatchCommandResponse } from './pushfleet/balancer/v1/WatchCommandResponse.ts';
import type { CommandStatusInit as _pushfleet_common_v1_CommandStatusInit, CommandStatus as _pushfleet_common_v1_CommandStatus } from './pushfleet/common/v1/CommandStatus.ts';
import type { CustomInit as _pushfleet_common_v1_CustomInit, Custom as _pushfleet_common_v1_Custom } from './pushfleet/common/v1/Custom.ts';
import type { ForceSyncInit as _pushfleet_common_v1_ForceSyncInit, ForceSync as _pushfleet_common_v1_ForceSync } from './pushfleet/common/v1/ForceSync.ts';
import type { GetStatisticsInit as _pushfleet_common_v1_GetStatisticsInit, GetStatistics as _pushfleet_common_v1_GetStatistics } from './pushfleet/common/v1/GetStatistics.ts';
import type { OpenTunnelInit as _pushfleet_common_v1_OpenTunnelInit, OpenTunnel as _pushfleet_common_v1_OpenTunnel } from './pushfleet/common/v1/OpenTunnel.ts';
import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from './pushfleet/common/v1/Operation.ts';
import type { ProgressInit as _pushfleet_common_v1_ProgressInit, Progress as _pushfleet_common_v1_Progress } from './pushfleet/common/v1/Progress.ts';
import type { RunTaskInit as _pushfleet_common_v1_RunTaskInit, RunTask as _pushfleet_common_v1_RunTask } from './pushfleet/common/v1/RunTask.ts';
import type { StatisticsInit as _pushfleet_common_v1_StatisticsInit, Statistics as _pushfleet_common_v1_Statistics } from './pushfleet/common/v1/Statistics.ts';
import type { StopTaskInit as _pushfleet_common_v1_StopTaskInit, StopTask as _pushfleet_common_v1_StopTask } from './pushfleet/common/v1/StopTask.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_AnyInit, _google_protobuf_Any>
      Duration: MessageTypeDefinition<_google_protobuf_DurationInit, _google_protobuf_Duration>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInit, _google_protobuf_Timestamp>
    }
    rpc: {
      Status: MessageTypeDefinition<_google_rpc_StatusInit, _google_rpc_Status>
    }
  }
  pushfleet: {
    admin: {
      v1: {
        CancelCommandRequest: MessageTypeDefinition<_pushfleet_admin_v1_CancelCommandRequestInit, _pushfleet_admin_v1_CancelCommandRequest>
        CancelCommandResponse: MessageTypeDefinition<_pushfleet_admin_v1_CancelCommandResponseInit, _pushfleet_admin_v1_CancelCommandResponse>
        CancelGroupPushRequest: MessageTypeDefinition<_pushfleet_admin_v1_CancelGroupPushRequestInit, _pushfleet_admin_v1_CancelGroupPushRequest>
        CancelGroupPushResponse: MessageTypeDefinition<_pushfleet_admin_v1_CancelGroupPushResponseInit, _pushfleet_admin_v1_CancelGroupPushResponse>
        CommandRecord: MessageTypeDefinition<_pushfleet_admin_v1_CommandRecordInit, _pushfleet_admin_v1_CommandRecord>
        /**
         * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
         * 
         * A command without `ttl` is direct: it goes to the device's live link now or not at all, and only the balancer that
         * took it keeps it; the others ask that one. One with `ttl` is durable: it is in the registry before it is accepted, waits for an absent
         * device, survives the death of any process, and every balancer knows it.
         */
        CommandService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_CommandServiceClient> & { service: _pushfleet_admin_v1_CommandServiceDefinition }
        DeviceOutcome: MessageTypeDefinition<_pushfleet_admin_v1_DeviceOutcomeInit, _pushfleet_admin_v1_DeviceOutcome>
        GetCommandRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetCommandRequestInit, _pushfleet_admin_v1_GetCommandRequest>
        GetCommandResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetCommandResponseInit, _pushfleet_admin_v1_GetCommandResponse>
        GetGroupPushRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetGroupPushRequestInit, _pushfleet_admin_v1_GetGroupPushRequest>
        GetGroupPushResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetGroupPushResponseInit, _pushfleet_admin_v1_GetGroupPushResponse>
        GroupPush: MessageTypeDefinition<_pushfleet_admin_v1_GroupPushInit, _pushfleet_admin_v1_GroupPush>
        GroupPushDelivery: MessageTypeDefinition<_pushfleet_admin_v1_GroupPushDeliveryInit, _pushfleet_admin_v1_GroupPushDelivery>
        GroupPushPace: MessageTypeDefinition<_pushfleet_admin_v1_GroupPushPaceInit, _pushfleet_admin_v1_GroupPushPace>
        GroupPushState: EnumTypeDefinition
        ListCommandsRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListCommandsRequestInit, _pushfleet_admin_v1_ListCommandsRequest>
        ListCommandsResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListCommandsResponseInit, _pushfleet_admin_v1_ListCommandsResponse>
        ListGroupPushOutcomesRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, _pushfleet_admin_v1_ListGroupPushOutcomesRequest>
        ListGroupPushOutcomesResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupPushOutcomesResponseInit, _pushfleet_admin_v1_ListGroupPushOutcomesResponse>
        ListGroupPushesRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupPushesRequestInit, _pushfleet_admin_v1_ListGroupPushesRequest>
        ListGroupPushesResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupPushesResponseInit, _pushfleet_admin_v1_ListGroupPushesResponse>
        OutcomeCount: MessageTypeDefinition<_pushfleet_admin_v1_OutcomeCountInit, _pushfleet_admin_v1_OutcomeCount>
        PauseGroupPushRequest: MessageTypeDefinition<_pushfleet_admin_v1_PauseGroupPushRequestInit, _pushfleet_admin_v1_PauseGroupPushRequest>
        PauseGroupPushResponse: MessageTypeDefinition<_pushfleet_admin_v1_PauseGroupPushResponseInit, _pushfleet_admin_v1_PauseGroupPushResponse>
        Priority: EnumTypeDefinition
        PushRequest: MessageTypeDefinition<_pushfleet_admin_v1_PushRequestInit, _pushfleet_admin_v1_PushRequest>
        PushResponse: MessageTypeDefinition<_pushfleet_admin_v1_PushResponseInit, _pushfleet_admin_v1_PushResponse>
        PushStreamRequest: MessageTypeDefinition<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamRequest>
        PushStreamResponse: MessageTypeDefinition<_pushfleet_admin_v1_PushStreamResponseInit, _pushfleet_admin_v1_PushStreamResponse>
        PushToGroupRequest: MessageTypeDefinition<_pushfleet_admin_v1_PushToGroupRequestInit, _pushfleet_admin_v1_PushToGroupRequest>
        PushToGroupResponse: MessageTypeDefinition<_pushfleet_admin_v1_PushToGroupResponseInit, _pushfleet_admin_v1_PushToGroupResponse>
        ResumeGroupPushRequest: MessageTypeDefinition<_pushfleet_admin_v1_ResumeGroupPushRequestInit, _pushfleet_admin_v1_ResumeGroupPushRequest>
        ResumeGroupPushResponse: MessageTypeDefinition<_pushfleet_admin_v1_ResumeGroupPushResponseInit, _pushfleet_admin_v1_ResumeGroupPushResponse>
        StreamedAnswer: MessageTypeDefinition<_pushfleet_admin_v1_StreamedAnswerInit, _pushfleet_admin_v1_StreamedAnswer>
        StreamedPush: MessageTypeDefinition<_pushfleet_admin_v1_StreamedPushInit, _pushfleet_admin_v1_StreamedPush>
        Wait: EnumTypeDefinition
        WatchCommandRequest: MessageTypeDefinition<_pushfleet_admin_v1_WatchCommandRequestInit, _pushfleet_admin_v1_WatchCommandRequest>
        WatchCommandResponse: MessageTypeDefinition<_pushfleet_admin_v1_WatchCommandResponseInit, _pushfleet_admin_v1_WatchCommandResponse>
        WatchGroupPushRequest: MessageTypeDefinition<_pushfleet_admin_v1_WatchGroupPushRequestInit, _pushfleet_admin_v1_WatchGroupPushRequest>
        WatchGroupPushResponse: MessageTypeDefinition<_pushfleet_admin_v1_WatchGroupPushResponseInit, _pushfleet_admin_v1_WatchGroupPushResponse>
      }
    }
    balancer: {
      v1: {
        CancelCommandRequest: MessageTypeDefinition<_pushfleet_balancer_v1_CancelCommandRequestInit, _pushfleet_balancer_v1_CancelCommandRequest>
        CancelCommandResponse: MessageTypeDefinition<_pushfleet_balancer_v1_CancelCommandResponseInit, _pushfleet_balancer_v1_CancelCommandResponse>
        GetCommandRequest: MessageTypeDefinition<_pushfleet_balancer_v1_GetCommandRequestInit, _pushfleet_balancer_v1_GetCommandRequest>
        GetCommandResponse: MessageTypeDefinition<_pushfleet_balancer_v1_GetCommandResponseInit, _pushfleet_balancer_v1_GetCommandResponse>
        GetStatusRequest: MessageTypeDefinition<_pushfleet_balancer_v1_GetStatusRequestInit, _pushfleet_balancer_v1_GetStatusRequest>
        GetStatusResponse: MessageTypeDefinition<_pushfleet_balancer_v1_GetStatusResponseInit, _pushfleet_balancer_v1_GetStatusResponse>
        /**
         * Served by each balancer to the others, over mutual TLS. Speaks of this balancer and of the direct commands that it took, and
         * asks nobody else, so that no question goes in circles. Answers without `command`: it does not have the command, or no
         * longer, or it is of another device.
         */
        PeerService: SubtypeConstructor<typeof grpc.Client, _pushfleet_balancer_v1_PeerServiceClient> & { service: _pushfleet_balancer_v1_PeerServiceDefinition }
        WatchCommandRequest: MessageTypeDefinition<_pushfleet_balancer_v1_WatchCommandRequestInit, _pushfleet_balancer_v1_WatchCommandRequest>
        WatchCommandResponse: MessageTypeDefinition<_pushfleet_balancer_v1_WatchCommandResponseInit, _pushfleet_balancer_v1_WatchCommandResponse>
      }
    }
    common: {
      v1: {
        CommandStatus: MessageTypeDefinition<_pushfleet_common_v1_CommandStatusInit, _pushfleet_common_v1_CommandStatus>
        Custom: MessageTypeDefinition<_pushfleet_common_v1_CustomInit, _pushfleet_common_v1_Custom>
        ForceSync: MessageTypeDefinition<_pushfleet_common_v1_ForceSyncInit, _pushfleet_common_v1_ForceSync>
        GetStatistics: MessageTypeDefinition<_pushfleet_common_v1_GetStatisticsInit, _pushfleet_common_v1_GetStatistics>
        OpenTunnel: MessageTypeDefinition<_pushfleet_common_v1_OpenTunnelInit, _pushfleet_common_v1_OpenTunnel>
        Operation: MessageTypeDefinition<_pushfleet_common_v1_OperationInit, _pushfleet_common_v1_Operation>
        Outcome: EnumTypeDefinition
        Progress: MessageTypeDefinition<_pushfleet_common_v1_ProgressInit, _pushfleet_common_v1_Progress>
        RunTask: MessageTypeDefinition<_pushfleet_common_v1_RunTaskInit, _pushfleet_common_v1_RunTask>
        Statistics: MessageTypeDefinition<_pushfleet_common_v1_StatisticsInit, _pushfleet_common_v1_Statistics>
        StopTask: MessageTypeDefinition<_pushfleet_common_v1_StopTaskInit, _pushfleet_common_v1_StopTask>
      }
    }
  }
}


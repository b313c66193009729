import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
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
import type { TunnelCloseInit as _pushfleet_common_v1_TunnelCloseInit, TunnelClose as _pushfleet_common_v1_TunnelClose } from './pushfleet/common/v1/TunnelClose.ts';
import type { TunnelEndInit as _pushfleet_common_v1_TunnelEndInit, TunnelEnd as _pushfleet_common_v1_TunnelEnd } from './pushfleet/common/v1/TunnelEnd.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from './pushfleet/common/v1/TunnelFrame.ts';
import type { AssignRequestInit as _pushfleet_device_v1_AssignRequestInit, AssignRequest as _pushfleet_device_v1_AssignRequest } from './pushfleet/device/v1/AssignRequest.ts';
import type { AssignResponseInit as _pushfleet_device_v1_AssignResponseInit, AssignResponse as _pushfleet_device_v1_AssignResponse } from './pushfleet/device/v1/AssignResponse.ts';
import type { AssignmentServiceClient as _pushfleet_device_v1_AssignmentServiceClient, AssignmentServiceDefinition as _pushfleet_device_v1_AssignmentServiceDefinition } from './pushfleet/device/v1/AssignmentService.ts';
import type { CancelInit as _pushfleet_device_v1_CancelInit, Cancel as _pushfleet_device_v1_Cancel } from './pushfleet/device/v1/Cancel.ts';
import type { CancelledInit as _pushfleet_device_v1_CancelledInit, Cancelled as _pushfleet_device_v1_Cancelled } from './pushfleet/device/v1/Cancelled.ts';
import type { CommandInit as _pushfleet_device_v1_CommandInit, Command as _pushfleet_device_v1_Command } from './pushfleet/device/v1/Command.ts';
import type { CommandResultInit as _pushfleet_device_v1_CommandResultInit, CommandResult as _pushfleet_device_v1_CommandResult } from './pushfleet/device/v1/CommandResult.ts';
import type { ConnectRequestInit as _pushfleet_device_v1_ConnectRequestInit, ConnectRequest as _pushfleet_device_v1_ConnectRequest } from './pushfleet/device/v1/ConnectRequest.ts';
import type { ConnectResponseInit as _pushfleet_device_v1_ConnectResponseInit, ConnectResponse as _pushfleet_device_v1_ConnectResponse } from './pushfleet/device/v1/ConnectResponse.ts';
import type { DeliveredInit as _pushfleet_device_v1_DeliveredInit, Delivered as _pushfleet_device_v1_Delivered } from './pushfleet/device/v1/Delivered.ts';
import type { DeviceLinkServiceClient as _pushfleet_device_v1_DeviceLinkServiceClient, DeviceLinkServiceDefinition as _pushfleet_device_v1_DeviceLinkServiceDefinition } from './pushfleet/device/v1/DeviceLinkService.ts';
import type { EnrollRequestInit as _pushfleet_device_v1_EnrollRequestInit, EnrollRequest as _pushfleet_device_v1_EnrollRequest } from './pushfleet/device/v1/EnrollRequest.ts';
import type { EnrollResponseInit as _pushfleet_device_v1_EnrollResponseInit, EnrollResponse as _pushfleet_device_v1_EnrollResponse } from './pushfleet/device/v1/EnrollResponse.ts';
import type { FailedInit as _pushfleet_device_v1_FailedInit, Failed as _pushfleet_device_v1_Failed } from './pushfleet/device/v1/Failed.ts';
import type { GoodbyeInit as _pushfleet_device_v1_GoodbyeInit, Goodbye as _pushfleet_device_v1_Goodbye } from './pushfleet/device/v1/Goodbye.ts';
import type { HelloInit as _pushfleet_device_v1_HelloInit, Hello as _pushfleet_device_v1_Hello } from './pushfleet/device/v1/Hello.ts';
import type { IdentifyRequestInit as _pushfleet_device_v1_IdentifyRequestInit, IdentifyRequest as _pushfleet_device_v1_IdentifyRequest } from './pushfleet/device/v1/IdentifyRequest.ts';
import type { IdentifyResponseInit as _pushfleet_device_v1_IdentifyResponseInit, IdentifyResponse as _pushfleet_device_v1_IdentifyResponse } from './pushfleet/device/v1/IdentifyResponse.ts';
import type { PingInit as _pushfleet_device_v1_PingInit, Ping as _pushfleet_device_v1_Ping } from './pushfleet/device/v1/Ping.ts';
import type { PongInit as _pushfleet_device_v1_PongInit, Pong as _pushfleet_device_v1_Pong } from './pushfleet/device/v1/Pong.ts';
import type { RedirectInit as _pushfleet_device_v1_RedirectInit, Redirect as _pushfleet_device_v1_Redirect } from './pushfleet/device/v1/Redirect.ts';
import type { RejectedInit as _pushfleet_device_v1_RejectedInit, Rejected as _pushfleet_device_v1_Rejected } from './pushfleet/device/v1/Rejected.ts';
import type { ResultReceivedInit as _pushfleet_device_v1_ResultReceivedInit, ResultReceived as _pushfleet_device_v1_ResultReceived } from './pushfleet/device/v1/ResultReceived.ts';
import type { RunningInit as _pushfleet_device_v1_RunningInit, Running as _pushfleet_device_v1_Running } from './pushfleet/device/v1/Running.ts';
import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from './pushfleet/device/v1/Server.ts';
import type { SucceededInit as _pushfleet_device_v1_SucceededInit, Succeeded as _pushfleet_device_v1_Succeeded } from './pushfleet/device/v1/Succeeded.ts';
import type { TunnelHelloInit as _pushfleet_device_v1_TunnelHelloInit, TunnelHello as _pushfleet_device_v1_TunnelHello } from './pushfleet/device/v1/TunnelHello.ts';
import type { TunnelRequestInit as _pushfleet_device_v1_TunnelRequestInit, TunnelRequest as _pushfleet_device_v1_TunnelRequest } from './pushfleet/device/v1/TunnelRequest.ts';
import type { TunnelResponseInit as _pushfleet_device_v1_TunnelResponseInit, TunnelResponse as _pushfleet_device_v1_TunnelResponse } from './pushfleet/device/v1/TunnelResponse.ts';
import type { WelcomeInit as _pushfleet_device_v1_WelcomeInit, Welcome as _pushfleet_device_v1_Welcome } from './pushfleet/device/v1/Welcome.ts';
import type { CancelCommandInit as _pushfleet_node_v1_CancelCommandInit, CancelCommand as _pushfleet_node_v1_CancelCommand } from './pushfleet/node/v1/CancelCommand.ts';
import type { ChannelRequestInit as _pushfleet_node_v1_ChannelRequestInit, ChannelRequest as _pushfleet_node_v1_ChannelRequest } from './pushfleet/node/v1/ChannelRequest.ts';
import type { ChannelResponseInit as _pushfleet_node_v1_ChannelResponseInit, ChannelResponse as _pushfleet_node_v1_ChannelResponse } from './pushfleet/node/v1/ChannelResponse.ts';
import type { CommandReportInit as _pushfleet_node_v1_CommandReportInit, CommandReport as _pushfleet_node_v1_CommandReport } from './pushfleet/node/v1/CommandReport.ts';
import type { DeliveredInit as _pushfleet_node_v1_DeliveredInit, Delivered as _pushfleet_node_v1_Delivered } from './pushfleet/node/v1/Delivered.ts';
import type { DiscardUnsentInit as _pushfleet_node_v1_DiscardUnsentInit, DiscardUnsent as _pushfleet_node_v1_DiscardUnsent } from './pushfleet/node/v1/DiscardUnsent.ts';
import type { EvictRequestInit as _pushfleet_node_v1_EvictRequestInit, EvictRequest as _pushfleet_node_v1_EvictRequest } from './pushfleet/node/v1/EvictRequest.ts';
import type { EvictResponseInit as _pushfleet_node_v1_EvictResponseInit, EvictResponse as _pushfleet_node_v1_EvictResponse } from './pushfleet/node/v1/EvictResponse.ts';
import type { EvictionInit as _pushfleet_node_v1_EvictionInit, Eviction as _pushfleet_node_v1_Eviction } from './pushfleet/node/v1/Eviction.ts';
import type { LinkLostInit as _pushfleet_node_v1_LinkLostInit, LinkLost as _pushfleet_node_v1_LinkLost } from './pushfleet/node/v1/LinkLost.ts';
import type { MemberRefusalInit as _pushfleet_node_v1_MemberRefusalInit, MemberRefusal as _pushfleet_node_v1_MemberRefusal } from './pushfleet/node/v1/MemberRefusal.ts';
import type { NodeControlServiceClient as _pushfleet_node_v1_NodeControlServiceClient, NodeControlServiceDefinition as _pushfleet_node_v1_NodeControlServiceDefinition } from './pushfleet/node/v1/NodeControlService.ts';
import type { NotHereInit as _pushfleet_node_v1_NotHereInit, NotHere as _pushfleet_node_v1_NotHere } from './pushfleet/node/v1/NotHere.ts';
import type { PushChunkInit as _pushfleet_node_v1_PushChunkInit, PushChunk as _pushfleet_node_v1_PushChunk } from './pushfleet/node/v1/PushChunk.ts';
import type { PushCommandInit as _pushfleet_node_v1_PushCommandInit, PushCommand as _pushfleet_node_v1_PushCommand } from './pushfleet/node/v1/PushCommand.ts';
import type { PushTargetInit as _pushfleet_node_v1_PushTargetInit, PushTarget as _pushfleet_node_v1_PushTarget } from './pushfleet/node/v1/PushTarget.ts';
import type { RedirectProgressInit as _pushfleet_node_v1_RedirectProgressInit, RedirectProgress as _pushfleet_node_v1_RedirectProgress } from './pushfleet/node/v1/RedirectProgress.ts';
import type { RedirectRequestInit as _pushfleet_node_v1_RedirectRequestInit, RedirectRequest as _pushfleet_node_v1_RedirectRequest } from './pushfleet/node/v1/RedirectRequest.ts';
import type { SessionCheckInit as _pushfleet_node_v1_SessionCheckInit, SessionCheck as _pushfleet_node_v1_SessionCheck } from './pushfleet/node/v1/SessionCheck.ts';
import type { TraceContextInit as _pushfleet_node_v1_TraceContextInit, TraceContext as _pushfleet_node_v1_TraceContext } from './pushfleet/node/v1/TraceContext.ts';
import type { TunnelArrivalInit as _pushfleet_node_v1_TunnelArrivalInit, TunnelArrival as _pushfleet_node_v1_TunnelArrival } from './pushfleet/node/v1/TunnelArrival.ts';
import type { TunnelAttachInit as _pushfleet_node_v1_TunnelAttachInit, TunnelAttach as _pushfleet_node_v1_TunnelAttach } from './pushfleet/node/v1/TunnelAttach.ts';
import type { TunnelRequestInit as _pushfleet_node_v1_TunnelRequestInit, TunnelRequest as _pushfleet_node_v1_TunnelRequest } from './pushfleet/node/v1/TunnelRequest.ts';
import type { TunnelResponseInit as _pushfleet_node_v1_TunnelResponseInit, TunnelResponse as _pushfleet_node_v1_TunnelResponse } from './pushfleet/node/v1/TunnelResponse.ts';
import type { UnsentInit as _pushfleet_node_v1_UnsentInit, Unsent as _pushfleet_node_v1_Unsent } from './pushfleet/node/v1/Unsent.ts';
import type { VoidTicketsInit as _pushfleet_node_v1_VoidTicketsInit, VoidTickets as _pushfleet_node_v1_VoidTickets } from './pushfleet/node/v1/VoidTickets.ts';
import type { WakeupInit as _pushfleet_node_v1_WakeupInit, Wakeup as _pushfleet_node_v1_Wakeup } from './pushfleet/node/v1/Wakeup.ts';
import type { WorkerHelloInit as _pushfleet_node_v1_WorkerHelloInit, WorkerHello as _pushfleet_node_v1_WorkerHello } from './pushfleet/node/v1/WorkerHello.ts';

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
        TunnelClose: MessageTypeDefinition<_pushfleet_common_v1_TunnelCloseInit, _pushfleet_common_v1_TunnelClose>
        TunnelEnd: MessageTypeDefinition<_pushfleet_common_v1_TunnelEndInit, _pushfleet_common_v1_TunnelEnd>
        TunnelFrame: MessageTypeDefinition<_pushfleet_common_v1_TunnelFrameInit, _pushfleet_common_v1_TunnelFrame>
      }
    }
    device: {
      v1: {
        AssignRequest: MessageTypeDefinition<_pushfleet_device_v1_AssignRequestInit, _pushfleet_device_v1_AssignRequest>
        AssignResponse: MessageTypeDefinition<_pushfleet_device_v1_AssignResponseInit, _pushfleet_device_v1_AssignResponse>
        /**
         * Served by balancers, over TLS (port 13000). The same question can be asked as
         * `POST /v1/assignment` with the JSON form of AssignRequest.
         */
        AssignmentService: SubtypeConstructor<typeof grpc.Client, _pushfleet_device_v1_AssignmentServiceClient> & { service: _pushfleet_device_v1_AssignmentServiceDefinition }
        Cancel: MessageTypeDefinition<_pushfleet_device_v1_CancelInit, _pushfleet_device_v1_Cancel>
        Cancelled: MessageTypeDefinition<_pushfleet_device_v1_CancelledInit, _pushfleet_device_v1_Cancelled>
        Command: MessageTypeDefinition<_pushfleet_device_v1_CommandInit, _pushfleet_device_v1_Command>
        CommandResult: MessageTypeDefinition<_pushfleet_device_v1_CommandResultInit, _pushfleet_device_v1_CommandResult>
        ConnectRequest: MessageTypeDefinition<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectRequest>
        ConnectResponse: MessageTypeDefinition<_pushfleet_device_v1_ConnectResponseInit, _pushfleet_device_v1_ConnectResponse>
        Delivered: MessageTypeDefinition<_pushfleet_device_v1_DeliveredInit, _pushfleet_device_v1_Delivered>
        /**
         * The Network Agent link: served by push servers on their one TLS port (default 13295, ALPN h2).
         */
        DeviceLinkService: SubtypeConstructor<typeof grpc.Client, _pushfleet_device_v1_DeviceLinkServiceClient> & { service: _pushfleet_device_v1_DeviceLinkServiceDefinition }
        EnrollRequest: MessageTypeDefinition<_pushfleet_device_v1_EnrollRequestInit, _pushfleet_device_v1_EnrollRequest>
        EnrollResponse: MessageTypeDefinition<_pushfleet_device_v1_EnrollResponseInit, _pushfleet_device_v1_EnrollResponse>
        Failed: MessageTypeDefinition<_pushfleet_device_v1_FailedInit, _pushfleet_device_v1_Failed>
        Goodbye: MessageTypeDefinition<_pushfleet_device_v1_GoodbyeInit, _pushfleet_device_v1_Goodbye>
        Hello: MessageTypeDefinition<_pushfleet_device_v1_HelloInit, _pushfleet_device_v1_Hello>
        IdentifyRequest: MessageTypeDefinition<_pushfleet_device_v1_IdentifyRequestInit, _pushfleet_device_v1_IdentifyRequest>
        IdentifyResponse: MessageTypeDefinition<_pushfleet_device_v1_IdentifyResponseInit, _pushfleet_device_v1_IdentifyResponse>
        Ping: MessageTypeDefinition<_pushfleet_device_v1_PingInit, _pushfleet_device_v1_Ping>
        Pong: MessageTypeDefinition<_pushfleet_device_v1_PongInit, _pushfleet_device_v1_Pong>
        Redirect: MessageTypeDefinition<_pushfleet_device_v1_RedirectInit, _pushfleet_device_v1_Redirect>
        Rejected: MessageTypeDefinition<_pushfleet_device_v1_RejectedInit, _pushfleet_device_v1_Rejected>
        ResultReceived: MessageTypeDefinition<_pushfleet_device_v1_ResultReceivedInit, _pushfleet_device_v1_ResultReceived>
        Running: MessageTypeDefinition<_pushfleet_device_v1_RunningInit, _pushfleet_device_v1_Running>
        Server: MessageTypeDefinition<_pushfleet_device_v1_ServerInit, _pushfleet_device_v1_Server>
        Succeeded: MessageTypeDefinition<_pushfleet_device_v1_SucceededInit, _pushfleet_device_v1_Succeeded>
        TunnelHello: MessageTypeDefinition<_pushfleet_device_v1_TunnelHelloInit, _pushfleet_device_v1_TunnelHello>
        TunnelRequest: MessageTypeDefinition<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelRequest>
        TunnelResponse: MessageTypeDefinition<_pushfleet_device_v1_TunnelResponseInit, _pushfleet_device_v1_TunnelResponse>
        Welcome: MessageTypeDefinition<_pushfleet_device_v1_WelcomeInit, _pushfleet_device_v1_Welcome>
      }
    }
    node: {
      v1: {
        CancelCommand: MessageTypeDefinition<_pushfleet_node_v1_CancelCommandInit, _pushfleet_node_v1_CancelCommand>
        ChannelRequest: MessageTypeDefinition<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelRequest>
        ChannelResponse: MessageTypeDefinition<_pushfleet_node_v1_ChannelResponseInit, _pushfleet_node_v1_ChannelResponse>
        CommandReport: MessageTypeDefinition<_pushfleet_node_v1_CommandReportInit, _pushfleet_node_v1_CommandReport>
        Delivered: MessageTypeDefinition<_pushfleet_node_v1_DeliveredInit, _pushfleet_node_v1_Delivered>
        DiscardUnsent: MessageTypeDefinition<_pushfleet_node_v1_DiscardUnsentInit, _pushfleet_node_v1_DiscardUnsent>
        EvictRequest: MessageTypeDefinition<_pushfleet_node_v1_EvictRequestInit, _pushfleet_node_v1_EvictRequest>
        EvictResponse: MessageTypeDefinition<_pushfleet_node_v1_EvictResponseInit, _pushfleet_node_v1_EvictResponse>
        Eviction: MessageTypeDefinition<_pushfleet_node_v1_EvictionInit, _pushfleet_node_v1_Eviction>
        LinkLost: MessageTypeDefinition<_pushfleet_node_v1_LinkLostInit, _pushfleet_node_v1_LinkLost>
        MemberRefusal: MessageTypeDefinition<_pushfleet_node_v1_MemberRefusalInit, _pushfleet_node_v1_MemberRefusal>
        /**
         * Served by each worker of a push server, to balancers and to other workers, over mutual TLS.
         */
        NodeControlService: SubtypeConstructor<typeof grpc.Client, _pushfleet_node_v1_NodeControlServiceClient> & { service: _pushfleet_node_v1_NodeControlServiceDefinition }
        NotHere: MessageTypeDefinition<_pushfleet_node_v1_NotHereInit, _pushfleet_node_v1_NotHere>
        PushChunk: MessageTypeDefinition<_pushfleet_node_v1_PushChunkInit, _pushfleet_node_v1_PushChunk>
        PushCommand: MessageTypeDefinition<_pushfleet_node_v1_PushCommandInit, _pushfleet_node_v1_PushCommand>
        PushTarget: MessageTypeDefinition<_pushfleet_node_v1_PushTargetInit, _pushfleet_node_v1_PushTarget>
        RedirectProgress: MessageTypeDefinition<_pushfleet_node_v1_RedirectProgressInit, _pushfleet_node_v1_RedirectProgress>
        RedirectRequest: MessageTypeDefinition<_pushfleet_node_v1_RedirectRequestInit, _pushfleet_node_v1_RedirectRequest>
        SessionCheck: MessageTypeDefinition<_pushfleet_node_v1_SessionCheckInit, _pushfleet_node_v1_SessionCheck>
        TraceContext: MessageTypeDefinition<_pushfleet_node_v1_TraceContextInit, _pushfleet_node_v1_TraceContext>
        TunnelArrival: MessageTypeDefinition<_pushfleet_node_v1_TunnelArrivalInit, _pushfleet_node_v1_TunnelArrival>
        TunnelAttach: MessageTypeDefinition<_pushfleet_node_v1_TunnelAttachInit, _pushfleet_node_v1_TunnelAttach>
        TunnelRequest: MessageTypeDefinition<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelRequest>
        TunnelResponse: MessageTypeDefinition<_pushfleet_node_v1_TunnelResponseInit, _pushfleet_node_v1_TunnelResponse>
        Unsent: MessageTypeDefinition<_pushfleet_node_v1_UnsentInit, _pushfleet_node_v1_Unsent>
        UnsentCause: EnumTypeDefinition
        VoidTickets: MessageTypeDefinition<_pushfleet_node_v1_VoidTicketsInit, _pushfleet_node_v1_VoidTickets>
        Wakeup: MessageTypeDefinition<_pushfleet_node_v1_WakeupInit, _pushfleet_node_v1_Wakeup>
        WorkerHello: MessageTypeDefinition<_pushfleet_node_v1_WorkerHelloInit, _pushfleet_node_v1_WorkerHello>
      }
    }
  }
}


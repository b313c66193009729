import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { FieldMaskInit as _google_protobuf_FieldMaskInit, FieldMask as _google_protobuf_FieldMask } from './google/protobuf/FieldMask.ts';
import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { CreateEnrollmentTokenRequestInit as _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, CreateEnrollmentTokenRequest as _pushfleet_admin_v1_CreateEnrollmentTokenRequest } from './pushfleet/admin/v1/CreateEnrollmentTokenRequest.ts';
import type { CreateEnrollmentTokenResponseInit as _pushfleet_admin_v1_CreateEnrollmentTokenResponseInit, CreateEnrollmentTokenResponse as _pushfleet_admin_v1_CreateEnrollmentTokenResponse } from './pushfleet/admin/v1/CreateEnrollmentTokenResponse.ts';
import type { DeleteDeviceRequestInit as _pushfleet_admin_v1_DeleteDeviceRequestInit, DeleteDeviceRequest as _pushfleet_admin_v1_DeleteDeviceRequest } from './pushfleet/admin/v1/DeleteDeviceRequest.ts';
import type { DeleteDeviceResponseInit as _pushfleet_admin_v1_DeleteDeviceResponseInit, DeleteDeviceResponse as _pushfleet_admin_v1_DeleteDeviceResponse } from './pushfleet/admin/v1/DeleteDeviceResponse.ts';
import type { DeleteDistributionPointRequestInit as _pushfleet_admin_v1_DeleteDistributionPointRequestInit, DeleteDistributionPointRequest as _pushfleet_admin_v1_DeleteDistributionPointRequest } from './pushfleet/admin/v1/DeleteDistributionPointRequest.ts';
import type { DeleteDistributionPointResponseInit as _pushfleet_admin_v1_DeleteDistributionPointResponseInit, DeleteDistributionPointResponse as _pushfleet_admin_v1_DeleteDistributionPointResponse } from './pushfleet/admin/v1/DeleteDistributionPointResponse.ts';
import type { DeleteGroupRequestInit as _pushfleet_admin_v1_DeleteGroupRequestInit, DeleteGroupRequest as _pushfleet_admin_v1_DeleteGroupRequest } from './pushfleet/admin/v1/DeleteGroupRequest.ts';
import type { DeleteGroupResponseInit as _pushfleet_admin_v1_DeleteGroupResponseInit, DeleteGroupResponse as _pushfleet_admin_v1_DeleteGroupResponse } from './pushfleet/admin/v1/DeleteGroupResponse.ts';
import type { DeviceInit as _pushfleet_admin_v1_DeviceInit, Device as _pushfleet_admin_v1_Device } from './pushfleet/admin/v1/Device.ts';
import type { DeviceMoveInit as _pushfleet_admin_v1_DeviceMoveInit, DeviceMove as _pushfleet_admin_v1_DeviceMove } from './pushfleet/admin/v1/DeviceMove.ts';
import type { DisconnectDeviceRequestInit as _pushfleet_admin_v1_DisconnectDeviceRequestInit, DisconnectDeviceRequest as _pushfleet_admin_v1_DisconnectDeviceRequest } from './pushfleet/admin/v1/DisconnectDeviceRequest.ts';
import type { DisconnectDeviceResponseInit as _pushfleet_admin_v1_DisconnectDeviceResponseInit, DisconnectDeviceResponse as _pushfleet_admin_v1_DisconnectDeviceResponse } from './pushfleet/admin/v1/DisconnectDeviceResponse.ts';
import type { DistributionPointInit as _pushfleet_admin_v1_DistributionPointInit, DistributionPoint as _pushfleet_admin_v1_DistributionPoint } from './pushfleet/admin/v1/DistributionPoint.ts';
import type { EnrollmentTokenInit as _pushfleet_admin_v1_EnrollmentTokenInit, EnrollmentToken as _pushfleet_admin_v1_EnrollmentToken } from './pushfleet/admin/v1/EnrollmentToken.ts';
import type { FleetServiceClient as _pushfleet_admin_v1_FleetServiceClient, FleetServiceDefinition as _pushfleet_admin_v1_FleetServiceDefinition } from './pushfleet/admin/v1/FleetService.ts';
import type { GetDeviceHistoryRequestInit as _pushfleet_admin_v1_GetDeviceHistoryRequestInit, GetDeviceHistoryRequest as _pushfleet_admin_v1_GetDeviceHistoryRequest } from './pushfleet/admin/v1/GetDeviceHistoryRequest.ts';
import type { GetDeviceHistoryResponseInit as _pushfleet_admin_v1_GetDeviceHistoryResponseInit, GetDeviceHistoryResponse as _pushfleet_admin_v1_GetDeviceHistoryResponse } from './pushfleet/admin/v1/GetDeviceHistoryResponse.ts';
import type { GetDeviceRequestInit as _pushfleet_admin_v1_GetDeviceRequestInit, GetDeviceRequest as _pushfleet_admin_v1_GetDeviceRequest } from './pushfleet/admin/v1/GetDeviceRequest.ts';
import type { GetDeviceResponseInit as _pushfleet_admin_v1_GetDeviceResponseInit, GetDeviceResponse as _pushfleet_admin_v1_GetDeviceResponse } from './pushfleet/admin/v1/GetDeviceResponse.ts';
import type { GetDistributionPointRequestInit as _pushfleet_admin_v1_GetDistributionPointRequestInit, GetDistributionPointRequest as _pushfleet_admin_v1_GetDistributionPointRequest } from './pushfleet/admin/v1/GetDistributionPointRequest.ts';
import type { GetDistributionPointResponseInit as _pushfleet_admin_v1_GetDistributionPointResponseInit, GetDistributionPointResponse as _pushfleet_admin_v1_GetDistributionPointResponse } from './pushfleet/admin/v1/GetDistributionPointResponse.ts';
import type { GroupInit as _pushfleet_admin_v1_GroupInit, Group as _pushfleet_admin_v1_Group } from './pushfleet/admin/v1/Group.ts';
import type { ImportDevicesRequestInit as _pushfleet_admin_v1_ImportDevicesRequestInit, ImportDevicesRequest as _pushfleet_admin_v1_ImportDevicesRequest } from './pushfleet/admin/v1/ImportDevicesRequest.ts';
import type { ImportDevicesResponseInit as _pushfleet_admin_v1_ImportDevicesResponseInit, ImportDevicesResponse as _pushfleet_admin_v1_ImportDevicesResponse } from './pushfleet/admin/v1/ImportDevicesResponse.ts';
import type { ListDevicesRequestInit as _pushfleet_admin_v1_ListDevicesRequestInit, ListDevicesRequest as _pushfleet_admin_v1_ListDevicesRequest } from './pushfleet/admin/v1/ListDevicesRequest.ts';
import type { ListDevicesResponseInit as _pushfleet_admin_v1_ListDevicesResponseInit, ListDevicesResponse as _pushfleet_admin_v1_ListDevicesResponse } from './pushfleet/admin/v1/ListDevicesResponse.ts';
import type { ListDistributionPointsRequestInit as _pushfleet_admin_v1_ListDistributionPointsRequestInit, ListDistributionPointsRequest as _pushfleet_admin_v1_ListDistributionPointsRequest } from './pushfleet/admin/v1/ListDistributionPointsRequest.ts';
import type { ListDistributionPointsResponseInit as _pushfleet_admin_v1_ListDistributionPointsResponseInit, ListDistributionPointsResponse as _pushfleet_admin_v1_ListDistributionPointsResponse } from './pushfleet/admin/v1/ListDistributionPointsResponse.ts';
import type { ListEnrollmentTokensRequestInit as _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, ListEnrollmentTokensRequest as _pushfleet_admin_v1_ListEnrollmentTokensRequest } from './pushfleet/admin/v1/ListEnrollmentTokensRequest.ts';
import type { ListEnrollmentTokensResponseInit as _pushfleet_admin_v1_ListEnrollmentTokensResponseInit, ListEnrollmentTokensResponse as _pushfleet_admin_v1_ListEnrollmentTokensResponse } from './pushfleet/admin/v1/ListEnrollmentTokensResponse.ts';
import type { ListGroupsRequestInit as _pushfleet_admin_v1_ListGroupsRequestInit, ListGroupsRequest as _pushfleet_admin_v1_ListGroupsRequest } from './pushfleet/admin/v1/ListGroupsRequest.ts';
import type { ListGroupsResponseInit as _pushfleet_admin_v1_ListGroupsResponseInit, ListGroupsResponse as _pushfleet_admin_v1_ListGroupsResponse } from './pushfleet/admin/v1/ListGroupsResponse.ts';
import type { ListNodesRequestInit as _pushfleet_admin_v1_ListNodesRequestInit, ListNodesRequest as _pushfleet_admin_v1_ListNodesRequest } from './pushfleet/admin/v1/ListNodesRequest.ts';
import type { ListNodesResponseInit as _pushfleet_admin_v1_ListNodesResponseInit, ListNodesResponse as _pushfleet_admin_v1_ListNodesResponse } from './pushfleet/admin/v1/ListNodesResponse.ts';
import type { MoveDevicesRequestInit as _pushfleet_admin_v1_MoveDevicesRequestInit, MoveDevicesRequest as _pushfleet_admin_v1_MoveDevicesRequest } from './pushfleet/admin/v1/MoveDevicesRequest.ts';
import type { MoveDevicesResponseInit as _pushfleet_admin_v1_MoveDevicesResponseInit, MoveDevicesResponse as _pushfleet_admin_v1_MoveDevicesResponse } from './pushfleet/admin/v1/MoveDevicesResponse.ts';
import type { MoveGroupRequestInit as _pushfleet_admin_v1_MoveGroupRequestInit, MoveGroupRequest as _pushfleet_admin_v1_MoveGroupRequest } from './pushfleet/admin/v1/MoveGroupRequest.ts';
import type { MoveGroupResponseInit as _pushfleet_admin_v1_MoveGroupResponseInit, MoveGroupResponse as _pushfleet_admin_v1_MoveGroupResponse } from './pushfleet/admin/v1/MoveGroupResponse.ts';
import type { NodeInit as _pushfleet_admin_v1_NodeInit, Node as _pushfleet_admin_v1_Node } from './pushfleet/admin/v1/Node.ts';
import type { PushServerSettingsInit as _pushfleet_admin_v1_PushServerSettingsInit, PushServerSettings as _pushfleet_admin_v1_PushServerSettings } from './pushfleet/admin/v1/PushServerSettings.ts';
import type { PutDeviceRequestInit as _pushfleet_admin_v1_PutDeviceRequestInit, PutDeviceRequest as _pushfleet_admin_v1_PutDeviceRequest } from './pushfleet/admin/v1/PutDeviceRequest.ts';
import type { PutDeviceResponseInit as _pushfleet_admin_v1_PutDeviceResponseInit, PutDeviceResponse as _pushfleet_admin_v1_PutDeviceResponse } from './pushfleet/admin/v1/PutDeviceResponse.ts';
import type { PutDistributionPointRequestInit as _pushfleet_admin_v1_PutDistributionPointRequestInit, PutDistributionPointRequest as _pushfleet_admin_v1_PutDistributionPointRequest } from './pushfleet/admin/v1/PutDistributionPointRequest.ts';
import type { PutDistributionPointResponseInit as _pushfleet_admin_v1_PutDistributionPointResponseInit, PutDistributionPointResponse as _pushfleet_admin_v1_PutDistributionPointResponse } from './pushfleet/admin/v1/PutDistributionPointResponse.ts';
import type { PutGroupRequestInit as _pushfleet_admin_v1_PutGroupRequestInit, PutGroupRequest as _pushfleet_admin_v1_PutGroupRequest } from './pushfleet/admin/v1/PutGroupRequest.ts';
import type { PutGroupResponseInit as _pushfleet_admin_v1_PutGroupResponseInit, PutGroupResponse as _pushfleet_admin_v1_PutGroupResponse } from './pushfleet/admin/v1/PutGroupResponse.ts';
import type { RevokeEnrollmentTokenRequestInit as _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, RevokeEnrollmentTokenRequest as _pushfleet_admin_v1_RevokeEnrollmentTokenRequest } from './pushfleet/admin/v1/RevokeEnrollmentTokenRequest.ts';
import type { RevokeEnrollmentTokenResponseInit as _pushfleet_admin_v1_RevokeEnrollmentTokenResponseInit, RevokeEnrollmentTokenResponse as _pushfleet_admin_v1_RevokeEnrollmentTokenResponse } from './pushfleet/admin/v1/RevokeEnrollmentTokenResponse.ts';
import type { RowErrorInit as _pushfleet_admin_v1_RowErrorInit, RowError as _pushfleet_admin_v1_RowError } from './pushfleet/admin/v1/RowError.ts';
import type { SessionInit as _pushfleet_admin_v1_SessionInit, Session as _pushfleet_admin_v1_Session } from './pushfleet/admin/v1/Session.ts';
import type { WorkerInit as _pushfleet_admin_v1_WorkerInit, Worker as _pushfleet_admin_v1_Worker } from './pushfleet/admin/v1/Worker.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_DurationInit, _google_protobuf_Duration>
      FieldMask: MessageTypeDefinition<_google_protobuf_FieldMaskInit, _google_protobuf_FieldMask>
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInit, _google_protobuf_Timestamp>
    }
  }
  pushfleet: {
    admin: {
      v1: {
        AddressCheck: EnumTypeDefinition
        CreateEnrollmentTokenRequest: MessageTypeDefinition<_pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, _pushfleet_admin_v1_CreateEnrollmentTokenRequest>
        CreateEnrollmentTokenResponse: MessageTypeDefinition<_pushfleet_admin_v1_CreateEnrollmentTokenResponseInit, _pushfleet_admin_v1_CreateEnrollmentTokenResponse>
        DeleteDeviceRequest: MessageTypeDefinition<_pushfleet_admin_v1_DeleteDeviceRequestInit, _pushfleet_admin_v1_DeleteDeviceRequest>
        DeleteDeviceResponse: MessageTypeDefinition<_pushfleet_admin_v1_DeleteDeviceResponseInit, _pushfleet_admin_v1_DeleteDeviceResponse>
        DeleteDistributionPointRequest: MessageTypeDefinition<_pushfleet_admin_v1_DeleteDistributionPointRequestInit, _pushfleet_admin_v1_DeleteDistributionPointRequest>
        DeleteDistributionPointResponse: MessageTypeDefinition<_pushfleet_admin_v1_DeleteDistributionPointResponseInit, _pushfleet_admin_v1_DeleteDistributionPointResponse>
        DeleteGroupRequest: MessageTypeDefinition<_pushfleet_admin_v1_DeleteGroupRequestInit, _pushfleet_admin_v1_DeleteGroupRequest>
        DeleteGroupResponse: MessageTypeDefinition<_pushfleet_admin_v1_DeleteGroupResponseInit, _pushfleet_admin_v1_DeleteGroupResponse>
        Device: MessageTypeDefinition<_pushfleet_admin_v1_DeviceInit, _pushfleet_admin_v1_Device>
        DeviceMove: MessageTypeDefinition<_pushfleet_admin_v1_DeviceMoveInit, _pushfleet_admin_v1_DeviceMove>
        DeviceMoveKind: EnumTypeDefinition
        DisconnectDeviceRequest: MessageTypeDefinition<_pushfleet_admin_v1_DisconnectDeviceRequestInit, _pushfleet_admin_v1_DisconnectDeviceRequest>
        DisconnectDeviceResponse: MessageTypeDefinition<_pushfleet_admin_v1_DisconnectDeviceResponseInit, _pushfleet_admin_v1_DisconnectDeviceResponse>
        DistributionPoint: MessageTypeDefinition<_pushfleet_admin_v1_DistributionPointInit, _pushfleet_admin_v1_DistributionPoint>
        EnrollmentToken: MessageTypeDefinition<_pushfleet_admin_v1_EnrollmentTokenInit, _pushfleet_admin_v1_EnrollmentToken>
        /**
         * What there is to manage: administration groups, distribution points, devices, and the push servers that serve
         * them. Served by balancers (port 13299) to holders of an API token.
         * 
         * INVALID_ARGUMENT names the field; NOT_FOUND names what is missing; UNAVAILABLE: the registry does not answer.
         */
        FleetService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_FleetServiceClient> & { service: _pushfleet_admin_v1_FleetServiceDefinition }
        GetDeviceHistoryRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetDeviceHistoryRequestInit, _pushfleet_admin_v1_GetDeviceHistoryRequest>
        GetDeviceHistoryResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetDeviceHistoryResponseInit, _pushfleet_admin_v1_GetDeviceHistoryResponse>
        GetDeviceRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetDeviceRequestInit, _pushfleet_admin_v1_GetDeviceRequest>
        GetDeviceResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetDeviceResponseInit, _pushfleet_admin_v1_GetDeviceResponse>
        GetDistributionPointRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetDistributionPointRequestInit, _pushfleet_admin_v1_GetDistributionPointRequest>
        GetDistributionPointResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetDistributionPointResponseInit, _pushfleet_admin_v1_GetDistributionPointResponse>
        Group: MessageTypeDefinition<_pushfleet_admin_v1_GroupInit, _pushfleet_admin_v1_Group>
        ImportDevicesRequest: MessageTypeDefinition<_pushfleet_admin_v1_ImportDevicesRequestInit, _pushfleet_admin_v1_ImportDevicesRequest>
        ImportDevicesResponse: MessageTypeDefinition<_pushfleet_admin_v1_ImportDevicesResponseInit, _pushfleet_admin_v1_ImportDevicesResponse>
        LinkKind: EnumTypeDefinition
        ListDevicesRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListDevicesRequestInit, _pushfleet_admin_v1_ListDevicesRequest>
        ListDevicesResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListDevicesResponseInit, _pushfleet_admin_v1_ListDevicesResponse>
        ListDistributionPointsRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListDistributionPointsRequestInit, _pushfleet_admin_v1_ListDistributionPointsRequest>
        ListDistributionPointsResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListDistributionPointsResponseInit, _pushfleet_admin_v1_ListDistributionPointsResponse>
        ListEnrollmentTokensRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListEnrollmentTokensRequestInit, _pushfleet_admin_v1_ListEnrollmentTokensRequest>
        ListEnrollmentTokensResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListEnrollmentTokensResponseInit, _pushfleet_admin_v1_ListEnrollmentTokensResponse>
        ListGroupsRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupsRequestInit, _pushfleet_admin_v1_ListGroupsRequest>
        ListGroupsResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListGroupsResponseInit, _pushfleet_admin_v1_ListGroupsResponse>
        ListNodesRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListNodesRequestInit, _pushfleet_admin_v1_ListNodesRequest>
        ListNodesResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListNodesResponseInit, _pushfleet_admin_v1_ListNodesResponse>
        MoveDevicesRequest: MessageTypeDefinition<_pushfleet_admin_v1_MoveDevicesRequestInit, _pushfleet_admin_v1_MoveDevicesRequest>
        MoveDevicesResponse: MessageTypeDefinition<_pushfleet_admin_v1_MoveDevicesResponseInit, _pushfleet_admin_v1_MoveDevicesResponse>
        MoveGroupRequest: MessageTypeDefinition<_pushfleet_admin_v1_MoveGroupRequestInit, _pushfleet_admin_v1_MoveGroupRequest>
        MoveGroupResponse: MessageTypeDefinition<_pushfleet_admin_v1_MoveGroupResponseInit, _pushfleet_admin_v1_MoveGroupResponse>
        Node: MessageTypeDefinition<_pushfleet_admin_v1_NodeInit, _pushfleet_admin_v1_Node>
        NodeProblem: EnumTypeDefinition
        NodeStatus: EnumTypeDefinition
        PushServerSettings: MessageTypeDefinition<_pushfleet_admin_v1_PushServerSettingsInit, _pushfleet_admin_v1_PushServerSettings>
        PutDeviceRequest: MessageTypeDefinition<_pushfleet_admin_v1_PutDeviceRequestInit, _pushfleet_admin_v1_PutDeviceRequest>
        PutDeviceResponse: MessageTypeDefinition<_pushfleet_admin_v1_PutDeviceResponseInit, _pushfleet_admin_v1_PutDeviceResponse>
        PutDistributionPointRequest: MessageTypeDefinition<_pushfleet_admin_v1_PutDistributionPointRequestInit, _pushfleet_admin_v1_PutDistributionPointRequest>
        PutDistributionPointResponse: MessageTypeDefinition<_pushfleet_admin_v1_PutDistributionPointResponseInit, _pushfleet_admin_v1_PutDistributionPointResponse>
        PutGroupRequest: MessageTypeDefinition<_pushfleet_admin_v1_PutGroupRequestInit, _pushfleet_admin_v1_PutGroupRequest>
        PutGroupResponse: MessageTypeDefinition<_pushfleet_admin_v1_PutGroupResponseInit, _pushfleet_admin_v1_PutGroupResponse>
        RevokeEnrollmentTokenRequest: MessageTypeDefinition<_pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, _pushfleet_admin_v1_RevokeEnrollmentTokenRequest>
        RevokeEnrollmentTokenResponse: MessageTypeDefinition<_pushfleet_admin_v1_RevokeEnrollmentTokenResponseInit, _pushfleet_admin_v1_RevokeEnrollmentTokenResponse>
        RowError: MessageTypeDefinition<_pushfleet_admin_v1_RowErrorInit, _pushfleet_admin_v1_RowError>
        Session: MessageTypeDefinition<_pushfleet_admin_v1_SessionInit, _pushfleet_admin_v1_Session>
        Worker: MessageTypeDefinition<_pushfleet_admin_v1_WorkerInit, _pushfleet_admin_v1_Worker>
      }
    }
    common: {
      v1: {
        ErrorReason: EnumTypeDefinition
      }
    }
  }
}


// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateEnrollmentTokenRequestInit as _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, CreateEnrollmentTokenRequest as _pushfleet_admin_v1_CreateEnrollmentTokenRequest } from '../../../pushfleet/admin/v1/CreateEnrollmentTokenRequest.ts';
import type { CreateEnrollmentTokenResponseInit as _pushfleet_admin_v1_CreateEnrollmentTokenResponseInit, CreateEnrollmentTokenResponse as _pushfleet_admin_v1_CreateEnrollmentTokenResponse } from '../../../pushfleet/admin/v1/CreateEnrollmentTokenResponse.ts';
import type { DeleteDeviceRequestInit as _pushfleet_admin_v1_DeleteDeviceRequestInit, DeleteDeviceRequest as _pushfleet_admin_v1_DeleteDeviceRequest } from '../../../pushfleet/admin/v1/DeleteDeviceRequest.ts';
import type { DeleteDeviceResponseInit as _pushfleet_admin_v1_DeleteDeviceResponseInit, DeleteDeviceResponse as _pushfleet_admin_v1_DeleteDeviceResponse } from '../../../pushfleet/admin/v1/DeleteDeviceResponse.ts';
import type { DeleteDistributionPointRequestInit as _pushfleet_admin_v1_DeleteDistributionPointRequestInit, DeleteDistributionPointRequest as _pushfleet_admin_v1_DeleteDistributionPointRequest } from '../../../pushfleet/admin/v1/DeleteDistributionPointRequest.ts';
import type { DeleteDistributionPointResponseInit as _pushfleet_admin_v1_DeleteDistributionPointResponseInit, DeleteDistributionPointResponse as _pushfleet_admin_v1_DeleteDistributionPointResponse } from '../../../pushfleet/admin/v1/DeleteDistributionPointResponse.ts';
import type { DeleteGroupRequestInit as _pushfleet_admin_v1_DeleteGroupRequestInit, DeleteGroupRequest as _pushfleet_admin_v1_DeleteGroupRequest } from '../../../pushfleet/admin/v1/DeleteGroupRequest.ts';
import type { DeleteGroupResponseInit as _pushfleet_admin_v1_DeleteGroupResponseInit, DeleteGroupResponse as _pushfleet_admin_v1_DeleteGroupResponse } from '../../../pushfleet/admin/v1/DeleteGroupResponse.ts';
import type { DisconnectDeviceRequestInit as _pushfleet_admin_v1_DisconnectDeviceRequestInit, DisconnectDeviceRequest as _pushfleet_admin_v1_DisconnectDeviceRequest } from '../../../pushfleet/admin/v1/DisconnectDeviceRequest.ts';
import type { DisconnectDeviceResponseInit as _pushfleet_admin_v1_DisconnectDeviceResponseInit, DisconnectDeviceResponse as _pushfleet_admin_v1_DisconnectDeviceResponse } from '../../../pushfleet/admin/v1/DisconnectDeviceResponse.ts';
import type { GetDeviceHistoryRequestInit as _pushfleet_admin_v1_GetDeviceHistoryRequestInit, GetDeviceHistoryRequest as _pushfleet_admin_v1_GetDeviceHistoryRequest } from '../../../pushfleet/admin/v1/GetDeviceHistoryRequest.ts';
import type { GetDeviceHistoryResponseInit as _pushfleet_admin_v1_GetDeviceHistoryResponseInit, GetDeviceHistoryResponse as _pushfleet_admin_v1_GetDeviceHistoryResponse } from '../../../pushfleet/admin/v1/GetDeviceHistoryResponse.ts';
import type { GetDeviceRequestInit as _pushfleet_admin_v1_GetDeviceRequestInit, GetDeviceRequest as _pushfleet_admin_v1_GetDeviceRequest } from '../../../pushfleet/admin/v1/GetDeviceRequest.ts';
import type { GetDeviceResponseInit as _pushfleet_admin_v1_GetDeviceResponseInit, GetDeviceResponse as _pushfleet_admin_v1_GetDeviceResponse } from '../../../pushfleet/admin/v1/GetDeviceResponse.ts';
import type { GetDistributionPointRequestInit as _pushfleet_admin_v1_GetDistributionPointRequestInit, GetDistributionPointRequest as _pushfleet_admin_v1_GetDistributionPointRequest } from '../../../pushfleet/admin/v1/GetDistributionPointRequest.ts';
import type { GetDistributionPointResponseInit as _pushfleet_admin_v1_GetDistributionPointResponseInit, GetDistributionPointResponse as _pushfleet_admin_v1_GetDistributionPointResponse } from '../../../pushfleet/admin/v1/GetDistributionPointResponse.ts';
import type { ImportDevicesRequestInit as _pushfleet_admin_v1_ImportDevicesRequestInit, ImportDevicesRequest as _pushfleet_admin_v1_ImportDevicesRequest } from '../../../pushfleet/admin/v1/ImportDevicesRequest.ts';
import type { ImportDevicesResponseInit as _pushfleet_admin_v1_ImportDevicesResponseInit, ImportDevicesResponse as _pushfleet_admin_v1_ImportDevicesResponse } from '../../../pushfleet/admin/v1/ImportDevicesResponse.ts';
import type { ListDevicesRequestInit as _pushfleet_admin_v1_ListDevicesRequestInit, ListDevicesRequest as _pushfleet_admin_v1_ListDevicesRequest } from '../../../pushfleet/admin/v1/ListDevicesRequest.ts';
import type { ListDevicesResponseInit as _pushfleet_admin_v1_ListDevicesResponseInit, ListDevicesResponse as _pushfleet_admin_v1_ListDevicesResponse } from '../../../pushfleet/admin/v1/ListDevicesResponse.ts';
import type { ListDistributionPointsRequestInit as _pushfleet_admin_v1_ListDistributionPointsRequestInit, ListDistributionPointsRequest as _pushfleet_admin_v1_ListDistributionPointsRequest } from '../../../pushfleet/admin/v1/ListDistributionPointsRequest.ts';
import type { ListDistributionPointsResponseInit as _pushfleet_admin_v1_ListDistributionPointsResponseInit, ListDistributionPointsResponse as _pushfleet_admin_v1_ListDistributionPointsResponse } from '../../../pushfleet/admin/v1/ListDistributionPointsResponse.ts';
import type { ListEnrollmentTokensRequestInit as _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, ListEnrollmentTokensRequest as _pushfleet_admin_v1_ListEnrollmentTokensRequest } from '../../../pushfleet/admin/v1/ListEnrollmentTokensRequest.ts';
import type { ListEnrollmentTokensResponseInit as _pushfleet_admin_v1_ListEnrollmentTokensResponseInit, ListEnrollmentTokensResponse as _pushfleet_admin_v1_ListEnrollmentTokensResponse } from '../../../pushfleet/admin/v1/ListEnrollmentTokensResponse.ts';
import type { ListGroupsRequestInit as _pushfleet_admin_v1_ListGroupsRequestInit, ListGroupsRequest as _pushfleet_admin_v1_ListGroupsRequest } from '../../../pushfleet/admin/v1/ListGroupsRequest.ts';
import type { ListGroupsResponseInit as _pushfleet_admin_v1_ListGroupsResponseInit, ListGroupsResponse as _pushfleet_admin_v1_ListGroupsResponse } from '../../../pushfleet/admin/v1/ListGroupsResponse.ts';
import type { ListNodesRequestInit as _pushfleet_admin_v1_ListNodesRequestInit, ListNodesRequest as _pushfleet_admin_v1_ListNodesRequest } from '../../../pushfleet/admin/v1/ListNodesRequest.ts';
import type { ListNodesResponseInit as _pushfleet_admin_v1_ListNodesResponseInit, ListNodesResponse as _pushfleet_admin_v1_ListNodesResponse } from '../../../pushfleet/admin/v1/ListNodesResponse.ts';
import type { MoveDevicesRequestInit as _pushfleet_admin_v1_MoveDevicesRequestInit, MoveDevicesRequest as _pushfleet_admin_v1_MoveDevicesRequest } from '../../../pushfleet/admin/v1/MoveDevicesRequest.ts';
import type { MoveDevicesResponseInit as _pushfleet_admin_v1_MoveDevicesResponseInit, MoveDevicesResponse as _pushfleet_admin_v1_MoveDevicesResponse } from '../../../pushfleet/admin/v1/MoveDevicesResponse.ts';
import type { MoveGroupRequestInit as _pushfleet_admin_v1_MoveGroupRequestInit, MoveGroupRequest as _pushfleet_admin_v1_MoveGroupRequest } from '../../../pushfleet/admin/v1/MoveGroupRequest.ts';
import type { MoveGroupResponseInit as _pushfleet_admin_v1_MoveGroupResponseInit, MoveGroupResponse as _pushfleet_admin_v1_MoveGroupResponse } from '../../../pushfleet/admin/v1/MoveGroupResponse.ts';
import type { PutDeviceRequestInit as _pushfleet_admin_v1_PutDeviceRequestInit, PutDeviceRequest as _pushfleet_admin_v1_PutDeviceRequest } from '../../../pushfleet/admin/v1/PutDeviceRequest.ts';
import type { PutDeviceResponseInit as _pushfleet_admin_v1_PutDeviceResponseInit, PutDeviceResponse as _pushfleet_admin_v1_PutDeviceResponse } from '../../../pushfleet/admin/v1/PutDeviceResponse.ts';
import type { PutDistributionPointRequestInit as _pushfleet_admin_v1_PutDistributionPointRequestInit, PutDistributionPointRequest as _pushfleet_admin_v1_PutDistributionPointRequest } from '../../../pushfleet/admin/v1/PutDistributionPointRequest.ts';
import type { PutDistributionPointResponseInit as _pushfleet_admin_v1_PutDistributionPointResponseInit, PutDistributionPointResponse as _pushfleet_admin_v1_PutDistributionPointResponse } from '../../../pushfleet/admin/v1/PutDistributionPointResponse.ts';
import type { PutGroupRequestInit as _pushfleet_admin_v1_PutGroupRequestInit, PutGroupRequest as _pushfleet_admin_v1_PutGroupRequest } from '../../../pushfleet/admin/v1/PutGroupRequest.ts';
import type { PutGroupResponseInit as _pushfleet_admin_v1_PutGroupResponseInit, PutGroupResponse as _pushfleet_admin_v1_PutGroupResponse } from '../../../pushfleet/admin/v1/PutGroupResponse.ts';
import type { RevokeEnrollmentTokenRequestInit as _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, RevokeEnrollmentTokenRequest as _pushfleet_admin_v1_RevokeEnrollmentTokenRequest } from '../../../pushfleet/admin/v1/RevokeEnrollmentTokenRequest.ts';
import type { RevokeEnrollmentTokenResponseInit as _pushfleet_admin_v1_RevokeEnrollmentTokenResponseInit, RevokeEnrollmentTokenResponse as _pushfleet_admin_v1_RevokeEnrollmentTokenResponse } from '../../../pushfleet/admin/v1/RevokeEnrollmentTokenResponse.ts';

/**
 * What there is to manage: administration groups, distribution points, devices, and the push servers that serve
 * them. Served by balancers (port 13299) to holders of an API token.
 * 
 * INVALID_ARGUMENT names the field; NOT_FOUND names what is missing; UNAVAILABLE: the registry does not answer.
 */
export interface FleetServiceClient extends grpc.Client {
  /**
   * Makes a token with which new devices register themselves in a group, each with a secret of its own.
   */
  CreateEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  CreateEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  CreateEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  CreateEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  /**
   * Makes a token with which new devices register themselves in a group, each with a secret of its own.
   */
  createEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  createEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  createEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  createEnrollmentToken(argument: _pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  
  /**
   * Forgets a device. Its link and its tunnels end within 2 s, and its tickets are void. Durable commands that wait for it
   * are CANCELLED; of those that were sent, the outcome is unknown. Another device of this id gets none of them.
   */
  DeleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  DeleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  DeleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  DeleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  /**
   * Forgets a device. Its link and its tunnels end within 2 s, and its tickets are void. Durable commands that wait for it
   * are CANCELLED; of those that were sent, the outcome is unknown. Another device of this id gets none of them.
   */
  deleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  deleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  deleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  deleteDevice(argument: _pushfleet_admin_v1_DeleteDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDeviceResponse>): grpc.ClientUnaryCall;
  
  /**
   * FAILED_PRECONDITION while a push server runs on it: disable it first.
   */
  DeleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  DeleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  DeleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  DeleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  /**
   * FAILED_PRECONDITION while a push server runs on it: disable it first.
   */
  deleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  deleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  deleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  deleteDistributionPoint(argument: _pushfleet_admin_v1_DeleteDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteDistributionPointResponse>): grpc.ClientUnaryCall;
  
  /**
   * FAILED_PRECONDITION where devices, subgroups or scopes use it; the message names some of them.
   */
  DeleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  DeleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  /**
   * FAILED_PRECONDITION where devices, subgroups or scopes use it; the message names some of them.
   */
  deleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  deleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  deleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  deleteGroup(argument: _pushfleet_admin_v1_DeleteGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DeleteGroupResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends the device's link and its tunnels within 2 s, and makes its tickets void: it comes back only by asking a balancer,
   * with its secret.
   */
  DisconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  DisconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  DisconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  DisconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  /**
   * Ends the device's link and its tunnels within 2 s, and makes its tickets void: it comes back only by asking a balancer,
   * with its secret.
   */
  disconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  disconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  disconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  disconnectDevice(argument: _pushfleet_admin_v1_DisconnectDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_DisconnectDeviceResponse>): grpc.ClientUnaryCall;
  
  GetDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  GetDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  GetDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  GetDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  getDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  getDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  getDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  getDevice(argument: _pushfleet_admin_v1_GetDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceResponse>): grpc.ClientUnaryCall;
  
  /**
   * Where a device was connected: the last changes, newest first. Forgotten a day after the last of them, and with the device.
   */
  GetDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  GetDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  GetDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  GetDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  /**
   * Where a device was connected: the last changes, newest first. Forgotten a day after the last of them, and with the device.
   */
  getDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  getDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  getDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  getDeviceHistory(argument: _pushfleet_admin_v1_GetDeviceHistoryRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDeviceHistoryResponse>): grpc.ClientUnaryCall;
  
  GetDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  GetDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  GetDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  GetDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  getDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  getDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  getDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  getDistributionPoint(argument: _pushfleet_admin_v1_GetDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetDistributionPointResponse>): grpc.ClientUnaryCall;
  
  /**
   * Creates or replaces any number of devices. Every row is checked before the first is written: one bad row, and
   * nothing is applied. Rows are written whole; where writing breaks off, `imported` says how many are in, and asking
   * again is safe.
   */
  ImportDevices(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  ImportDevices(metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  ImportDevices(options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  ImportDevices(callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  /**
   * Creates or replaces any number of devices. Every row is checked before the first is written: one bad row, and
   * nothing is applied. Rows are written whole; where writing breaks off, `imported` says how many are in, and asking
   * again is safe.
   */
  importDevices(metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  importDevices(metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  importDevices(options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  importDevices(callback: grpc.requestCallback<_pushfleet_admin_v1_ImportDevicesResponse>): grpc.ClientWritableStream<_pushfleet_admin_v1_ImportDevicesRequestInit>;
  
  /**
   * In the order of device ids. A page may hold fewer devices than there are, or none, as long as `next_page_token` is not empty: so
   * many were looked at, for so long, and the next page goes on.
   */
  ListDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  ListDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  ListDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  ListDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  /**
   * In the order of device ids. A page may hold fewer devices than there are, or none, as long as `next_page_token` is not empty: so
   * many were looked at, for so long, and the next page goes on.
   */
  listDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  listDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  listDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  listDevices(argument: _pushfleet_admin_v1_ListDevicesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDevicesResponse>): grpc.ClientUnaryCall;
  
  /**
   * In the order of their ids.
   */
  ListDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  ListDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  ListDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  ListDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  /**
   * In the order of their ids.
   */
  listDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  listDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  listDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  listDistributionPoints(argument: _pushfleet_admin_v1_ListDistributionPointsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListDistributionPointsResponse>): grpc.ClientUnaryCall;
  
  /**
   * Those of devices of a group, also those that have ended as long as there is room for them; in the order of their ids.
   */
  ListEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  ListEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  ListEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  ListEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  /**
   * Those of devices of a group, also those that have ended as long as there is room for them; in the order of their ids.
   */
  listEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  listEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  listEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  listEnrollmentTokens(argument: _pushfleet_admin_v1_ListEnrollmentTokensRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListEnrollmentTokensResponse>): grpc.ClientUnaryCall;
  
  /**
   * In the order of paths.
   */
  ListGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  ListGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  ListGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  ListGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  /**
   * In the order of paths.
   */
  listGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  listGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  listGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  listGroups(argument: _pushfleet_admin_v1_ListGroupsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupsResponse>): grpc.ClientUnaryCall;
  
  /**
   * The push servers that are registered, in the order of their ids.
   */
  ListNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  ListNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  ListNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  ListNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  /**
   * The push servers that are registered, in the order of their ids.
   */
  listNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  listNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  listNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  listNodes(argument: _pushfleet_admin_v1_ListNodesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListNodesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Puts devices into another group. Those that are connected stay so, or are told to move where their push server
   * does not serve that group.
   */
  MoveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  MoveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  MoveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  MoveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  /**
   * Puts devices into another group. Those that are connected stay so, or are told to move where their push server
   * does not serve that group.
   */
  moveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  moveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  moveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  moveDevices(argument: _pushfleet_admin_v1_MoveDevicesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveDevicesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Moves a group with all below it, devices included, to another path. Scopes that name it follow. The new path must
   * not exist. A move that was interrupted is completed by asking again.
   */
  MoveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  MoveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  MoveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  MoveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  /**
   * Moves a group with all below it, devices included, to another path. Scopes that name it follow. The new path must
   * not exist. A move that was interrupted is completed by asking again.
   */
  moveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  moveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  moveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  moveGroup(argument: _pushfleet_admin_v1_MoveGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_MoveGroupResponse>): grpc.ClientUnaryCall;
  
  /**
   * Creates or replaces a device. Its group must exist. With another secret than it had, its link ends within 2 s and its
   * tickets are void.
   */
  PutDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  PutDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  PutDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  PutDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  /**
   * Creates or replaces a device. Its group must exist. With another secret than it had, its link ends within 2 s and its
   * tickets are void.
   */
  putDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  putDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  putDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  putDevice(argument: _pushfleet_admin_v1_PutDeviceRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDeviceResponse>): grpc.ClientUnaryCall;
  
  /**
   * Creates or replaces a distribution point. Its groups must exist.
   */
  PutDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  PutDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  PutDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  PutDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  /**
   * Creates or replaces a distribution point. Its groups must exist.
   */
  putDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  putDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  putDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  putDistributionPoint(argument: _pushfleet_admin_v1_PutDistributionPointRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutDistributionPointResponse>): grpc.ClientUnaryCall;
  
  /**
   * Creates a group, and those above it, where they are missing. Idempotent.
   */
  PutGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  PutGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  PutGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  PutGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  /**
   * Creates a group, and those above it, where they are missing. Idempotent.
   */
  putGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  putGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  putGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  putGroup(argument: _pushfleet_admin_v1_PutGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PutGroupResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends an enrollment token. Devices that have registered with it stay.
   */
  RevokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  RevokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  RevokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  RevokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  /**
   * Ends an enrollment token. Devices that have registered with it stay.
   */
  revokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  revokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  revokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  revokeEnrollmentToken(argument: _pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeEnrollmentTokenResponse>): grpc.ClientUnaryCall;
  
}

/**
 * What there is to manage: administration groups, distribution points, devices, and the push servers that serve
 * them. Served by balancers (port 13299) to holders of an API token.
 * 
 * INVALID_ARGUMENT names the field; NOT_FOUND names what is missing; UNAVAILABLE: the registry does not answer.
 */
export interface FleetServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes a token with which new devices register themselves in a group, each with a secret of its own.
   */
  CreateEnrollmentToken: grpc.handleUnaryCall<_pushfleet_admin_v1_CreateEnrollmentTokenRequest, _pushfleet_admin_v1_CreateEnrollmentTokenResponseInit>;
  
  /**
   * Forgets a device. Its link and its tunnels end within 2 s, and its tickets are void. Durable commands that wait for it
   * are CANCELLED; of those that were sent, the outcome is unknown. Another device of this id gets none of them.
   */
  DeleteDevice: grpc.handleUnaryCall<_pushfleet_admin_v1_DeleteDeviceRequest, _pushfleet_admin_v1_DeleteDeviceResponseInit>;
  
  /**
   * FAILED_PRECONDITION while a push server runs on it: disable it first.
   */
  DeleteDistributionPoint: grpc.handleUnaryCall<_pushfleet_admin_v1_DeleteDistributionPointRequest, _pushfleet_admin_v1_DeleteDistributionPointResponseInit>;
  
  /**
   * FAILED_PRECONDITION where devices, subgroups or scopes use it; the message names some of them.
   */
  DeleteGroup: grpc.handleUnaryCall<_pushfleet_admin_v1_DeleteGroupRequest, _pushfleet_admin_v1_DeleteGroupResponseInit>;
  
  /**
   * Ends the device's link and its tunnels within 2 s, and makes its tickets void: it comes back only by asking a balancer,
   * with its secret.
   */
  DisconnectDevice: grpc.handleUnaryCall<_pushfleet_admin_v1_DisconnectDeviceRequest, _pushfleet_admin_v1_DisconnectDeviceResponseInit>;
  
  GetDevice: grpc.handleUnaryCall<_pushfleet_admin_v1_GetDeviceRequest, _pushfleet_admin_v1_GetDeviceResponseInit>;
  
  /**
   * Where a device was connected: the last changes, newest first. Forgotten a day after the last of them, and with the device.
   */
  GetDeviceHistory: grpc.handleUnaryCall<_pushfleet_admin_v1_GetDeviceHistoryRequest, _pushfleet_admin_v1_GetDeviceHistoryResponseInit>;
  
  GetDistributionPoint: grpc.handleUnaryCall<_pushfleet_admin_v1_GetDistributionPointRequest, _pushfleet_admin_v1_GetDistributionPointResponseInit>;
  
  /**
   * Creates or replaces any number of devices. Every row is checked before the first is written: one bad row, and
   * nothing is applied. Rows are written whole; where writing breaks off, `imported` says how many are in, and asking
   * again is safe.
   */
  ImportDevices: grpc.handleClientStreamingCall<_pushfleet_admin_v1_ImportDevicesRequest, _pushfleet_admin_v1_ImportDevicesResponseInit>;
  
  /**
   * In the order of device ids. A page may hold fewer devices than there are, or none, as long as `next_page_token` is not empty: so
   * many were looked at, for so long, and the next page goes on.
   */
  ListDevices: grpc.handleUnaryCall<_pushfleet_admin_v1_ListDevicesRequest, _pushfleet_admin_v1_ListDevicesResponseInit>;
  
  /**
   * In the order of their ids.
   */
  ListDistributionPoints: grpc.handleUnaryCall<_pushfleet_admin_v1_ListDistributionPointsRequest, _pushfleet_admin_v1_ListDistributionPointsResponseInit>;
  
  /**
   * Those of devices of a group, also those that have ended as long as there is room for them; in the order of their ids.
   */
  ListEnrollmentTokens: grpc.handleUnaryCall<_pushfleet_admin_v1_ListEnrollmentTokensRequest, _pushfleet_admin_v1_ListEnrollmentTokensResponseInit>;
  
  /**
   * In the order of paths.
   */
  ListGroups: grpc.handleUnaryCall<_pushfleet_admin_v1_ListGroupsRequest, _pushfleet_admin_v1_ListGroupsResponseInit>;
  
  /**
   * The push servers that are registered, in the order of their ids.
   */
  ListNodes: grpc.handleUnaryCall<_pushfleet_admin_v1_ListNodesRequest, _pushfleet_admin_v1_ListNodesResponseInit>;
  
  /**
   * Puts devices into another group. Those that are connected stay so, or are told to move where their push server
   * does not serve that group.
   */
  MoveDevices: grpc.handleUnaryCall<_pushfleet_admin_v1_MoveDevicesRequest, _pushfleet_admin_v1_MoveDevicesResponseInit>;
  
  /**
   * Moves a group with all below it, devices included, to another path. Scopes that name it follow. The new path must
   * not exist. A move that was interrupted is completed by asking again.
   */
  MoveGroup: grpc.handleUnaryCall<_pushfleet_admin_v1_MoveGroupRequest, _pushfleet_admin_v1_MoveGroupResponseInit>;
  
  /**
   * Creates or replaces a device. Its group must exist. With another secret than it had, its link ends within 2 s and its
   * tickets are void.
   */
  PutDevice: grpc.handleUnaryCall<_pushfleet_admin_v1_PutDeviceRequest, _pushfleet_admin_v1_PutDeviceResponseInit>;
  
  /**
   * Creates or replaces a distribution point. Its groups must exist.
   */
  PutDistributionPoint: grpc.handleUnaryCall<_pushfleet_admin_v1_PutDistributionPointRequest, _pushfleet_admin_v1_PutDistributionPointResponseInit>;
  
  /**
   * Creates a group, and those above it, where they are missing. Idempotent.
   */
  PutGroup: grpc.handleUnaryCall<_pushfleet_admin_v1_PutGroupRequest, _pushfleet_admin_v1_PutGroupResponseInit>;
  
  /**
   * Ends an enrollment token. Devices that have registered with it stay.
   */
  RevokeEnrollmentToken: grpc.handleUnaryCall<_pushfleet_admin_v1_RevokeEnrollmentTokenRequest, _pushfleet_admin_v1_RevokeEnrollmentTokenResponseInit>;
  
}

export interface FleetServiceDefinition extends grpc.ServiceDefinition {
  CreateEnrollmentToken: MethodDefinition<_pushfleet_admin_v1_CreateEnrollmentTokenRequestInit, _pushfleet_admin_v1_CreateEnrollmentTokenResponseInit, _pushfleet_admin_v1_CreateEnrollmentTokenRequest, _pushfleet_admin_v1_CreateEnrollmentTokenResponse>
  DeleteDevice: MethodDefinition<_pushfleet_admin_v1_DeleteDeviceRequestInit, _pushfleet_admin_v1_DeleteDeviceResponseInit, _pushfleet_admin_v1_DeleteDeviceRequest, _pushfleet_admin_v1_DeleteDeviceResponse>
  DeleteDistributionPoint: MethodDefinition<_pushfleet_admin_v1_DeleteDistributionPointRequestInit, _pushfleet_admin_v1_DeleteDistributionPointResponseInit, _pushfleet_admin_v1_DeleteDistributionPointRequest, _pushfleet_admin_v1_DeleteDistributionPointResponse>
  DeleteGroup: MethodDefinition<_pushfleet_admin_v1_DeleteGroupRequestInit, _pushfleet_admin_v1_DeleteGroupResponseInit, _pushfleet_admin_v1_DeleteGroupRequest, _pushfleet_admin_v1_DeleteGroupResponse>
  DisconnectDevice: MethodDefinition<_pushfleet_admin_v1_DisconnectDeviceRequestInit, _pushfleet_admin_v1_DisconnectDeviceResponseInit, _pushfleet_admin_v1_DisconnectDeviceRequest, _pushfleet_admin_v1_DisconnectDeviceResponse>
  GetDevice: MethodDefinition<_pushfleet_admin_v1_GetDeviceRequestInit, _pushfleet_admin_v1_GetDeviceResponseInit, _pushfleet_admin_v1_GetDeviceRequest, _pushfleet_admin_v1_GetDeviceResponse>
  GetDeviceHistory: MethodDefinition<_pushfleet_admin_v1_GetDeviceHistoryRequestInit, _pushfleet_admin_v1_GetDeviceHistoryResponseInit, _pushfleet_admin_v1_GetDeviceHistoryRequest, _pushfleet_admin_v1_GetDeviceHistoryResponse>
  GetDistributionPoint: MethodDefinition<_pushfleet_admin_v1_GetDistributionPointRequestInit, _pushfleet_admin_v1_GetDistributionPointResponseInit, _pushfleet_admin_v1_GetDistributionPointRequest, _pushfleet_admin_v1_GetDistributionPointResponse>
  ImportDevices: MethodDefinition<_pushfleet_admin_v1_ImportDevicesRequestInit, _pushfleet_admin_v1_ImportDevicesResponseInit, _pushfleet_admin_v1_ImportDevicesRequest, _pushfleet_admin_v1_ImportDevicesResponse>
  ListDevices: MethodDefinition<_pushfleet_admin_v1_ListDevicesRequestInit, _pushfleet_admin_v1_ListDevicesResponseInit, _pushfleet_admin_v1_ListDevicesRequest, _pushfleet_admin_v1_ListDevicesResponse>
  ListDistributionPoints: MethodDefinition<_pushfleet_admin_v1_ListDistributionPointsRequestInit, _pushfleet_admin_v1_ListDistributionPointsResponseInit, _pushfleet_admin_v1_ListDistributionPointsRequest, _pushfleet_admin_v1_ListDistributionPointsResponse>
  ListEnrollmentTokens: MethodDefinition<_pushfleet_admin_v1_ListEnrollmentTokensRequestInit, _pushfleet_admin_v1_ListEnrollmentTokensResponseInit, _pushfleet_admin_v1_ListEnrollmentTokensRequest, _pushfleet_admin_v1_ListEnrollmentTokensResponse>
  ListGroups: MethodDefinition<_pushfleet_admin_v1_ListGroupsRequestInit, _pushfleet_admin_v1_ListGroupsResponseInit, _pushfleet_admin_v1_ListGroupsRequest, _pushfleet_admin_v1_ListGroupsResponse>
  ListNodes: MethodDefinition<_pushfleet_admin_v1_ListNodesRequestInit, _pushfleet_admin_v1_ListNodesResponseInit, _pushfleet_admin_v1_ListNodesRequest, _pushfleet_admin_v1_ListNodesResponse>
  MoveDevices: MethodDefinition<_pushfleet_admin_v1_MoveDevicesRequestInit, _pushfleet_admin_v1_MoveDevicesResponseInit, _pushfleet_admin_v1_MoveDevicesRequest, _pushfleet_admin_v1_MoveDevicesResponse>
  MoveGroup: MethodDefinition<_pushfleet_admin_v1_MoveGroupRequestInit, _pushfleet_admin_v1_MoveGroupResponseInit, _pushfleet_admin_v1_MoveGroupRequest, _pushfleet_admin_v1_MoveGroupResponse>
  PutDevice: MethodDefinition<_pushfleet_admin_v1_PutDeviceRequestInit, _pushfleet_admin_v1_PutDeviceResponseInit, _pushfleet_admin_v1_PutDeviceRequest, _pushfleet_admin_v1_PutDeviceResponse>
  PutDistributionPoint: MethodDefinition<_pushfleet_admin_v1_PutDistributionPointRequestInit, _pushfleet_admin_v1_PutDistributionPointResponseInit, _pushfleet_admin_v1_PutDistributionPointRequest, _pushfleet_admin_v1_PutDistributionPointResponse>
  PutGroup: MethodDefinition<_pushfleet_admin_v1_PutGroupRequestInit, _pushfleet_admin_v1_PutGroupResponseInit, _pushfleet_admin_v1_PutGroupRequest, _pushfleet_admin_v1_PutGroupResponse>
  RevokeEnrollmentToken: MethodDefinition<_pushfleet_admin_v1_RevokeEnrollmentTokenRequestInit, _pushfleet_admin_v1_RevokeEnrollmentTokenResponseInit, _pushfleet_admin_v1_RevokeEnrollmentTokenRequest, _pushfleet_admin_v1_RevokeEnrollmentTokenResponse>
}

// Original file: proto/pushfleet/admin/v1/command_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CancelCommandRequestInit as _pushfleet_admin_v1_CancelCommandRequestInit, CancelCommandRequest as _pushfleet_admin_v1_CancelCommandRequest } from '../../../pushfleet/admin/v1/CancelCommandRequest.ts';
import type { CancelCommandResponseInit as _pushfleet_admin_v1_CancelCommandResponseInit, CancelCommandResponse as _pushfleet_admin_v1_CancelCommandResponse } from '../../../pushfleet/admin/v1/CancelCommandResponse.ts';
import type { CancelGroupPushRequestInit as _pushfleet_admin_v1_CancelGroupPushRequestInit, CancelGroupPushRequest as _pushfleet_admin_v1_CancelGroupPushRequest } from '../../../pushfleet/admin/v1/CancelGroupPushRequest.ts';
import type { CancelGroupPushResponseInit as _pushfleet_admin_v1_CancelGroupPushResponseInit, CancelGroupPushResponse as _pushfleet_admin_v1_CancelGroupPushResponse } from '../../../pushfleet/admin/v1/CancelGroupPushResponse.ts';
import type { GetCommandRequestInit as _pushfleet_admin_v1_GetCommandRequestInit, GetCommandRequest as _pushfleet_admin_v1_GetCommandRequest } from '../../../pushfleet/admin/v1/GetCommandRequest.ts';
import type { GetCommandResponseInit as _pushfleet_admin_v1_GetCommandResponseInit, GetCommandResponse as _pushfleet_admin_v1_GetCommandResponse } from '../../../pushfleet/admin/v1/GetCommandResponse.ts';
import type { GetGroupPushRequestInit as _pushfleet_admin_v1_GetGroupPushRequestInit, GetGroupPushRequest as _pushfleet_admin_v1_GetGroupPushRequest } from '../../../pushfleet/admin/v1/GetGroupPushRequest.ts';
import type { GetGroupPushResponseInit as _pushfleet_admin_v1_GetGroupPushResponseInit, GetGroupPushResponse as _pushfleet_admin_v1_GetGroupPushResponse } from '../../../pushfleet/admin/v1/GetGroupPushResponse.ts';
import type { ListCommandsRequestInit as _pushfleet_admin_v1_ListCommandsRequestInit, ListCommandsRequest as _pushfleet_admin_v1_ListCommandsRequest } from '../../../pushfleet/admin/v1/ListCommandsRequest.ts';
import type { ListCommandsResponseInit as _pushfleet_admin_v1_ListCommandsResponseInit, ListCommandsResponse as _pushfleet_admin_v1_ListCommandsResponse } from '../../../pushfleet/admin/v1/ListCommandsResponse.ts';
import type { ListGroupPushOutcomesRequestInit as _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, ListGroupPushOutcomesRequest as _pushfleet_admin_v1_ListGroupPushOutcomesRequest } from '../../../pushfleet/admin/v1/ListGroupPushOutcomesRequest.ts';
import type { ListGroupPushOutcomesResponseInit as _pushfleet_admin_v1_ListGroupPushOutcomesResponseInit, ListGroupPushOutcomesResponse as _pushfleet_admin_v1_ListGroupPushOutcomesResponse } from '../../../pushfleet/admin/v1/ListGroupPushOutcomesResponse.ts';
import type { ListGroupPushesRequestInit as _pushfleet_admin_v1_ListGroupPushesRequestInit, ListGroupPushesRequest as _pushfleet_admin_v1_ListGroupPushesRequest } from '../../../pushfleet/admin/v1/ListGroupPushesRequest.ts';
import type { ListGroupPushesResponseInit as _pushfleet_admin_v1_ListGroupPushesResponseInit, ListGroupPushesResponse as _pushfleet_admin_v1_ListGroupPushesResponse } from '../../../pushfleet/admin/v1/ListGroupPushesResponse.ts';
import type { PauseGroupPushRequestInit as _pushfleet_admin_v1_PauseGroupPushRequestInit, PauseGroupPushRequest as _pushfleet_admin_v1_PauseGroupPushRequest } from '../../../pushfleet/admin/v1/PauseGroupPushRequest.ts';
import type { PauseGroupPushResponseInit as _pushfleet_admin_v1_PauseGroupPushResponseInit, PauseGroupPushResponse as _pushfleet_admin_v1_PauseGroupPushResponse } from '../../../pushfleet/admin/v1/PauseGroupPushResponse.ts';
import type { PushRequestInit as _pushfleet_admin_v1_PushRequestInit, PushRequest as _pushfleet_admin_v1_PushRequest } from '../../../pushfleet/admin/v1/PushRequest.ts';
import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from '../../../pushfleet/admin/v1/PushResponse.ts';
import type { PushStreamRequestInit as _pushfleet_admin_v1_PushStreamRequestInit, PushStreamRequest as _pushfleet_admin_v1_PushStreamRequest } from '../../../pushfleet/admin/v1/PushStreamRequest.ts';
import type { PushStreamResponseInit as _pushfleet_admin_v1_PushStreamResponseInit, PushStreamResponse as _pushfleet_admin_v1_PushStreamResponse } from '../../../pushfleet/admin/v1/PushStreamResponse.ts';
import type { PushToGroupRequestInit as _pushfleet_admin_v1_PushToGroupRequestInit, PushToGroupRequest as _pushfleet_admin_v1_PushToGroupRequest } from '../../../pushfleet/admin/v1/PushToGroupRequest.ts';
import type { PushToGroupResponseInit as _pushfleet_admin_v1_PushToGroupResponseInit, PushToGroupResponse as _pushfleet_admin_v1_PushToGroupResponse } from '../../../pushfleet/admin/v1/PushToGroupResponse.ts';
import type { ResumeGroupPushRequestInit as _pushfleet_admin_v1_ResumeGroupPushRequestInit, ResumeGroupPushRequest as _pushfleet_admin_v1_ResumeGroupPushRequest } from '../../../pushfleet/admin/v1/ResumeGroupPushRequest.ts';
import type { ResumeGroupPushResponseInit as _pushfleet_admin_v1_ResumeGroupPushResponseInit, ResumeGroupPushResponse as _pushfleet_admin_v1_ResumeGroupPushResponse } from '../../../pushfleet/admin/v1/ResumeGroupPushResponse.ts';
import type { WatchCommandRequestInit as _pushfleet_admin_v1_WatchCommandRequestInit, WatchCommandRequest as _pushfleet_admin_v1_WatchCommandRequest } from '../../../pushfleet/admin/v1/WatchCommandRequest.ts';
import type { WatchCommandResponseInit as _pushfleet_admin_v1_WatchCommandResponseInit, WatchCommandResponse as _pushfleet_admin_v1_WatchCommandResponse } from '../../../pushfleet/admin/v1/WatchCommandResponse.ts';
import type { WatchGroupPushRequestInit as _pushfleet_admin_v1_WatchGroupPushRequestInit, WatchGroupPushRequest as _pushfleet_admin_v1_WatchGroupPushRequest } from '../../../pushfleet/admin/v1/WatchGroupPushRequest.ts';
import type { WatchGroupPushResponseInit as _pushfleet_admin_v1_WatchGroupPushResponseInit, WatchGroupPushResponse as _pushfleet_admin_v1_WatchGroupPushResponse } from '../../../pushfleet/admin/v1/WatchGroupPushResponse.ts';

/**
 * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
 * 
 * A command without `ttl` is direct: it goes to the device's live link now or not at all, and only the balancer that
 * took it keeps it; the others ask that one. One with `ttl` is durable: it is in the registry before it is accepted, waits for an absent
 * device, survives the death of any process, and every balancer knows it.
 */
export interface CommandServiceClient extends grpc.Client {
  /**
   * Withdraws a command. One that is QUEUED ends as CANCELLED and is never sent. Of one that is on its way or with the
   * device, `cancel_requested` says that the device will be told; what becomes of it is its outcome. One that has ended
   * keeps its outcome.
   */
  CancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  CancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  /**
   * Withdraws a command. One that is QUEUED ends as CANCELLED and is never sent. Of one that is on its way or with the
   * device, `cancel_requested` says that the device will be told; what becomes of it is its outcome. One that has ended
   * keeps its outcome.
   */
  cancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  cancelCommand(argument: _pushfleet_admin_v1_CancelCommandRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelCommandResponse>): grpc.ClientUnaryCall;
  
  /**
   * No more commands go out, and those that are out and have not ended are cancelled.
   */
  CancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  CancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  CancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  CancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  /**
   * No more commands go out, and those that are out and have not ended are cancelled.
   */
  cancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  cancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  cancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  cancelGroupPush(argument: _pushfleet_admin_v1_CancelGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CancelGroupPushResponse>): grpc.ClientUnaryCall;
  
  /**
   * Where a command stands. NOT_FOUND: there is none, or it is no longer kept (durable ones are for a day after they
   * ended, the last 1,000 of a device), or it is a direct one, and the balancer that took it is gone. Once it has ended, a
   * custom operation of more than 4 KiB is shown without its payload. Of direct commands those are kept that are under
   * way, and for a minute the last ones whose caller did not wait for the end, or has chosen the id.
   * 
   * Any balancer can be asked, about a direct command too: an id that a balancer made names it, and that one is asked; for
   * an id that the caller has chosen all of them are, two seconds at most. UNAVAILABLE (BALANCER_UNAVAILABLE): one that
   * has the command, or may have it, does not answer, so that it is not known how it stands. The same goes for WatchCommand
   * and CancelCommand.
   */
  GetCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  GetCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  /**
   * Where a command stands. NOT_FOUND: there is none, or it is no longer kept (durable ones are for a day after they
   * ended, the last 1,000 of a device), or it is a direct one, and the balancer that took it is gone. Once it has ended, a
   * custom operation of more than 4 KiB is shown without its payload. Of direct commands those are kept that are under
   * way, and for a minute the last ones whose caller did not wait for the end, or has chosen the id.
   * 
   * Any balancer can be asked, about a direct command too: an id that a balancer made names it, and that one is asked; for
   * an id that the caller has chosen all of them are, two seconds at most. UNAVAILABLE (BALANCER_UNAVAILABLE): one that
   * has the command, or may have it, does not answer, so that it is not known how it stands. The same goes for WatchCommand
   * and CancelCommand.
   */
  getCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  getCommand(argument: _pushfleet_admin_v1_GetCommandRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetCommandResponse>): grpc.ClientUnaryCall;
  
  /**
   * How it goes now. NOT_FOUND: there is none, or it ended more than a day ago.
   */
  GetGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  GetGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  GetGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  GetGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  /**
   * How it goes now. NOT_FOUND: there is none, or it ended more than a day ago.
   */
  getGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  getGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  getGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  getGroupPush(argument: _pushfleet_admin_v1_GetGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetGroupPushResponse>): grpc.ClientUnaryCall;
  
  /**
   * The durable commands of a device that have not ended, in the order in which they are sent; with `include_ended` behind
   * them those that have ended and are kept (for a day, the last 1,000 of a device), the last one first. Direct ones are in
   * no list. Payloads, parameters, counters, outputs and statistics of more than 4 KiB are left out; GetCommand has them.
   */
  ListCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  ListCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  ListCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  ListCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  /**
   * The durable commands of a device that have not ended, in the order in which they are sent; with `include_ended` behind
   * them those that have ended and are kept (for a day, the last 1,000 of a device), the last one first. Direct ones are in
   * no list. Payloads, parameters, counters, outputs and statistics of more than 4 KiB are left out; GetCommand has them.
   */
  listCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  listCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  listCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  listCommands(argument: _pushfleet_admin_v1_ListCommandsRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListCommandsResponse>): grpc.ClientUnaryCall;
  
  /**
   * What has become of each device's command, in the order of device ids.
   */
  ListGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  ListGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  ListGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  ListGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  /**
   * What has become of each device's command, in the order of device ids.
   */
  listGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  listGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  listGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  listGroupPushOutcomes(argument: _pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushOutcomesResponse>): grpc.ClientUnaryCall;
  
  /**
   * Newest first, at most 1,000; those that ended more than a day ago are forgotten. Without payloads of custom operations,
   * and without parameters and counters of more than 4 KiB. A token with a scope sees those to groups at or below it.
   */
  ListGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  ListGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  ListGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  ListGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  /**
   * Newest first, at most 1,000; those that ended more than a day ago are forgotten. Without payloads of custom operations,
   * and without parameters and counters of more than 4 KiB. A token with a scope sees those to groups at or below it.
   */
  listGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  listGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  listGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  listGroupPushes(argument: _pushfleet_admin_v1_ListGroupPushesRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListGroupPushesResponse>): grpc.ClientUnaryCall;
  
  /**
   * No more commands go out until ResumeGroupPush; those that are out go on. One of which every command is out stays
   * RUNNING: nothing is left to be held back. Answers once it is so, or after 2.5 seconds as it is then; so do the next
   * two.
   */
  PauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  PauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  PauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  PauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  /**
   * No more commands go out until ResumeGroupPush; those that are out go on. One of which every command is out stays
   * RUNNING: nothing is left to be held back. Answers once it is so, or after 2.5 seconds as it is then; so do the next
   * two.
   */
  pauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  pauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  pauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  pauseGroupPush(argument: _pushfleet_admin_v1_PauseGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PauseGroupPushResponse>): grpc.ClientUnaryCall;
  
  /**
   * Sends one command to one device and waits as long as `wait` says.
   * 
   * What becomes of the command is an outcome, never an error: a device that is away gives NOT_CONNECTED.
   * Errors say that the command was not accepted and nothing was sent:
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     no token, or a wrong one.
   * NOT_FOUND           no such device.
   * ALREADY_EXISTS      the `command_id` or `idempotency_key` stands for something else.
   * RESOURCE_EXHAUSTED  too many commands are under way (OVERLOADED), or wait for this device (QUEUE_FULL).
   * UNAVAILABLE         the registry does not answer. A durable command may have been accepted all the same: ask again
   * with the same `idempotency_key` or `command_id`.
   * 
   * A caller that goes away, or whose deadline passes, withdraws a direct command that is not written to the link yet: it
   * ends as CANCELLED. One that is goes on, as a durable one does in any case; GetCommand tells of it by the `command_id`
   * that the caller has chosen.
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
   * ALREADY_EXISTS      the `command_id` or `idempotency_key` stands for something else.
   * RESOURCE_EXHAUSTED  too many commands are under way (OVERLOADED), or wait for this device (QUEUE_FULL).
   * UNAVAILABLE         the registry does not answer. A durable command may have been accepted all the same: ask again
   * with the same `idempotency_key` or `command_id`.
   * 
   * A caller that goes away, or whose deadline passes, withdraws a direct command that is not written to the link yet: it
   * ends as CANCELLED. One that is goes on, as a durable one does in any case; GetCommand tells of it by the `command_id`
   * that the caller has chosen.
   */
  push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  push(argument: _pushfleet_admin_v1_PushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PushResponse>): grpc.ClientUnaryCall;
  
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order; requests and answers
   * travel in batches. A PushStreamRequest has at most 1,441,792 bytes: a larger one ends the stream with
   * RESOURCE_EXHAUSTED, which names the limit, before anything of it is accepted; what was under way is treated as where a
   * caller goes away. The server stops reading while 4,096 of the stream's commands are under way or its answers are not
   * read. A command that was not accepted is answered with `error` and does not end the stream.
   */
  PushStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  PushStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order; requests and answers
   * travel in batches. A PushStreamRequest has at most 1,441,792 bytes: a larger one ends the stream with
   * RESOURCE_EXHAUSTED, which names the limit, before anything of it is accepted; what was under way is treated as where a
   * caller goes away. The server stops reading while 4,096 of the stream's commands are under way or its answers are not
   * read. A command that was not accepted is answered with `error` and does not end the stream.
   */
  pushStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  pushStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponse>;
  
  /**
   * Sends one command to every device of a group, and answers once that is under way. It goes on whatever becomes of the
   * caller and of the balancer that began it.
   */
  PushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  PushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  PushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  PushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  /**
   * Sends one command to every device of a group, and answers once that is under way. It goes on whatever becomes of the
   * caller and of the balancer that began it.
   */
  pushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  pushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  pushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  pushToGroup(argument: _pushfleet_admin_v1_PushToGroupRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_PushToGroupResponse>): grpc.ClientUnaryCall;
  
  /**
   * One that is paused goes on.
   */
  ResumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  ResumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  ResumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  ResumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  /**
   * One that is paused goes on.
   */
  resumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  resumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  resumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  resumeGroupPush(argument: _pushfleet_admin_v1_ResumeGroupPushRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ResumeGroupPushResponse>): grpc.ClientUnaryCall;
  
  /**
   * The same, now and after every change, progress and statistics included. Ends with the command. A slow reader misses
   * what lies between, never the last.
   */
  WatchCommand(argument: _pushfleet_admin_v1_WatchCommandRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchCommandResponse>;
  WatchCommand(argument: _pushfleet_admin_v1_WatchCommandRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchCommandResponse>;
  /**
   * The same, now and after every change, progress and statistics included. Ends with the command. A slow reader misses
   * what lies between, never the last.
   */
  watchCommand(argument: _pushfleet_admin_v1_WatchCommandRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchCommandResponse>;
  watchCommand(argument: _pushfleet_admin_v1_WatchCommandRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchCommandResponse>;
  
  /**
   * How it goes, now and after changes, at most five times a second. Ends with it. Without the payload of a custom
   * operation, and without parameters and counters of more than 4 KiB; GetGroupPush has them.
   */
  WatchGroupPush(argument: _pushfleet_admin_v1_WatchGroupPushRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchGroupPushResponse>;
  WatchGroupPush(argument: _pushfleet_admin_v1_WatchGroupPushRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchGroupPushResponse>;
  /**
   * How it goes, now and after changes, at most five times a second. Ends with it. Without the payload of a custom
   * operation, and without parameters and counters of more than 4 KiB; GetGroupPush has them.
   */
  watchGroupPush(argument: _pushfleet_admin_v1_WatchGroupPushRequestInit, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchGroupPushResponse>;
  watchGroupPush(argument: _pushfleet_admin_v1_WatchGroupPushRequestInit, options?: grpc.CallOptions): grpc.ClientReadableStream<_pushfleet_admin_v1_WatchGroupPushResponse>;
  
}

/**
 * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
 * 
 * A command without `ttl` is direct: it goes to the device's live link now or not at all, and only the balancer that
 * took it keeps it; the others ask that one. One with `ttl` is durable: it is in the registry before it is accepted, waits for an absent
 * device, survives the death of any process, and every balancer knows it.
 */
export interface CommandServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Withdraws a command. One that is QUEUED ends as CANCELLED and is never sent. Of one that is on its way or with the
   * device, `cancel_requested` says that the device will be told; what becomes of it is its outcome. One that has ended
   * keeps its outcome.
   */
  CancelCommand: grpc.handleUnaryCall<_pushfleet_admin_v1_CancelCommandRequest, _pushfleet_admin_v1_CancelCommandResponseInit>;
  
  /**
   * No more commands go out, and those that are out and have not ended are cancelled.
   */
  CancelGroupPush: grpc.handleUnaryCall<_pushfleet_admin_v1_CancelGroupPushRequest, _pushfleet_admin_v1_CancelGroupPushResponseInit>;
  
  /**
   * Where a command stands. NOT_FOUND: there is none, or it is no longer kept (durable ones are for a day after they
   * ended, the last 1,000 of a device), or it is a direct one, and the balancer that took it is gone. Once it has ended, a
   * custom operation of more than 4 KiB is shown without its payload. Of direct commands those are kept that are under
   * way, and for a minute the last ones whose caller did not wait for the end, or has chosen the id.
   * 
   * Any balancer can be asked, about a direct command too: an id that a balancer made names it, and that one is asked; for
   * an id that the caller has chosen all of them are, two seconds at most. UNAVAILABLE (BALANCER_UNAVAILABLE): one that
   * has the command, or may have it, does not answer, so that it is not known how it stands. The same goes for WatchCommand
   * and CancelCommand.
   */
  GetCommand: grpc.handleUnaryCall<_pushfleet_admin_v1_GetCommandRequest, _pushfleet_admin_v1_GetCommandResponseInit>;
  
  /**
   * How it goes now. NOT_FOUND: there is none, or it ended more than a day ago.
   */
  GetGroupPush: grpc.handleUnaryCall<_pushfleet_admin_v1_GetGroupPushRequest, _pushfleet_admin_v1_GetGroupPushResponseInit>;
  
  /**
   * The durable commands of a device that have not ended, in the order in which they are sent; with `include_ended` behind
   * them those that have ended and are kept (for a day, the last 1,000 of a device), the last one first. Direct ones are in
   * no list. Payloads, parameters, counters, outputs and statistics of more than 4 KiB are left out; GetCommand has them.
   */
  ListCommands: grpc.handleUnaryCall<_pushfleet_admin_v1_ListCommandsRequest, _pushfleet_admin_v1_ListCommandsResponseInit>;
  
  /**
   * What has become of each device's command, in the order of device ids.
   */
  ListGroupPushOutcomes: grpc.handleUnaryCall<_pushfleet_admin_v1_ListGroupPushOutcomesRequest, _pushfleet_admin_v1_ListGroupPushOutcomesResponseInit>;
  
  /**
   * Newest first, at most 1,000; those that ended more than a day ago are forgotten. Without payloads of custom operations,
   * and without parameters and counters of more than 4 KiB. A token with a scope sees those to groups at or below it.
   */
  ListGroupPushes: grpc.handleUnaryCall<_pushfleet_admin_v1_ListGroupPushesRequest, _pushfleet_admin_v1_ListGroupPushesResponseInit>;
  
  /**
   * No more commands go out until ResumeGroupPush; those that are out go on. One of which every command is out stays
   * RUNNING: nothing is left to be held back. Answers once it is so, or after 2.5 seconds as it is then; so do the next
   * two.
   */
  PauseGroupPush: grpc.handleUnaryCall<_pushfleet_admin_v1_PauseGroupPushRequest, _pushfleet_admin_v1_PauseGroupPushResponseInit>;
  
  /**
   * Sends one command to one device and waits as long as `wait` says.
   * 
   * What becomes of the command is an outcome, never an error: a device that is away gives NOT_CONNECTED.
   * Errors say that the command was not accepted and nothing was sent:
   * INVALID_ARGUMENT    a field is malformed; the message names it.
   * UNAUTHENTICATED     no token, or a wrong one.
   * NOT_FOUND           no such device.
   * ALREADY_EXISTS      the `command_id` or `idempotency_key` stands for something else.
   * RESOURCE_EXHAUSTED  too many commands are under way (OVERLOADED), or wait for this device (QUEUE_FULL).
   * UNAVAILABLE         the registry does not answer. A durable command may have been accepted all the same: ask again
   * with the same `idempotency_key` or `command_id`.
   * 
   * A caller that goes away, or whose deadline passes, withdraws a direct command that is not written to the link yet: it
   * ends as CANCELLED. One that is goes on, as a durable one does in any case; GetCommand tells of it by the `command_id`
   * that the caller has chosen.
   */
  Push: grpc.handleUnaryCall<_pushfleet_admin_v1_PushRequest, _pushfleet_admin_v1_PushResponseInit>;
  
  /**
   * The same for volume: any number of commands on one stream, answered as they end, in any order; requests and answers
   * travel in batches. A PushStreamRequest has at most 1,441,792 bytes: a larger one ends the stream with
   * RESOURCE_EXHAUSTED, which names the limit, before anything of it is accepted; what was under way is treated as where a
   * caller goes away. The server stops reading while 4,096 of the stream's commands are under way or its answers are not
   * read. A command that was not accepted is answered with `error` and does not end the stream.
   */
  PushStream: grpc.handleBidiStreamingCall<_pushfleet_admin_v1_PushStreamRequest, _pushfleet_admin_v1_PushStreamResponseInit>;
  
  /**
   * Sends one command to every device of a group, and answers once that is under way. It goes on whatever becomes of the
   * caller and of the balancer that began it.
   */
  PushToGroup: grpc.handleUnaryCall<_pushfleet_admin_v1_PushToGroupRequest, _pushfleet_admin_v1_PushToGroupResponseInit>;
  
  /**
   * One that is paused goes on.
   */
  ResumeGroupPush: grpc.handleUnaryCall<_pushfleet_admin_v1_ResumeGroupPushRequest, _pushfleet_admin_v1_ResumeGroupPushResponseInit>;
  
  /**
   * The same, now and after every change, progress and statistics included. Ends with the command. A slow reader misses
   * what lies between, never the last.
   */
  WatchCommand: grpc.handleServerStreamingCall<_pushfleet_admin_v1_WatchCommandRequest, _pushfleet_admin_v1_WatchCommandResponseInit>;
  
  /**
   * How it goes, now and after changes, at most five times a second. Ends with it. Without the payload of a custom
   * operation, and without parameters and counters of more than 4 KiB; GetGroupPush has them.
   */
  WatchGroupPush: grpc.handleServerStreamingCall<_pushfleet_admin_v1_WatchGroupPushRequest, _pushfleet_admin_v1_WatchGroupPushResponseInit>;
  
}

export interface CommandServiceDefinition extends grpc.ServiceDefinition {
  CancelCommand: MethodDefinition<_pushfleet_admin_v1_CancelCommandRequestInit, _pushfleet_admin_v1_CancelCommandResponseInit, _pushfleet_admin_v1_CancelCommandRequest, _pushfleet_admin_v1_CancelCommandResponse>
  CancelGroupPush: MethodDefinition<_pushfleet_admin_v1_CancelGroupPushRequestInit, _pushfleet_admin_v1_CancelGroupPushResponseInit, _pushfleet_admin_v1_CancelGroupPushRequest, _pushfleet_admin_v1_CancelGroupPushResponse>
  GetCommand: MethodDefinition<_pushfleet_admin_v1_GetCommandRequestInit, _pushfleet_admin_v1_GetCommandResponseInit, _pushfleet_admin_v1_GetCommandRequest, _pushfleet_admin_v1_GetCommandResponse>
  GetGroupPush: MethodDefinition<_pushfleet_admin_v1_GetGroupPushRequestInit, _pushfleet_admin_v1_GetGroupPushResponseInit, _pushfleet_admin_v1_GetGroupPushRequest, _pushfleet_admin_v1_GetGroupPushResponse>
  ListCommands: MethodDefinition<_pushfleet_admin_v1_ListCommandsRequestInit, _pushfleet_admin_v1_ListCommandsResponseInit, _pushfleet_admin_v1_ListCommandsRequest, _pushfleet_admin_v1_ListCommandsResponse>
  ListGroupPushOutcomes: MethodDefinition<_pushfleet_admin_v1_ListGroupPushOutcomesRequestInit, _pushfleet_admin_v1_ListGroupPushOutcomesResponseInit, _pushfleet_admin_v1_ListGroupPushOutcomesRequest, _pushfleet_admin_v1_ListGroupPushOutcomesResponse>
  ListGroupPushes: MethodDefinition<_pushfleet_admin_v1_ListGroupPushesRequestInit, _pushfleet_admin_v1_ListGroupPushesResponseInit, _pushfleet_admin_v1_ListGroupPushesRequest, _pushfleet_admin_v1_ListGroupPushesResponse>
  PauseGroupPush: MethodDefinition<_pushfleet_admin_v1_PauseGroupPushRequestInit, _pushfleet_admin_v1_PauseGroupPushResponseInit, _pushfleet_admin_v1_PauseGroupPushRequest, _pushfleet_admin_v1_PauseGroupPushResponse>
  Push: MethodDefinition<_pushfleet_admin_v1_PushRequestInit, _pushfleet_admin_v1_PushResponseInit, _pushfleet_admin_v1_PushRequest, _pushfleet_admin_v1_PushResponse>
  PushStream: MethodDefinition<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamResponseInit, _pushfleet_admin_v1_PushStreamRequest, _pushfleet_admin_v1_PushStreamResponse>
  PushToGroup: MethodDefinition<_pushfleet_admin_v1_PushToGroupRequestInit, _pushfleet_admin_v1_PushToGroupResponseInit, _pushfleet_admin_v1_PushToGroupRequest, _pushfleet_admin_v1_PushToGroupResponse>
  ResumeGroupPush: MethodDefinition<_pushfleet_admin_v1_ResumeGroupPushRequestInit, _pushfleet_admin_v1_ResumeGroupPushResponseInit, _pushfleet_admin_v1_ResumeGroupPushRequest, _pushfleet_admin_v1_ResumeGroupPushResponse>
  WatchCommand: MethodDefinition<_pushfleet_admin_v1_WatchCommandRequestInit, _pushfleet_admin_v1_WatchCommandResponseInit, _pushfleet_admin_v1_WatchCommandRequest, _pushfleet_admin_v1_WatchCommandResponse>
  WatchGroupPush: MethodDefinition<_pushfleet_admin_v1_WatchGroupPushRequestInit, _pushfleet_admin_v1_WatchGroupPushResponseInit, _pushfleet_admin_v1_WatchGroupPushRequest, _pushfleet_admin_v1_WatchGroupPushResponse>
}

import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { CommandServiceClient as _pushfleet_admin_v1_CommandServiceClient, CommandServiceDefinition as _pushfleet_admin_v1_CommandServiceDefinition } from './pushfleet/admin/v1/CommandService.ts';
import type { PushErrorInit as _pushfleet_admin_v1_PushErrorInit, PushError as _pushfleet_admin_v1_PushError } from './pushfleet/admin/v1/PushError.ts';
import type { PushRequestInit as _pushfleet_admin_v1_PushRequestInit, PushRequest as _pushfleet_admin_v1_PushRequest } from './pushfleet/admin/v1/PushRequest.ts';
import type { PushResponseInit as _pushfleet_admin_v1_PushResponseInit, PushResponse as _pushfleet_admin_v1_PushResponse } from './pushfleet/admin/v1/PushResponse.ts';
import type { PushStreamRequestInit as _pushfleet_admin_v1_PushStreamRequestInit, PushStreamRequest as _pushfleet_admin_v1_PushStreamRequest } from './pushfleet/admin/v1/PushStreamRequest.ts';
import type { PushStreamResponseInit as _pushfleet_admin_v1_PushStreamResponseInit, PushStreamResponse as _pushfleet_admin_v1_PushStreamResponse } from './pushfleet/admin/v1/PushStreamResponse.ts';
import type { CommandStatusInit as _pushfleet_common_v1_CommandStatusInit, CommandStatus as _pushfleet_common_v1_CommandStatus } from './pushfleet/common/v1/CommandStatus.ts';
import type { CustomInit as _pushfleet_common_v1_CustomInit, Custom as _pushfleet_common_v1_Custom } from './pushfleet/common/v1/Custom.ts';
import type { ForceSyncInit as _pushfleet_common_v1_ForceSyncInit, ForceSync as _pushfleet_common_v1_ForceSync } from './pushfleet/common/v1/ForceSync.ts';
import type { OperationInit as _pushfleet_common_v1_OperationInit, Operation as _pushfleet_common_v1_Operation } from './pushfleet/common/v1/Operation.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  pushfleet: {
    admin: {
      v1: {
        /**
         * Tells devices what to do. Served by balancers (port 13299) to holders of an API token.
         */
        CommandService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_CommandServiceClient> & { service: _pushfleet_admin_v1_CommandServiceDefinition }
        PushError: MessageTypeDefinition<_pushfleet_admin_v1_PushErrorInit, _pushfleet_admin_v1_PushError>
        PushRequest: MessageTypeDefinition<_pushfleet_admin_v1_PushRequestInit, _pushfleet_admin_v1_PushRequest>
        PushResponse: MessageTypeDefinition<_pushfleet_admin_v1_PushResponseInit, _pushfleet_admin_v1_PushResponse>
        PushStreamRequest: MessageTypeDefinition<_pushfleet_admin_v1_PushStreamRequestInit, _pushfleet_admin_v1_PushStreamRequest>
        PushStreamResponse: MessageTypeDefinition<_pushfleet_admin_v1_PushStreamResponseInit, _pushfleet_admin_v1_PushStreamResponse>
        Wait: EnumTypeDefinition
      }
    }
    common: {
      v1: {
        CommandStatus: MessageTypeDefinition<_pushfleet_common_v1_CommandStatusInit, _pushfleet_common_v1_CommandStatus>
        Custom: MessageTypeDefinition<_pushfleet_common_v1_CustomInit, _pushfleet_common_v1_Custom>
        ForceSync: MessageTypeDefinition<_pushfleet_common_v1_ForceSyncInit, _pushfleet_common_v1_ForceSync>
        Operation: MessageTypeDefinition<_pushfleet_common_v1_OperationInit, _pushfleet_common_v1_Operation>
        Outcome: EnumTypeDefinition
      }
    }
  }
}


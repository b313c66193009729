import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { OpenRequestInit as _pushfleet_admin_v1_OpenRequestInit, OpenRequest as _pushfleet_admin_v1_OpenRequest } from './pushfleet/admin/v1/OpenRequest.ts';
import type { OpenResponseInit as _pushfleet_admin_v1_OpenResponseInit, OpenResponse as _pushfleet_admin_v1_OpenResponse } from './pushfleet/admin/v1/OpenResponse.ts';
import type { TunnelOpenedInit as _pushfleet_admin_v1_TunnelOpenedInit, TunnelOpened as _pushfleet_admin_v1_TunnelOpened } from './pushfleet/admin/v1/TunnelOpened.ts';
import type { TunnelServiceClient as _pushfleet_admin_v1_TunnelServiceClient, TunnelServiceDefinition as _pushfleet_admin_v1_TunnelServiceDefinition } from './pushfleet/admin/v1/TunnelService.ts';
import type { TunnelTargetInit as _pushfleet_admin_v1_TunnelTargetInit, TunnelTarget as _pushfleet_admin_v1_TunnelTarget } from './pushfleet/admin/v1/TunnelTarget.ts';
import type { TunnelCloseInit as _pushfleet_common_v1_TunnelCloseInit, TunnelClose as _pushfleet_common_v1_TunnelClose } from './pushfleet/common/v1/TunnelClose.ts';
import type { TunnelEndInit as _pushfleet_common_v1_TunnelEndInit, TunnelEnd as _pushfleet_common_v1_TunnelEnd } from './pushfleet/common/v1/TunnelEnd.ts';
import type { TunnelFrameInit as _pushfleet_common_v1_TunnelFrameInit, TunnelFrame as _pushfleet_common_v1_TunnelFrame } from './pushfleet/common/v1/TunnelFrame.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Duration: MessageTypeDefinition<_google_protobuf_DurationInit, _google_protobuf_Duration>
    }
  }
  pushfleet: {
    admin: {
      v1: {
        OpenRequest: MessageTypeDefinition<_pushfleet_admin_v1_OpenRequestInit, _pushfleet_admin_v1_OpenRequest>
        OpenResponse: MessageTypeDefinition<_pushfleet_admin_v1_OpenResponseInit, _pushfleet_admin_v1_OpenResponse>
        TunnelOpened: MessageTypeDefinition<_pushfleet_admin_v1_TunnelOpenedInit, _pushfleet_admin_v1_TunnelOpened>
        /**
         * TCP connections through a device. Served by balancers (port 13299) to holders of an API token.
         */
        TunnelService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_TunnelServiceClient> & { service: _pushfleet_admin_v1_TunnelServiceDefinition }
        TunnelTarget: MessageTypeDefinition<_pushfleet_admin_v1_TunnelTargetInit, _pushfleet_admin_v1_TunnelTarget>
      }
    }
    common: {
      v1: {
        TunnelClose: MessageTypeDefinition<_pushfleet_common_v1_TunnelCloseInit, _pushfleet_common_v1_TunnelClose>
        TunnelEnd: MessageTypeDefinition<_pushfleet_common_v1_TunnelEndInit, _pushfleet_common_v1_TunnelEnd>
        TunnelFrame: MessageTypeDefinition<_pushfleet_common_v1_TunnelFrameInit, _pushfleet_common_v1_TunnelFrame>
      }
    }
  }
}


import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { AuditEventInit as _pushfleet_admin_v1_AuditEventInit, AuditEvent as _pushfleet_admin_v1_AuditEvent } from './pushfleet/admin/v1/AuditEvent.ts';
import type { EventInit as _pushfleet_admin_v1_EventInit, Event as _pushfleet_admin_v1_Event } from './pushfleet/admin/v1/Event.ts';
import type { EventServiceClient as _pushfleet_admin_v1_EventServiceClient, EventServiceDefinition as _pushfleet_admin_v1_EventServiceDefinition } from './pushfleet/admin/v1/EventService.ts';
import type { TunnelRecordInit as _pushfleet_admin_v1_TunnelRecordInit, TunnelRecord as _pushfleet_admin_v1_TunnelRecord } from './pushfleet/admin/v1/TunnelRecord.ts';
import type { WatchAuditRequestInit as _pushfleet_admin_v1_WatchAuditRequestInit, WatchAuditRequest as _pushfleet_admin_v1_WatchAuditRequest } from './pushfleet/admin/v1/WatchAuditRequest.ts';
import type { WatchAuditResponseInit as _pushfleet_admin_v1_WatchAuditResponseInit, WatchAuditResponse as _pushfleet_admin_v1_WatchAuditResponse } from './pushfleet/admin/v1/WatchAuditResponse.ts';
import type { WatchRequestInit as _pushfleet_admin_v1_WatchRequestInit, WatchRequest as _pushfleet_admin_v1_WatchRequest } from './pushfleet/admin/v1/WatchRequest.ts';
import type { WatchResponseInit as _pushfleet_admin_v1_WatchResponseInit, WatchResponse as _pushfleet_admin_v1_WatchResponse } from './pushfleet/admin/v1/WatchResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  google: {
    protobuf: {
      Timestamp: MessageTypeDefinition<_google_protobuf_TimestampInit, _google_protobuf_Timestamp>
    }
  }
  pushfleet: {
    admin: {
      v1: {
        AuditEvent: MessageTypeDefinition<_pushfleet_admin_v1_AuditEventInit, _pushfleet_admin_v1_AuditEvent>
        Event: MessageTypeDefinition<_pushfleet_admin_v1_EventInit, _pushfleet_admin_v1_Event>
        EventKind: EnumTypeDefinition
        /**
         * What happens in the cluster, as it happens. Served by balancers (port 13299) to holders of an API token.
         */
        EventService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_EventServiceClient> & { service: _pushfleet_admin_v1_EventServiceDefinition }
        TunnelRecord: MessageTypeDefinition<_pushfleet_admin_v1_TunnelRecordInit, _pushfleet_admin_v1_TunnelRecord>
        WatchAuditRequest: MessageTypeDefinition<_pushfleet_admin_v1_WatchAuditRequestInit, _pushfleet_admin_v1_WatchAuditRequest>
        WatchAuditResponse: MessageTypeDefinition<_pushfleet_admin_v1_WatchAuditResponseInit, _pushfleet_admin_v1_WatchAuditResponse>
        WatchRequest: MessageTypeDefinition<_pushfleet_admin_v1_WatchRequestInit, _pushfleet_admin_v1_WatchRequest>
        WatchResponse: MessageTypeDefinition<_pushfleet_admin_v1_WatchResponseInit, _pushfleet_admin_v1_WatchResponse>
      }
    }
    common: {
      v1: {
        CloseReason: EnumTypeDefinition
      }
    }
  }
}


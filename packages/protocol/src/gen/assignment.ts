import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AssignRequestInit as _pushfleet_device_v1_AssignRequestInit, AssignRequest as _pushfleet_device_v1_AssignRequest } from './pushfleet/device/v1/AssignRequest.ts';
import type { AssignResponseInit as _pushfleet_device_v1_AssignResponseInit, AssignResponse as _pushfleet_device_v1_AssignResponse } from './pushfleet/device/v1/AssignResponse.ts';
import type { AssignmentServiceClient as _pushfleet_device_v1_AssignmentServiceClient, AssignmentServiceDefinition as _pushfleet_device_v1_AssignmentServiceDefinition } from './pushfleet/device/v1/AssignmentService.ts';
import type { EnrollRequestInit as _pushfleet_device_v1_EnrollRequestInit, EnrollRequest as _pushfleet_device_v1_EnrollRequest } from './pushfleet/device/v1/EnrollRequest.ts';
import type { EnrollResponseInit as _pushfleet_device_v1_EnrollResponseInit, EnrollResponse as _pushfleet_device_v1_EnrollResponse } from './pushfleet/device/v1/EnrollResponse.ts';
import type { ServerInit as _pushfleet_device_v1_ServerInit, Server as _pushfleet_device_v1_Server } from './pushfleet/device/v1/Server.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  pushfleet: {
    device: {
      v1: {
        AssignRequest: MessageTypeDefinition<_pushfleet_device_v1_AssignRequestInit, _pushfleet_device_v1_AssignRequest>
        AssignResponse: MessageTypeDefinition<_pushfleet_device_v1_AssignResponseInit, _pushfleet_device_v1_AssignResponse>
        /**
         * Served by balancers, over TLS (port 13000). The same question can be asked as
         * `POST /v1/assignment` with the JSON form of AssignRequest.
         */
        AssignmentService: SubtypeConstructor<typeof grpc.Client, _pushfleet_device_v1_AssignmentServiceClient> & { service: _pushfleet_device_v1_AssignmentServiceDefinition }
        EnrollRequest: MessageTypeDefinition<_pushfleet_device_v1_EnrollRequestInit, _pushfleet_device_v1_EnrollRequest>
        EnrollResponse: MessageTypeDefinition<_pushfleet_device_v1_EnrollResponseInit, _pushfleet_device_v1_EnrollResponse>
        Server: MessageTypeDefinition<_pushfleet_device_v1_ServerInit, _pushfleet_device_v1_Server>
      }
    }
  }
}


import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DurationInit as _google_protobuf_DurationInit, Duration as _google_protobuf_Duration } from './google/protobuf/Duration.ts';
import type { TimestampInit as _google_protobuf_TimestampInit, Timestamp as _google_protobuf_Timestamp } from './google/protobuf/Timestamp.ts';
import type { ApiTokenInit as _pushfleet_admin_v1_ApiTokenInit, ApiToken as _pushfleet_admin_v1_ApiToken } from './pushfleet/admin/v1/ApiToken.ts';
import type { CreateSignInCodeRequestInit as _pushfleet_admin_v1_CreateSignInCodeRequestInit, CreateSignInCodeRequest as _pushfleet_admin_v1_CreateSignInCodeRequest } from './pushfleet/admin/v1/CreateSignInCodeRequest.ts';
import type { CreateSignInCodeResponseInit as _pushfleet_admin_v1_CreateSignInCodeResponseInit, CreateSignInCodeResponse as _pushfleet_admin_v1_CreateSignInCodeResponse } from './pushfleet/admin/v1/CreateSignInCodeResponse.ts';
import type { CreateTokenRequestInit as _pushfleet_admin_v1_CreateTokenRequestInit, CreateTokenRequest as _pushfleet_admin_v1_CreateTokenRequest } from './pushfleet/admin/v1/CreateTokenRequest.ts';
import type { CreateTokenResponseInit as _pushfleet_admin_v1_CreateTokenResponseInit, CreateTokenResponse as _pushfleet_admin_v1_CreateTokenResponse } from './pushfleet/admin/v1/CreateTokenResponse.ts';
import type { GetOwnTokenRequestInit as _pushfleet_admin_v1_GetOwnTokenRequestInit, GetOwnTokenRequest as _pushfleet_admin_v1_GetOwnTokenRequest } from './pushfleet/admin/v1/GetOwnTokenRequest.ts';
import type { GetOwnTokenResponseInit as _pushfleet_admin_v1_GetOwnTokenResponseInit, GetOwnTokenResponse as _pushfleet_admin_v1_GetOwnTokenResponse } from './pushfleet/admin/v1/GetOwnTokenResponse.ts';
import type { ListTokensRequestInit as _pushfleet_admin_v1_ListTokensRequestInit, ListTokensRequest as _pushfleet_admin_v1_ListTokensRequest } from './pushfleet/admin/v1/ListTokensRequest.ts';
import type { ListTokensResponseInit as _pushfleet_admin_v1_ListTokensResponseInit, ListTokensResponse as _pushfleet_admin_v1_ListTokensResponse } from './pushfleet/admin/v1/ListTokensResponse.ts';
import type { RevokeTokenRequestInit as _pushfleet_admin_v1_RevokeTokenRequestInit, RevokeTokenRequest as _pushfleet_admin_v1_RevokeTokenRequest } from './pushfleet/admin/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponseInit as _pushfleet_admin_v1_RevokeTokenResponseInit, RevokeTokenResponse as _pushfleet_admin_v1_RevokeTokenResponse } from './pushfleet/admin/v1/RevokeTokenResponse.ts';
import type { TokenServiceClient as _pushfleet_admin_v1_TokenServiceClient, TokenServiceDefinition as _pushfleet_admin_v1_TokenServiceDefinition } from './pushfleet/admin/v1/TokenService.ts';

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
        ApiToken: MessageTypeDefinition<_pushfleet_admin_v1_ApiTokenInit, _pushfleet_admin_v1_ApiToken>
        CreateSignInCodeRequest: MessageTypeDefinition<_pushfleet_admin_v1_CreateSignInCodeRequestInit, _pushfleet_admin_v1_CreateSignInCodeRequest>
        CreateSignInCodeResponse: MessageTypeDefinition<_pushfleet_admin_v1_CreateSignInCodeResponseInit, _pushfleet_admin_v1_CreateSignInCodeResponse>
        CreateTokenRequest: MessageTypeDefinition<_pushfleet_admin_v1_CreateTokenRequestInit, _pushfleet_admin_v1_CreateTokenRequest>
        CreateTokenResponse: MessageTypeDefinition<_pushfleet_admin_v1_CreateTokenResponseInit, _pushfleet_admin_v1_CreateTokenResponse>
        GetOwnTokenRequest: MessageTypeDefinition<_pushfleet_admin_v1_GetOwnTokenRequestInit, _pushfleet_admin_v1_GetOwnTokenRequest>
        GetOwnTokenResponse: MessageTypeDefinition<_pushfleet_admin_v1_GetOwnTokenResponseInit, _pushfleet_admin_v1_GetOwnTokenResponse>
        ListTokensRequest: MessageTypeDefinition<_pushfleet_admin_v1_ListTokensRequestInit, _pushfleet_admin_v1_ListTokensRequest>
        ListTokensResponse: MessageTypeDefinition<_pushfleet_admin_v1_ListTokensResponseInit, _pushfleet_admin_v1_ListTokensResponse>
        RevokeTokenRequest: MessageTypeDefinition<_pushfleet_admin_v1_RevokeTokenRequestInit, _pushfleet_admin_v1_RevokeTokenRequest>
        RevokeTokenResponse: MessageTypeDefinition<_pushfleet_admin_v1_RevokeTokenResponseInit, _pushfleet_admin_v1_RevokeTokenResponse>
        Role: EnumTypeDefinition
        /**
         * API tokens: who may do what by the admin API. Served by balancers (port 13299). Every balancer knows of a change within
         * two seconds. The token of the file that balancers read is none of them: it has the role ROLE_ADMIN and the name "root".
         */
        TokenService: SubtypeConstructor<typeof grpc.Client, _pushfleet_admin_v1_TokenServiceClient> & { service: _pushfleet_admin_v1_TokenServiceDefinition }
      }
    }
  }
}


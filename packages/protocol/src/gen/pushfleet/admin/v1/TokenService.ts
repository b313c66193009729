// Original file: proto/pushfleet/admin/v1/token_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreateSignInCodeRequestInit as _pushfleet_admin_v1_CreateSignInCodeRequestInit, CreateSignInCodeRequest as _pushfleet_admin_v1_CreateSignInCodeRequest } from '../../../pushfleet/admin/v1/CreateSignInCodeRequest.ts';
import type { CreateSignInCodeResponseInit as _pushfleet_admin_v1_CreateSignInCodeResponseInit, CreateSignInCodeResponse as _pushfleet_admin_v1_CreateSignInCodeResponse } from '../../../pushfleet/admin/v1/CreateSignInCodeResponse.ts';
import type { CreateTokenRequestInit as _pushfleet_admin_v1_CreateTokenRequestInit, CreateTokenRequest as _pushfleet_admin_v1_CreateTokenRequest } from '../../../pushfleet/admin/v1/CreateTokenRequest.ts';
import type { CreateTokenResponseInit as _pushfleet_admin_v1_CreateTokenResponseInit, CreateTokenResponse as _pushfleet_admin_v1_CreateTokenResponse } from '../../../pushfleet/admin/v1/CreateTokenResponse.ts';
import type { GetOwnTokenRequestInit as _pushfleet_admin_v1_GetOwnTokenRequestInit, GetOwnTokenRequest as _pushfleet_admin_v1_GetOwnTokenRequest } from '../../../pushfleet/admin/v1/GetOwnTokenRequest.ts';
import type { GetOwnTokenResponseInit as _pushfleet_admin_v1_GetOwnTokenResponseInit, GetOwnTokenResponse as _pushfleet_admin_v1_GetOwnTokenResponse } from '../../../pushfleet/admin/v1/GetOwnTokenResponse.ts';
import type { ListTokensRequestInit as _pushfleet_admin_v1_ListTokensRequestInit, ListTokensRequest as _pushfleet_admin_v1_ListTokensRequest } from '../../../pushfleet/admin/v1/ListTokensRequest.ts';
import type { ListTokensResponseInit as _pushfleet_admin_v1_ListTokensResponseInit, ListTokensResponse as _pushfleet_admin_v1_ListTokensResponse } from '../../../pushfleet/admin/v1/ListTokensResponse.ts';
import type { RevokeTokenRequestInit as _pushfleet_admin_v1_RevokeTokenRequestInit, RevokeTokenRequest as _pushfleet_admin_v1_RevokeTokenRequest } from '../../../pushfleet/admin/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponseInit as _pushfleet_admin_v1_RevokeTokenResponseInit, RevokeTokenResponse as _pushfleet_admin_v1_RevokeTokenResponse } from '../../../pushfleet/admin/v1/RevokeTokenResponse.ts';

/**
 * API tokens: who may do what by the admin API. Served by balancers (port 13299). Every balancer knows of a change within
 * two seconds. The token of the file that balancers read is none of them: it has the role ROLE_ADMIN and the name "root".
 */
export interface TokenServiceClient extends grpc.Client {
  /**
   * Makes a code that signs a browser in to the console with the token that this call has shown: once, within five
   * minutes, at any balancer. The link is `<origin of the HTTP port>/console/sign-in?code=<code>`.
   */
  CreateSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  CreateSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  CreateSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  CreateSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  /**
   * Makes a code that signs a browser in to the console with the token that this call has shown: once, within five
   * minutes, at any balancer. The link is `<origin of the HTTP port>/console/sign-in?code=<code>`.
   */
  createSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  createSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  createSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  createSignInCode(argument: _pushfleet_admin_v1_CreateSignInCodeRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateSignInCodeResponse>): grpc.ClientUnaryCall;
  
  /**
   * Makes a token. Several may be good at once, so that one can be replaced by another.
   */
  CreateToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  CreateToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  /**
   * Makes a token. Several may be good at once, so that one can be replaced by another.
   */
  createToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  createToken(argument: _pushfleet_admin_v1_CreateTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_CreateTokenResponse>): grpc.ClientUnaryCall;
  
  /**
   * What the token is that this call has shown, as in ListTokens.
   */
  GetOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  GetOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  GetOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  GetOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  /**
   * What the token is that this call has shown, as in ListTokens.
   */
  getOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  getOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  getOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  getOwnToken(argument: _pushfleet_admin_v1_GetOwnTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_GetOwnTokenResponse>): grpc.ClientUnaryCall;
  
  /**
   * All tokens, also those that have expired; in the order of their names.
   */
  ListTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  ListTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  ListTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  ListTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  /**
   * All tokens, also those that have expired; in the order of their names.
   */
  listTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  listTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  listTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  listTokens(argument: _pushfleet_admin_v1_ListTokensRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_ListTokensResponse>): grpc.ClientUnaryCall;
  
  /**
   * Ends a token. Calls that it has begun go on to their end.
   */
  RevokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  RevokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  RevokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  RevokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  /**
   * Ends a token. Calls that it has begun go on to their end.
   */
  revokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  revokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  revokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  revokeToken(argument: _pushfleet_admin_v1_RevokeTokenRequestInit, callback: grpc.requestCallback<_pushfleet_admin_v1_RevokeTokenResponse>): grpc.ClientUnaryCall;
  
}

/**
 * API tokens: who may do what by the admin API. Served by balancers (port 13299). Every balancer knows of a change within
 * two seconds. The token of the file that balancers read is none of them: it has the role ROLE_ADMIN and the name "root".
 */
export interface TokenServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Makes a code that signs a browser in to the console with the token that this call has shown: once, within five
   * minutes, at any balancer. The link is `<origin of the HTTP port>/console/sign-in?code=<code>`.
   */
  CreateSignInCode: grpc.handleUnaryCall<_pushfleet_admin_v1_CreateSignInCodeRequest, _pushfleet_admin_v1_CreateSignInCodeResponseInit>;
  
  /**
   * Makes a token. Several may be good at once, so that one can be replaced by another.
   */
  CreateToken: grpc.handleUnaryCall<_pushfleet_admin_v1_CreateTokenRequest, _pushfleet_admin_v1_CreateTokenResponseInit>;
  
  /**
   * What the token is that this call has shown, as in ListTokens.
   */
  GetOwnToken: grpc.handleUnaryCall<_pushfleet_admin_v1_GetOwnTokenRequest, _pushfleet_admin_v1_GetOwnTokenResponseInit>;
  
  /**
   * All tokens, also those that have expired; in the order of their names.
   */
  ListTokens: grpc.handleUnaryCall<_pushfleet_admin_v1_ListTokensRequest, _pushfleet_admin_v1_ListTokensResponseInit>;
  
  /**
   * Ends a token. Calls that it has begun go on to their end.
   */
  RevokeToken: grpc.handleUnaryCall<_pushfleet_admin_v1_RevokeTokenRequest, _pushfleet_admin_v1_RevokeTokenResponseInit>;
  
}

export interface TokenServiceDefinition extends grpc.ServiceDefinition {
  CreateSignInCode: MethodDefinition<_pushfleet_admin_v1_CreateSignInCodeRequestInit, _pushfleet_admin_v1_CreateSignInCodeResponseInit, _pushfleet_admin_v1_CreateSignInCodeRequest, _pushfleet_admin_v1_CreateSignInCodeResponse>
  CreateToken: MethodDefinition<_pushfleet_admin_v1_CreateTokenRequestInit, _pushfleet_admin_v1_CreateTokenResponseInit, _pushfleet_admin_v1_CreateTokenRequest, _pushfleet_admin_v1_CreateTokenResponse>
  GetOwnToken: MethodDefinition<_pushfleet_admin_v1_GetOwnTokenRequestInit, _pushfleet_admin_v1_GetOwnTokenResponseInit, _pushfleet_admin_v1_GetOwnTokenRequest, _pushfleet_admin_v1_GetOwnTokenResponse>
  ListTokens: MethodDefinition<_pushfleet_admin_v1_ListTokensRequestInit, _pushfleet_admin_v1_ListTokensResponseInit, _pushfleet_admin_v1_ListTokensRequest, _pushfleet_admin_v1_ListTokensResponse>
  RevokeToken: MethodDefinition<_pushfleet_admin_v1_RevokeTokenRequestInit, _pushfleet_admin_v1_RevokeTokenResponseInit, _pushfleet_admin_v1_RevokeTokenRequest, _pushfleet_admin_v1_RevokeTokenResponse>
}

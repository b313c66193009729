// Original file: proto/pushfleet/admin/v1/token_service.proto


export interface RevokeTokenRequestInit {
  'name'?: (string);
}

export interface RevokeTokenRequest {
  'name': (string);
}

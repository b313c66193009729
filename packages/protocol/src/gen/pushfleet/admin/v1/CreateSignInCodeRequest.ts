// Original file: proto/pushfleet/admin/v1/token_service.proto


export interface CreateSignInCodeRequestInit {
}

export interface CreateSignInCodeRequest {
}

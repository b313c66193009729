// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface ListGroupPushesRequestInit {
}

export interface ListGroupPushesRequest {
}

// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface GetGroupPushRequestInit {
  'groupPushId'?: (string);
}

export interface GetGroupPushRequest {
  'groupPushId': (string);
}

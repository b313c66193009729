// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface CancelGroupPushRequestInit {
  'groupPushId'?: (string);
}

export interface CancelGroupPushRequest {
  'groupPushId': (string);
}

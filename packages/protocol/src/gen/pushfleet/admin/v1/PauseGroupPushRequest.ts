// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface PauseGroupPushRequestInit {
  'groupPushId'?: (string);
}

export interface PauseGroupPushRequest {
  'groupPushId': (string);
}

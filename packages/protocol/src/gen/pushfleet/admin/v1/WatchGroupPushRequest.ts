// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface WatchGroupPushRequestInit {
  'groupPushId'?: (string);
}

export interface WatchGroupPushRequest {
  'groupPushId': (string);
}

// Original file: proto/pushfleet/admin/v1/group_push.proto


export interface ResumeGroupPushRequestInit {
  'groupPushId'?: (string);
}

export interface ResumeGroupPushRequest {
  'groupPushId': (string);
}

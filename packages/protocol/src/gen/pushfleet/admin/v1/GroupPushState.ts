// Original file: proto/pushfleet/admin/v1/group_push.proto

export const GroupPushState = {
  GROUP_PUSH_STATE_UNSPECIFIED: 'GROUP_PUSH_STATE_UNSPECIFIED',
  GROUP_PUSH_STATE_RUNNING: 'GROUP_PUSH_STATE_RUNNING',
  GROUP_PUSH_STATE_PAUSED: 'GROUP_PUSH_STATE_PAUSED',
  /**
   * Every command has ended.
   */
  GROUP_PUSH_STATE_DONE: 'GROUP_PUSH_STATE_DONE',
  GROUP_PUSH_STATE_CANCELLED: 'GROUP_PUSH_STATE_CANCELLED',
  /**
   * Too many commands did not succeed; those that were out have ended.
   */
  GROUP_PUSH_STATE_ABORTED: 'GROUP_PUSH_STATE_ABORTED',
} as const;

export type GroupPushStateInit =
  | 'GROUP_PUSH_STATE_UNSPECIFIED'
  | 0
  | 'GROUP_PUSH_STATE_RUNNING'
  | 1
  | 'GROUP_PUSH_STATE_PAUSED'
  | 2
  /**
   * Every command has ended.
   */
  | 'GROUP_PUSH_STATE_DONE'
  | 3
  | 'GROUP_PUSH_STATE_CANCELLED'
  | 4
  /**
   * Too many commands did not succeed; those that were out have ended.
   */
  | 'GROUP_PUSH_STATE_ABORTED'
  | 5

export type GroupPushState = typeof GroupPushState[keyof typeof GroupPushState]

// Original file: proto/pushfleet/admin/v1/group_push.proto

export const GroupPushState = {
  GROUP_PUSH_STATE_UNSPECIFIED: 'GROUP_PUSH_STATE_UNSPECIFIED',
  /**
   * Commands go out, or are out and have not ended.
   */
  GROUP_PUSH_STATE_RUNNING: 'GROUP_PUSH_STATE_RUNNING',
  /**
   * By PauseGroupPush: commands that are out go on.
   */
  GROUP_PUSH_STATE_PAUSED: 'GROUP_PUSH_STATE_PAUSED',
  /**
   * Every command has ended.
   */
  GROUP_PUSH_STATE_DONE: 'GROUP_PUSH_STATE_DONE',
  /**
   * By CancelGroupPush; `ended_at` says when its last command ended.
   */
  GROUP_PUSH_STATE_CANCELLED: 'GROUP_PUSH_STATE_CANCELLED',
  /**
   * Too many commands did not succeed: no more go out. `ended_at` says when the last one that was out ended.
   */
  GROUP_PUSH_STATE_ABORTED: 'GROUP_PUSH_STATE_ABORTED',
} as const;

export type GroupPushStateInit =
  | 'GROUP_PUSH_STATE_UNSPECIFIED'
  | 0
  /**
   * Commands go out, or are out and have not ended.
   */
  | 'GROUP_PUSH_STATE_RUNNING'
  | 1
  /**
   * By PauseGroupPush: commands that are out go on.
   */
  | 'GROUP_PUSH_STATE_PAUSED'
  | 2
  /**
   * Every command has ended.
   */
  | 'GROUP_PUSH_STATE_DONE'
  | 3
  /**
   * By CancelGroupPush; `ended_at` says when its last command ended.
   */
  | 'GROUP_PUSH_STATE_CANCELLED'
  | 4
  /**
   * Too many commands did not succeed: no more go out. `ended_at` says when the last one that was out ended.
   */
  | 'GROUP_PUSH_STATE_ABORTED'
  | 5

export type GroupPushState = typeof GroupPushState[keyof typeof GroupPushState]

// Original file: proto/pushfleet/admin/v1/priority.proto

/**
 * Which of a device's waiting commands goes first; among equals, the older one. A full queue gives the place of its last
 * command to a more urgent one.
 */
export const Priority = {
  /**
   * As PRIORITY_NORMAL.
   */
  PRIORITY_UNSPECIFIED: 'PRIORITY_UNSPECIFIED',
  PRIORITY_LOW: 'PRIORITY_LOW',
  PRIORITY_NORMAL: 'PRIORITY_NORMAL',
  PRIORITY_HIGH: 'PRIORITY_HIGH',
} as const;

/**
 * Which of a device's waiting commands goes first; among equals, the older one. A full queue gives the place of its last
 * command to a more urgent one.
 */
export type PriorityInit =
  /**
   * As PRIORITY_NORMAL.
   */
  | 'PRIORITY_UNSPECIFIED'
  | 0
  | 'PRIORITY_LOW'
  | 1
  | 'PRIORITY_NORMAL'
  | 2
  | 'PRIORITY_HIGH'
  | 3

/**
 * Which of a device's waiting commands goes first; among equals, the older one. A full queue gives the place of its last
 * command to a more urgent one.
 */
export type Priority = typeof Priority[keyof typeof Priority]

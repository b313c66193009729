// Original file: proto-internal/pushfleet/node/v1/node_control.proto

export const UnsentCause = {
  UNSENT_CAUSE_UNSPECIFIED: 'UNSENT_CAUSE_UNSPECIFIED',
  /**
   * The link's outgoing queue is full.
   */
  UNSENT_CAUSE_QUEUE_FULL: 'UNSENT_CAUSE_QUEUE_FULL',
  /**
   * The time to deliver passed while the command waited in the link's queue.
   */
  UNSENT_CAUSE_EXPIRED: 'UNSENT_CAUSE_EXPIRED',
  /**
   * The link ended while the command waited in its queue.
   */
  UNSENT_CAUSE_LINK_LOST: 'UNSENT_CAUSE_LINK_LOST',
  /**
   * The device has not declared the operation.
   */
  UNSENT_CAUSE_UNSUPPORTED: 'UNSENT_CAUSE_UNSUPPORTED',
  /**
   * It was cancelled or discarded while it waited in the link's queue.
   */
  UNSENT_CAUSE_CANCELLED: 'UNSENT_CAUSE_CANCELLED',
  /**
   * The command is larger than what the device takes, e.g. than its MQTT Maximum Packet Size. No link of this kind can carry
   * it.
   */
  UNSENT_CAUSE_TOO_LARGE: 'UNSENT_CAUSE_TOO_LARGE',
} as const;

export type UnsentCauseInit =
  | 'UNSENT_CAUSE_UNSPECIFIED'
  | 0
  /**
   * The link's outgoing queue is full.
   */
  | 'UNSENT_CAUSE_QUEUE_FULL'
  | 1
  /**
   * The time to deliver passed while the command waited in the link's queue.
   */
  | 'UNSENT_CAUSE_EXPIRED'
  | 2
  /**
   * The link ended while the command waited in its queue.
   */
  | 'UNSENT_CAUSE_LINK_LOST'
  | 3
  /**
   * The device has not declared the operation.
   */
  | 'UNSENT_CAUSE_UNSUPPORTED'
  | 4
  /**
   * It was cancelled or discarded while it waited in the link's queue.
   */
  | 'UNSENT_CAUSE_CANCELLED'
  | 5
  /**
   * The command is larger than what the device takes, e.g. than its MQTT Maximum Packet Size. No link of this kind can carry
   * it.
   */
  | 'UNSENT_CAUSE_TOO_LARGE'
  | 6

export type UnsentCause = typeof UnsentCause[keyof typeof UnsentCause]

// Original file: proto/pushfleet/admin/v1/overview_service.proto

/**
 * What holds of a push server beside its load; several may at once.
 */
export const NodeCondition = {
  NODE_CONDITION_UNSPECIFIED: 'NODE_CONDITION_UNSPECIFIED',
  /**
   * It gives its devices away and takes no others.
   */
  NODE_CONDITION_DRAINING: 'NODE_CONDITION_DRAINING',
  /**
   * More devices come than it can take.
   */
  NODE_CONDITION_OVERLOADED: 'NODE_CONDITION_OVERLOADED',
  /**
   * Silent for 5 seconds.
   */
  NODE_CONDITION_SUSPECT: 'NODE_CONDITION_SUSPECT',
  /**
   * It is to run, and is dead or not registered.
   */
  NODE_CONDITION_LOST: 'NODE_CONDITION_LOST',
  /**
   * Devices or commands do not get through to it.
   */
  NODE_CONDITION_UNREACHABLE: 'NODE_CONDITION_UNREACHABLE',
  /**
   * It has no room for one more device.
   */
  NODE_CONDITION_FULL: 'NODE_CONDITION_FULL',
  /**
   * Something is wrong with it, as an alarm says.
   */
  NODE_CONDITION_PROBLEM: 'NODE_CONDITION_PROBLEM',
} as const;

/**
 * What holds of a push server beside its load; several may at once.
 */
export type NodeConditionInit =
  | 'NODE_CONDITION_UNSPECIFIED'
  | 0
  /**
   * It gives its devices away and takes no others.
   */
  | 'NODE_CONDITION_DRAINING'
  | 1
  /**
   * More devices come than it can take.
   */
  | 'NODE_CONDITION_OVERLOADED'
  | 2
  /**
   * Silent for 5 seconds.
   */
  | 'NODE_CONDITION_SUSPECT'
  | 3
  /**
   * It is to run, and is dead or not registered.
   */
  | 'NODE_CONDITION_LOST'
  | 4
  /**
   * Devices or commands do not get through to it.
   */
  | 'NODE_CONDITION_UNREACHABLE'
  | 5
  /**
   * It has no room for one more device.
   */
  | 'NODE_CONDITION_FULL'
  | 6
  /**
   * Something is wrong with it, as an alarm says.
   */
  | 'NODE_CONDITION_PROBLEM'
  | 7

/**
 * What holds of a push server beside its load; several may at once.
 */
export type NodeCondition = typeof NodeCondition[keyof typeof NodeCondition]

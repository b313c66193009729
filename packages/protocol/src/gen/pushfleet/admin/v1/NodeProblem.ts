// Original file: proto/pushfleet/admin/v1/fleet_service.proto

export const NodeProblem = {
  NODE_PROBLEM_UNSPECIFIED: 'NODE_PROBLEM_UNSPECIFIED',
  /**
   * Another program listens on the push server port.
   */
  NODE_PROBLEM_PORT_IN_USE: 'NODE_PROBLEM_PORT_IN_USE',
  /**
   * Anything else; `problem_detail` says what.
   */
  NODE_PROBLEM_FAILED: 'NODE_PROBLEM_FAILED',
} as const;

export type NodeProblemInit =
  | 'NODE_PROBLEM_UNSPECIFIED'
  | 0
  /**
   * Another program listens on the push server port.
   */
  | 'NODE_PROBLEM_PORT_IN_USE'
  | 1
  /**
   * Anything else; `problem_detail` says what.
   */
  | 'NODE_PROBLEM_FAILED'
  | 2

export type NodeProblem = typeof NodeProblem[keyof typeof NodeProblem]

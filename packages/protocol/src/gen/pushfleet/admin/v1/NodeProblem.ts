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
  /**
   * Balancers do not get through to its workers: commands would not reach its devices.
   */
  NODE_PROBLEM_CONTROL_UNREACHABLE: 'NODE_PROBLEM_CONTROL_UNREACHABLE',
  /**
   * Nobody answers at its address for remote hosts, or not as TLS.
   */
  NODE_PROBLEM_ADDRESS_UNREACHABLE: 'NODE_PROBLEM_ADDRESS_UNREACHABLE',
  /**
   * Another push server, or something else, answers at its address for remote hosts.
   */
  NODE_PROBLEM_WRONG_SERVER: 'NODE_PROBLEM_WRONG_SERVER',
  /**
   * Devices refuse its certificate, for these reasons:
   */
  NODE_PROBLEM_CERTIFICATE_EXPIRED: 'NODE_PROBLEM_CERTIFICATE_EXPIRED',
  NODE_PROBLEM_CERTIFICATE_NOT_YET_VALID: 'NODE_PROBLEM_CERTIFICATE_NOT_YET_VALID',
  /**
   * It does not name the address for remote hosts.
   */
  NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH: 'NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH',
  /**
   * It is not shown together with the certificates between it and a CA that devices trust.
   */
  NODE_PROBLEM_CERTIFICATE_INCOMPLETE: 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE',
  /**
   * It leads to no CA that devices trust.
   */
  NODE_PROBLEM_CERTIFICATE_UNTRUSTED: 'NODE_PROBLEM_CERTIFICATE_UNTRUSTED',
  /**
   * Its clock differs by more than a minute: tickets and certificates are judged wrongly.
   */
  NODE_PROBLEM_CLOCK_SKEW: 'NODE_PROBLEM_CLOCK_SKEW',
  /**
   * One of its processes says nothing: it gets no new devices, and another one is started in its place. If it wakes it goes on with
   * the links that it has, until the last of them has ended; if not, it is killed.
   */
  NODE_PROBLEM_WORKER_SILENT: 'NODE_PROBLEM_WORKER_SILENT',
  /**
   * Its processes may not open as many files as `max connections` takes: `capacity` is what they can hold.
   */
  NODE_PROBLEM_TOO_FEW_FILES: 'NODE_PROBLEM_TOO_FEW_FILES',
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
  /**
   * Balancers do not get through to its workers: commands would not reach its devices.
   */
  | 'NODE_PROBLEM_CONTROL_UNREACHABLE'
  | 3
  /**
   * Nobody answers at its address for remote hosts, or not as TLS.
   */
  | 'NODE_PROBLEM_ADDRESS_UNREACHABLE'
  | 4
  /**
   * Another push server, or something else, answers at its address for remote hosts.
   */
  | 'NODE_PROBLEM_WRONG_SERVER'
  | 5
  /**
   * Devices refuse its certificate, for these reasons:
   */
  | 'NODE_PROBLEM_CERTIFICATE_EXPIRED'
  | 6
  | 'NODE_PROBLEM_CERTIFICATE_NOT_YET_VALID'
  | 7
  /**
   * It does not name the address for remote hosts.
   */
  | 'NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH'
  | 8
  /**
   * It is not shown together with the certificates between it and a CA that devices trust.
   */
  | 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE'
  | 9
  /**
   * It leads to no CA that devices trust.
   */
  | 'NODE_PROBLEM_CERTIFICATE_UNTRUSTED'
  | 10
  /**
   * Its clock differs by more than a minute: tickets and certificates are judged wrongly.
   */
  | 'NODE_PROBLEM_CLOCK_SKEW'
  | 11
  /**
   * One of its processes says nothing: it gets no new devices, and another one is started in its place. If it wakes it goes on with
   * the links that it has, until the last of them has ended; if not, it is killed.
   */
  | 'NODE_PROBLEM_WORKER_SILENT'
  | 20
  /**
   * Its processes may not open as many files as `max connections` takes: `capacity` is what they can hold.
   */
  | 'NODE_PROBLEM_TOO_FEW_FILES'
  | 21

export type NodeProblem = typeof NodeProblem[keyof typeof NodeProblem]

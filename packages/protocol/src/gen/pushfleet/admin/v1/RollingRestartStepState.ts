// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

export const RollingRestartStepState = {
  ROLLING_RESTART_STEP_STATE_UNSPECIFIED: 'ROLLING_RESTART_STEP_STATE_UNSPECIFIED',
  ROLLING_RESTART_STEP_STATE_WAITING: 'ROLLING_RESTART_STEP_STATE_WAITING',
  /**
   * It gets no new devices; those that it has are told where to go.
   */
  ROLLING_RESTART_STEP_STATE_DRAINING: 'ROLLING_RESTART_STEP_STATE_DRAINING',
  /**
   * Its workers are replaced by new processes, which are not ready yet.
   */
  ROLLING_RESTART_STEP_STATE_RESTARTING: 'ROLLING_RESTART_STEP_STATE_RESTARTING',
  /**
   * It takes devices again, and balancers get through to it.
   */
  ROLLING_RESTART_STEP_STATE_READY: 'ROLLING_RESTART_STEP_STATE_READY',
  ROLLING_RESTART_STEP_STATE_FAILED: 'ROLLING_RESTART_STEP_STATE_FAILED',
  /**
   * It was drained, disabled or not there when its turn came.
   */
  ROLLING_RESTART_STEP_STATE_LEFT_OUT: 'ROLLING_RESTART_STEP_STATE_LEFT_OUT',
} as const;

export type RollingRestartStepStateInit =
  | 'ROLLING_RESTART_STEP_STATE_UNSPECIFIED'
  | 0
  | 'ROLLING_RESTART_STEP_STATE_WAITING'
  | 1
  /**
   * It gets no new devices; those that it has are told where to go.
   */
  | 'ROLLING_RESTART_STEP_STATE_DRAINING'
  | 2
  /**
   * Its workers are replaced by new processes, which are not ready yet.
   */
  | 'ROLLING_RESTART_STEP_STATE_RESTARTING'
  | 3
  /**
   * It takes devices again, and balancers get through to it.
   */
  | 'ROLLING_RESTART_STEP_STATE_READY'
  | 4
  | 'ROLLING_RESTART_STEP_STATE_FAILED'
  | 5
  /**
   * It was drained, disabled or not there when its turn came.
   */
  | 'ROLLING_RESTART_STEP_STATE_LEFT_OUT'
  | 6

export type RollingRestartStepState = typeof RollingRestartStepState[keyof typeof RollingRestartStepState]

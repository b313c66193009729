// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

/**
 * How far a rebalance has come.
 */
export const RebalanceState = {
  REBALANCE_STATE_UNSPECIFIED: 'REBALANCE_STATE_UNSPECIFIED',
  REBALANCE_STATE_RUNNING: 'REBALANCE_STATE_RUNNING',
  REBALANCE_STATE_DONE: 'REBALANCE_STATE_DONE',
  REBALANCE_STATE_ABORTED: 'REBALANCE_STATE_ABORTED',
} as const;

/**
 * How far a rebalance has come.
 */
export type RebalanceStateInit =
  | 'REBALANCE_STATE_UNSPECIFIED'
  | 0
  | 'REBALANCE_STATE_RUNNING'
  | 1
  | 'REBALANCE_STATE_DONE'
  | 2
  | 'REBALANCE_STATE_ABORTED'
  | 3

/**
 * How far a rebalance has come.
 */
export type RebalanceState = typeof RebalanceState[keyof typeof RebalanceState]

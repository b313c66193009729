// Original file: proto/pushfleet/admin/v1/maintenance_service.proto

export const RebalanceCause = {
  REBALANCE_CAUSE_UNSPECIFIED: 'REBALANCE_CAUSE_UNSPECIFIED',
  /**
   * StartRebalance was called.
   */
  REBALANCE_CAUSE_ASKED: 'REBALANCE_CAUSE_ASKED',
  /**
   * The largest load has been far above the mean for long.
   */
  REBALANCE_CAUSE_SPREAD: 'REBALANCE_CAUSE_SPREAD',
  /**
   * A push server has come that has few devices.
   */
  REBALANCE_CAUSE_NODE_JOINED: 'REBALANCE_CAUSE_NODE_JOINED',
} as const;

export type RebalanceCauseInit =
  | 'REBALANCE_CAUSE_UNSPECIFIED'
  | 0
  /**
   * StartRebalance was called.
   */
  | 'REBALANCE_CAUSE_ASKED'
  | 1
  /**
   * The largest load has been far above the mean for long.
   */
  | 'REBALANCE_CAUSE_SPREAD'
  | 2
  /**
   * A push server has come that has few devices.
   */
  | 'REBALANCE_CAUSE_NODE_JOINED'
  | 3

export type RebalanceCause = typeof RebalanceCause[keyof typeof RebalanceCause]

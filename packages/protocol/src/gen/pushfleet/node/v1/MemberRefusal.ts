// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * A member of the cluster was refused by this worker; balancers write it down.
 */
export interface MemberRefusalInit {
  /**
   * In words, for operators.
   */
  'detail'?: (string);
}

/**
 * A member of the cluster was refused by this worker; balancers write it down.
 */
export interface MemberRefusal {
  /**
   * In words, for operators.
   */
  'detail': (string);
}

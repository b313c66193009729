// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Whom the channel reaches, so that a balancer does not speak to the wrong process on a reused port.
 */
export interface WorkerHelloInit {
  'nodeId'?: (string);
  'workerId'?: (string);
  'bootId'?: (string);
  /**
   * The worker says something at least this often, so that silence has a meaning; 0: it makes no promise.
   */
  'aliveEveryMs'?: (number);
}

/**
 * Whom the channel reaches, so that a balancer does not speak to the wrong process on a reused port.
 */
export interface WorkerHello {
  'nodeId': (string);
  'workerId': (string);
  'bootId': (string);
  /**
   * The worker says something at least this often, so that silence has a meaning; 0: it makes no promise.
   */
  'aliveEveryMs': (number);
}

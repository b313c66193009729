// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * Identity of the worker, so that a balancer does not use the wrong process on a reused port.
 */
export interface WorkerHelloInit {
  'nodeId'?: (string);
  'workerId'?: (string);
  'bootId'?: (string);
  /**
   * The worker sends a message at least this often, so that its silence can be judged; 0: no keep-alive.
   */
  'keepAliveMs'?: (number);
  /**
   * The versions of this service that the worker speaks, from the oldest to the newest; 0: the first one. A balancer that speaks
   * none of them sends nothing and reports it.
   */
  'oldestVersion'?: (number);
  'newestVersion'?: (number);
}

/**
 * Identity of the worker, so that a balancer does not use the wrong process on a reused port.
 */
export interface WorkerHello {
  'nodeId': (string);
  'workerId': (string);
  'bootId': (string);
  /**
   * The worker sends a message at least this often, so that its silence can be judged; 0: no keep-alive.
   */
  'keepAliveMs': (number);
  /**
   * The versions of this service that the worker speaks, from the oldest to the newest; 0: the first one. A balancer that speaks
   * none of them sends nothing and reports it.
   */
  'oldestVersion': (number);
  'newestVersion': (number);
}

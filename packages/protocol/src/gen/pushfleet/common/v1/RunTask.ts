// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * The device runs a task that it knows by its id. RUNNING, with progress, while it runs; SUCCEEDED carries its output.
 */
export interface RunTaskInit {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'taskId'?: (string);
  /**
   * At most 64; keys of 1 to 128, values of at most 4,096 bytes.
   */
  'parameters'?: ({[key: string]: string});
}

/**
 * The device runs a task that it knows by its id. RUNNING, with progress, while it runs; SUCCEEDED carries its output.
 */
export interface RunTask {
  /**
   * 1 to 128 characters of [A-Za-z0-9._:-].
   */
  'taskId': (string);
  /**
   * At most 64; keys of 1 to 128, values of at most 4,096 bytes.
   */
  'parameters': ({[key: string]: string});
}

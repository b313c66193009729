// Original file: proto/pushfleet/common/v1/operation.proto


/**
 * The device stops a task. SUCCEEDED once it has stopped, `already_ended` where it had ended before; REJECTED where the
 * device knows no such task. What was told to run it ends as CANCELLED.
 */
export interface StopTaskInit {
  'taskId'?: (string);
}

/**
 * The device stops a task. SUCCEEDED once it has stopped, `already_ended` where it had ended before; REJECTED where the
 * device knows no such task. What was told to run it ends as CANCELLED.
 */
export interface StopTask {
  'taskId': (string);
}

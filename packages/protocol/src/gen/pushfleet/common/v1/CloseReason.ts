// Original file: proto/pushfleet/common/v1/close_reason.proto

/**
 * Why a device's link ended. Over gRPC and MQTT a device is told the same by name, e.g. "sessionTakenOver" for
 * CLOSE_REASON_SESSION_TAKEN_OVER.
 */
export const CloseReason = {
  CLOSE_REASON_UNSPECIFIED: 'CLOSE_REASON_UNSPECIFIED',
  /**
   * The device said goodbye.
   */
  CLOSE_REASON_GOODBYE: 'CLOSE_REASON_GOODBYE',
  /**
   * The connection broke.
   */
  CLOSE_REASON_LINK_LOST: 'CLOSE_REASON_LINK_LOST',
  /**
   * The device ended the link with an error.
   */
  CLOSE_REASON_DEVICE_ERROR: 'CLOSE_REASON_DEVICE_ERROR',
  /**
   * A newer link of the same device took over.
   */
  CLOSE_REASON_SESSION_TAKEN_OVER: 'CLOSE_REASON_SESSION_TAKEN_OVER',
  /**
   * The registry has closed the session, or lost it; the device may open another one.
   */
  CLOSE_REASON_SESSION_ENDED: 'CLOSE_REASON_SESSION_ENDED',
  /**
   * The push server hands its devices over.
   */
  CLOSE_REASON_USE_ANOTHER_SERVER: 'CLOSE_REASON_USE_ANOTHER_SERVER',
  /**
   * The push server stops.
   */
  CLOSE_REASON_SERVER_SHUTTING_DOWN: 'CLOSE_REASON_SERVER_SHUTTING_DOWN',
  /**
   * The push server is full.
   */
  CLOSE_REASON_NO_CAPACITY: 'CLOSE_REASON_NO_CAPACITY',
  /**
   * The registry does not answer; the session cannot be opened now.
   */
  CLOSE_REASON_REGISTRY_UNAVAILABLE: 'CLOSE_REASON_REGISTRY_UNAVAILABLE',
  /**
   * The ticket is missing, malformed or not signed by a balancer.
   */
  CLOSE_REASON_TICKET_INVALID: 'CLOSE_REASON_TICKET_INVALID',
  /**
   * The ticket has expired.
   */
  CLOSE_REASON_TICKET_EXPIRED: 'CLOSE_REASON_TICKET_EXPIRED',
  /**
   * Since it got the ticket, the device was disconnected, removed or given another secret.
   */
  CLOSE_REASON_TICKET_VOID: 'CLOSE_REASON_TICKET_VOID',
  /**
   * The ticket is for other push servers.
   */
  CLOSE_REASON_TICKET_FOR_ANOTHER_NODE: 'CLOSE_REASON_TICKET_FOR_ANOTHER_NODE',
  /**
   * The ticket is for another device.
   */
  CLOSE_REASON_TICKET_FOR_ANOTHER_DEVICE: 'CLOSE_REASON_TICKET_FOR_ANOTHER_DEVICE',
  /**
   * The client did not say who it is in time.
   */
  CLOSE_REASON_GREETING_TIMEOUT: 'CLOSE_REASON_GREETING_TIMEOUT',
  /**
   * The device was silent for longer than its keep-alive or an unconfirmed command allows.
   */
  CLOSE_REASON_KEEP_ALIVE_TIMEOUT: 'CLOSE_REASON_KEEP_ALIVE_TIMEOUT',
  /**
   * What the client sent cannot be read.
   */
  CLOSE_REASON_MALFORMED: 'CLOSE_REASON_MALFORMED',
  /**
   * The client sent something that has no place here.
   */
  CLOSE_REASON_PROTOCOL_ERROR: 'CLOSE_REASON_PROTOCOL_ERROR',
  /**
   * The push server failed; this link alone is ended.
   */
  CLOSE_REASON_INTERNAL_ERROR: 'CLOSE_REASON_INTERNAL_ERROR',
  /**
   * The protocol version is not supported; MQTT 3.1.1 and 5 are.
   */
  CLOSE_REASON_UNSUPPORTED_PROTOCOL_VERSION: 'CLOSE_REASON_UNSUPPORTED_PROTOCOL_VERSION',
  /**
   * A frame is larger than the limit.
   */
  CLOSE_REASON_FRAME_TOO_LARGE: 'CLOSE_REASON_FRAME_TOO_LARGE',
  /**
   * A device may only publish its own results.
   */
  CLOSE_REASON_TOPIC_NOT_ALLOWED: 'CLOSE_REASON_TOPIC_NOT_ALLOWED',
  /**
   * QoS 2 is not supported; use QoS 0 or 1.
   */
  CLOSE_REASON_QOS_NOT_SUPPORTED: 'CLOSE_REASON_QOS_NOT_SUPPORTED',
  /**
   * The device does not read what is sent to it.
   */
  CLOSE_REASON_TOO_SLOW: 'CLOSE_REASON_TOO_SLOW',
  /**
   * The device has newer links, and too many that take no commands.
   */
  CLOSE_REASON_TOO_MANY_LINKS: 'CLOSE_REASON_TOO_MANY_LINKS',
  /**
   * Nothing is retained here.
   */
  CLOSE_REASON_RETAIN_NOT_SUPPORTED: 'CLOSE_REASON_RETAIN_NOT_SUPPORTED',
  /**
   * The topic is none that a device may publish to.
   */
  CLOSE_REASON_TOPIC_INVALID: 'CLOSE_REASON_TOPIC_INVALID',
  /**
   * Topic aliases are not supported.
   */
  CLOSE_REASON_TOPIC_ALIAS_INVALID: 'CLOSE_REASON_TOPIC_ALIAS_INVALID',
  /**
   * Subscription identifiers are not supported.
   */
  CLOSE_REASON_SUBSCRIPTION_IDS_NOT_SUPPORTED: 'CLOSE_REASON_SUBSCRIPTION_IDS_NOT_SUPPORTED',
  /**
   * The payload is no result.
   */
  CLOSE_REASON_PAYLOAD_INVALID: 'CLOSE_REASON_PAYLOAD_INVALID',
  /**
   * Too many results wait to be kept at the same time.
   */
  CLOSE_REASON_RECEIVE_MAXIMUM_EXCEEDED: 'CLOSE_REASON_RECEIVE_MAXIMUM_EXCEEDED',
  /**
   * The device says too much: pings, progress, confirmations of nothing, results of commands that this link has not
   * carried or that cannot be read, or one UNSUBSCRIBE after the other.
   */
  CLOSE_REASON_MESSAGE_RATE_TOO_HIGH: 'CLOSE_REASON_MESSAGE_RATE_TOO_HIGH',
  /**
   * A Will is not published here.
   */
  CLOSE_REASON_WILL_NOT_SUPPORTED: 'CLOSE_REASON_WILL_NOT_SUPPORTED',
  /**
   * Extended authentication is not supported; show a ticket as password.
   */
  CLOSE_REASON_AUTH_METHOD_NOT_SUPPORTED: 'CLOSE_REASON_AUTH_METHOD_NOT_SUPPORTED',
  /**
   * The client identifier is not accepted.
   */
  CLOSE_REASON_CLIENT_ID_INVALID: 'CLOSE_REASON_CLIENT_ID_INVALID',
  /**
   * Too many sign-ins have failed from the address, or as the device: none is looked at for a while.
   */
  CLOSE_REASON_TOO_MANY_ATTEMPTS: 'CLOSE_REASON_TOO_MANY_ATTEMPTS',
} as const;

/**
 * Why a device's link ended. Over gRPC and MQTT a device is told the same by name, e.g. "sessionTakenOver" for
 * CLOSE_REASON_SESSION_TAKEN_OVER.
 */
export type CloseReasonInit =
  | 'CLOSE_REASON_UNSPECIFIED'
  | 0
  /**
   * The device said goodbye.
   */
  | 'CLOSE_REASON_GOODBYE'
  | 1
  /**
   * The connection broke.
   */
  | 'CLOSE_REASON_LINK_LOST'
  | 2
  /**
   * The device ended the link with an error.
   */
  | 'CLOSE_REASON_DEVICE_ERROR'
  | 3
  /**
   * A newer link of the same device took over.
   */
  | 'CLOSE_REASON_SESSION_TAKEN_OVER'
  | 4
  /**
   * The registry has closed the session, or lost it; the device may open another one.
   */
  | 'CLOSE_REASON_SESSION_ENDED'
  | 5
  /**
   * The push server hands its devices over.
   */
  | 'CLOSE_REASON_USE_ANOTHER_SERVER'
  | 6
  /**
   * The push server stops.
   */
  | 'CLOSE_REASON_SERVER_SHUTTING_DOWN'
  | 7
  /**
   * The push server is full.
   */
  | 'CLOSE_REASON_NO_CAPACITY'
  | 8
  /**
   * The registry does not answer; the session cannot be opened now.
   */
  | 'CLOSE_REASON_REGISTRY_UNAVAILABLE'
  | 9
  /**
   * The ticket is missing, malformed or not signed by a balancer.
   */
  | 'CLOSE_REASON_TICKET_INVALID'
  | 10
  /**
   * The ticket has expired.
   */
  | 'CLOSE_REASON_TICKET_EXPIRED'
  | 11
  /**
   * Since it got the ticket, the device was disconnected, removed or given another secret.
   */
  | 'CLOSE_REASON_TICKET_VOID'
  | 12
  /**
   * The ticket is for other push servers.
   */
  | 'CLOSE_REASON_TICKET_FOR_ANOTHER_NODE'
  | 13
  /**
   * The ticket is for another device.
   */
  | 'CLOSE_REASON_TICKET_FOR_ANOTHER_DEVICE'
  | 14
  /**
   * The client did not say who it is in time.
   */
  | 'CLOSE_REASON_GREETING_TIMEOUT'
  | 15
  /**
   * The device was silent for longer than its keep-alive or an unconfirmed command allows.
   */
  | 'CLOSE_REASON_KEEP_ALIVE_TIMEOUT'
  | 16
  /**
   * What the client sent cannot be read.
   */
  | 'CLOSE_REASON_MALFORMED'
  | 17
  /**
   * The client sent something that has no place here.
   */
  | 'CLOSE_REASON_PROTOCOL_ERROR'
  | 18
  /**
   * The push server failed; this link alone is ended.
   */
  | 'CLOSE_REASON_INTERNAL_ERROR'
  | 19
  /**
   * The protocol version is not supported; MQTT 3.1.1 and 5 are.
   */
  | 'CLOSE_REASON_UNSUPPORTED_PROTOCOL_VERSION'
  | 20
  /**
   * A frame is larger than the limit.
   */
  | 'CLOSE_REASON_FRAME_TOO_LARGE'
  | 21
  /**
   * A device may only publish its own results.
   */
  | 'CLOSE_REASON_TOPIC_NOT_ALLOWED'
  | 22
  /**
   * QoS 2 is not supported; use QoS 0 or 1.
   */
  | 'CLOSE_REASON_QOS_NOT_SUPPORTED'
  | 23
  /**
   * The device does not read what is sent to it.
   */
  | 'CLOSE_REASON_TOO_SLOW'
  | 24
  /**
   * The device has newer links, and too many that take no commands.
   */
  | 'CLOSE_REASON_TOO_MANY_LINKS'
  | 25
  /**
   * Nothing is retained here.
   */
  | 'CLOSE_REASON_RETAIN_NOT_SUPPORTED'
  | 26
  /**
   * The topic is none that a device may publish to.
   */
  | 'CLOSE_REASON_TOPIC_INVALID'
  | 27
  /**
   * Topic aliases are not supported.
   */
  | 'CLOSE_REASON_TOPIC_ALIAS_INVALID'
  | 28
  /**
   * Subscription identifiers are not supported.
   */
  | 'CLOSE_REASON_SUBSCRIPTION_IDS_NOT_SUPPORTED'
  | 29
  /**
   * The payload is no result.
   */
  | 'CLOSE_REASON_PAYLOAD_INVALID'
  | 30
  /**
   * Too many results wait to be kept at the same time.
   */
  | 'CLOSE_REASON_RECEIVE_MAXIMUM_EXCEEDED'
  | 31
  /**
   * The device says too much: pings, progress, confirmations of nothing, results of commands that this link has not
   * carried or that cannot be read, or one UNSUBSCRIBE after the other.
   */
  | 'CLOSE_REASON_MESSAGE_RATE_TOO_HIGH'
  | 32
  /**
   * A Will is not published here.
   */
  | 'CLOSE_REASON_WILL_NOT_SUPPORTED'
  | 33
  /**
   * Extended authentication is not supported; show a ticket as password.
   */
  | 'CLOSE_REASON_AUTH_METHOD_NOT_SUPPORTED'
  | 34
  /**
   * The client identifier is not accepted.
   */
  | 'CLOSE_REASON_CLIENT_ID_INVALID'
  | 35
  /**
   * Too many sign-ins have failed from the address, or as the device: none is looked at for a while.
   */
  | 'CLOSE_REASON_TOO_MANY_ATTEMPTS'
  | 36

/**
 * Why a device's link ended. Over gRPC and MQTT a device is told the same by name, e.g. "sessionTakenOver" for
 * CLOSE_REASON_SESSION_TAKEN_OVER.
 */
export type CloseReason = typeof CloseReason[keyof typeof CloseReason]

// Original file: proto/pushfleet/common/v1/error_reason.proto

/**
 * Why something was refused. `reason` in the ErrorInfo of an error is one of these names without their prefix, e.g.
 * "DEVICE_NOT_FOUND"; its `domain` is "pushfleet".
 */
export const ErrorReason = {
  ERROR_REASON_UNSPECIFIED: 'ERROR_REASON_UNSPECIFIED',
  ERROR_REASON_INVALID_ARGUMENT: 'ERROR_REASON_INVALID_ARGUMENT',
  /**
   * No API token, or a wrong one.
   */
  ERROR_REASON_BAD_TOKEN: 'ERROR_REASON_BAD_TOKEN',
  /**
   * Unknown device or wrong credential; the two are not told apart.
   */
  ERROR_REASON_BAD_CREDENTIAL: 'ERROR_REASON_BAD_CREDENTIAL',
  ERROR_REASON_DEVICE_NOT_FOUND: 'ERROR_REASON_DEVICE_NOT_FOUND',
  ERROR_REASON_GROUP_NOT_FOUND: 'ERROR_REASON_GROUP_NOT_FOUND',
  ERROR_REASON_DISTRIBUTION_POINT_NOT_FOUND: 'ERROR_REASON_DISTRIBUTION_POINT_NOT_FOUND',
  /**
   * The thing that is to be deleted is in use; the message says by what.
   */
  ERROR_REASON_IN_USE: 'ERROR_REASON_IN_USE',
  ERROR_REASON_ALREADY_EXISTS: 'ERROR_REASON_ALREADY_EXISTS',
  ERROR_REASON_NODE_NOT_FOUND: 'ERROR_REASON_NODE_NOT_FOUND',
  ERROR_REASON_COMMAND_NOT_FOUND: 'ERROR_REASON_COMMAND_NOT_FOUND',
  ERROR_REASON_GROUP_PUSH_NOT_FOUND: 'ERROR_REASON_GROUP_PUSH_NOT_FOUND',
  /**
   * A tunnel to a device without a live link.
   */
  ERROR_REASON_NOT_CONNECTED: 'ERROR_REASON_NOT_CONNECTED',
  /**
   * The device does not permit a tunnel to this target.
   */
  ERROR_REASON_TUNNEL_REFUSED: 'ERROR_REASON_TUNNEL_REFUSED',
  /**
   * The device cannot reach the tunnel's target.
   */
  ERROR_REASON_TARGET_UNREACHABLE: 'ERROR_REASON_TARGET_UNREACHABLE',
  /**
   * A tunnel was ended; the message says why.
   */
  ERROR_REASON_TUNNEL_CLOSED: 'ERROR_REASON_TUNNEL_CLOSED',
  /**
   * A watch resumes from events that are no longer kept.
   */
  ERROR_REASON_EVENTS_GONE: 'ERROR_REASON_EVENTS_GONE',
  /**
   * No distribution point has the device's group in its scope.
   */
  ERROR_REASON_OUT_OF_SCOPE: 'ERROR_REASON_OUT_OF_SCOPE',
  /**
   * None of the push servers in scope is ready.
   */
  ERROR_REASON_NO_PUSH_SERVER: 'ERROR_REASON_NO_PUSH_SERVER',
  /**
   * Every push server in scope is full.
   */
  ERROR_REASON_NO_CAPACITY: 'ERROR_REASON_NO_CAPACITY',
  ERROR_REASON_PAYLOAD_TOO_LARGE: 'ERROR_REASON_PAYLOAD_TOO_LARGE',
  /**
   * The device's queue is full, and no command in it is less urgent.
   */
  ERROR_REASON_QUEUE_FULL: 'ERROR_REASON_QUEUE_FULL',
  /**
   * A bounded queue is full: nothing was accepted.
   */
  ERROR_REASON_OVERLOADED: 'ERROR_REASON_OVERLOADED',
  ERROR_REASON_REGISTRY_UNAVAILABLE: 'ERROR_REASON_REGISTRY_UNAVAILABLE',
  ERROR_REASON_SHUTTING_DOWN: 'ERROR_REASON_SHUTTING_DOWN',
  /**
   * The caller's own deadline passed: what it asked for may have been done.
   */
  ERROR_REASON_DEADLINE_EXCEEDED: 'ERROR_REASON_DEADLINE_EXCEEDED',
  ERROR_REASON_INTERNAL: 'ERROR_REASON_INTERNAL',
  /**
   * Somebody else has changed it since it was read.
   */
  ERROR_REASON_ETAG_MISMATCH: 'ERROR_REASON_ETAG_MISMATCH',
  /**
   * Another balancer, which has the command or may have it, does not answer; the message names it.
   */
  ERROR_REASON_BALANCER_UNAVAILABLE: 'ERROR_REASON_BALANCER_UNAVAILABLE',
  /**
   * The API token is good, but not for this; the message names the role or the scope that it has.
   */
  ERROR_REASON_PERMISSION_DENIED: 'ERROR_REASON_PERMISSION_DENIED',
  ERROR_REASON_API_TOKEN_NOT_FOUND: 'ERROR_REASON_API_TOKEN_NOT_FOUND',
  /**
   * The session of the console has ended: sign in again.
   */
  ERROR_REASON_SESSION_EXPIRED: 'ERROR_REASON_SESSION_EXPIRED',
  /**
   * Too many sign-ins have failed from the client's address or as the device, or, over HTTP, to the console.
   */
  ERROR_REASON_TOO_MANY_ATTEMPTS: 'ERROR_REASON_TOO_MANY_ATTEMPTS',
  /**
   * Devices would be left without a push server; the message says which ones.
   */
  ERROR_REASON_WOULD_DISCONNECT: 'ERROR_REASON_WOULD_DISCONNECT',
  /**
   * The public keys of an issuer of identity tokens cannot be fetched: whether a token is good is not known.
   */
  ERROR_REASON_ISSUER_UNAVAILABLE: 'ERROR_REASON_ISSUER_UNAVAILABLE',
  ERROR_REASON_ENROLLMENT_TOKEN_NOT_FOUND: 'ERROR_REASON_ENROLLMENT_TOKEN_NOT_FOUND',
  /**
   * No device can register any more with the enrollment token; the message says why.
   */
  ERROR_REASON_ENROLLMENT_TOKEN_ENDED: 'ERROR_REASON_ENROLLMENT_TOKEN_ENDED',
} as const;

/**
 * Why something was refused. `reason` in the ErrorInfo of an error is one of these names without their prefix, e.g.
 * "DEVICE_NOT_FOUND"; its `domain` is "pushfleet".
 */
export type ErrorReasonInit =
  | 'ERROR_REASON_UNSPECIFIED'
  | 0
  | 'ERROR_REASON_INVALID_ARGUMENT'
  | 1
  /**
   * No API token, or a wrong one.
   */
  | 'ERROR_REASON_BAD_TOKEN'
  | 2
  /**
   * Unknown device or wrong credential; the two are not told apart.
   */
  | 'ERROR_REASON_BAD_CREDENTIAL'
  | 3
  | 'ERROR_REASON_DEVICE_NOT_FOUND'
  | 4
  | 'ERROR_REASON_GROUP_NOT_FOUND'
  | 5
  | 'ERROR_REASON_DISTRIBUTION_POINT_NOT_FOUND'
  | 6
  /**
   * The thing that is to be deleted is in use; the message says by what.
   */
  | 'ERROR_REASON_IN_USE'
  | 7
  | 'ERROR_REASON_ALREADY_EXISTS'
  | 8
  | 'ERROR_REASON_NODE_NOT_FOUND'
  | 9
  | 'ERROR_REASON_COMMAND_NOT_FOUND'
  | 10
  | 'ERROR_REASON_GROUP_PUSH_NOT_FOUND'
  | 11
  /**
   * A tunnel to a device without a live link.
   */
  | 'ERROR_REASON_NOT_CONNECTED'
  | 12
  /**
   * The device does not permit a tunnel to this target.
   */
  | 'ERROR_REASON_TUNNEL_REFUSED'
  | 13
  /**
   * The device cannot reach the tunnel's target.
   */
  | 'ERROR_REASON_TARGET_UNREACHABLE'
  | 14
  /**
   * A tunnel was ended; the message says why.
   */
  | 'ERROR_REASON_TUNNEL_CLOSED'
  | 15
  /**
   * A watch resumes from events that are no longer kept.
   */
  | 'ERROR_REASON_EVENTS_GONE'
  | 16
  /**
   * No distribution point has the device's group in its scope.
   */
  | 'ERROR_REASON_OUT_OF_SCOPE'
  | 17
  /**
   * None of the push servers in scope is ready.
   */
  | 'ERROR_REASON_NO_PUSH_SERVER'
  | 18
  /**
   * Every push server in scope is full.
   */
  | 'ERROR_REASON_NO_CAPACITY'
  | 19
  | 'ERROR_REASON_PAYLOAD_TOO_LARGE'
  | 20
  /**
   * The device's queue is full, and no command in it is less urgent.
   */
  | 'ERROR_REASON_QUEUE_FULL'
  | 21
  /**
   * A bounded queue is full: nothing was accepted.
   */
  | 'ERROR_REASON_OVERLOADED'
  | 22
  | 'ERROR_REASON_REGISTRY_UNAVAILABLE'
  | 23
  | 'ERROR_REASON_SHUTTING_DOWN'
  | 24
  /**
   * The caller's own deadline passed: what it asked for may have been done.
   */
  | 'ERROR_REASON_DEADLINE_EXCEEDED'
  | 25
  | 'ERROR_REASON_INTERNAL'
  | 26
  /**
   * Somebody else has changed it since it was read.
   */
  | 'ERROR_REASON_ETAG_MISMATCH'
  | 27
  /**
   * Another balancer, which has the command or may have it, does not answer; the message names it.
   */
  | 'ERROR_REASON_BALANCER_UNAVAILABLE'
  | 28
  /**
   * The API token is good, but not for this; the message names the role or the scope that it has.
   */
  | 'ERROR_REASON_PERMISSION_DENIED'
  | 29
  | 'ERROR_REASON_API_TOKEN_NOT_FOUND'
  | 30
  /**
   * The session of the console has ended: sign in again.
   */
  | 'ERROR_REASON_SESSION_EXPIRED'
  | 31
  /**
   * Too many sign-ins have failed from the client's address or as the device, or, over HTTP, to the console.
   */
  | 'ERROR_REASON_TOO_MANY_ATTEMPTS'
  | 32
  /**
   * Devices would be left without a push server; the message says which ones.
   */
  | 'ERROR_REASON_WOULD_DISCONNECT'
  | 33
  /**
   * The public keys of an issuer of identity tokens cannot be fetched: whether a token is good is not known.
   */
  | 'ERROR_REASON_ISSUER_UNAVAILABLE'
  | 34
  | 'ERROR_REASON_ENROLLMENT_TOKEN_NOT_FOUND'
  | 35
  /**
   * No device can register any more with the enrollment token; the message says why.
   */
  | 'ERROR_REASON_ENROLLMENT_TOKEN_ENDED'
  | 36

/**
 * Why something was refused. `reason` in the ErrorInfo of an error is one of these names without their prefix, e.g.
 * "DEVICE_NOT_FOUND"; its `domain` is "pushfleet".
 */
export type ErrorReason = typeof ErrorReason[keyof typeof ErrorReason]

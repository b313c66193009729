// Original file: proto/pushfleet/admin/v1/overview_service.proto

export const Alarm = {
  ALARM_UNSPECIFIED: 'ALARM_UNSPECIFIED',
  /**
   * The registry does not answer or takes no writes, or came back without its data in the last 15 minutes.
   */
  ALARM_REGISTRY_LOST: 'ALARM_REGISTRY_LOST',
  /**
   * A push server is to run, and is dead or not registered.
   */
  ALARM_PUSH_SERVER_LOST: 'ALARM_PUSH_SERVER_LOST',
  /**
   * A certificate ends within 30 days, or has ended.
   */
  ALARM_CERTIFICATE_ENDING: 'ALARM_CERTIFICATE_ENDING',
  /**
   * Two links of one device kept taking over from each other in the last 15 minutes.
   */
  ALARM_CLONE_SUSPECTED: 'ALARM_CLONE_SUSPECTED',
  /**
   * More devices come than a push server can take.
   */
  ALARM_OVERLOADED: 'ALARM_OVERLOADED',
  /**
   * Another program listens on the push server port.
   */
  ALARM_PORT_IN_USE: 'ALARM_PORT_IN_USE',
  /**
   * Anything else that is wrong with a push server, as its `problem` says.
   */
  ALARM_PUSH_SERVER_PROBLEM: 'ALARM_PUSH_SERVER_PROBLEM',
  /**
   * A balancer is listed and does not answer: its commands are not counted.
   */
  ALARM_BALANCER_UNREACHABLE: 'ALARM_BALANCER_UNREACHABLE',
  /**
   * The registry's store is not set up so that it keeps what it is given.
   */
  ALARM_REGISTRY_UNFIT: 'ALARM_REGISTRY_UNFIT',
} as const;

export type AlarmInit =
  | 'ALARM_UNSPECIFIED'
  | 0
  /**
   * The registry does not answer or takes no writes, or came back without its data in the last 15 minutes.
   */
  | 'ALARM_REGISTRY_LOST'
  | 1
  /**
   * A push server is to run, and is dead or not registered.
   */
  | 'ALARM_PUSH_SERVER_LOST'
  | 2
  /**
   * A certificate ends within 30 days, or has ended.
   */
  | 'ALARM_CERTIFICATE_ENDING'
  | 3
  /**
   * Two links of one device kept taking over from each other in the last 15 minutes.
   */
  | 'ALARM_CLONE_SUSPECTED'
  | 4
  /**
   * More devices come than a push server can take.
   */
  | 'ALARM_OVERLOADED'
  | 5
  /**
   * Another program listens on the push server port.
   */
  | 'ALARM_PORT_IN_USE'
  | 6
  /**
   * Anything else that is wrong with a push server, as its `problem` says.
   */
  | 'ALARM_PUSH_SERVER_PROBLEM'
  | 7
  /**
   * A balancer is listed and does not answer: its commands are not counted.
   */
  | 'ALARM_BALANCER_UNREACHABLE'
  | 8
  /**
   * The registry's store is not set up so that it keeps what it is given.
   */
  | 'ALARM_REGISTRY_UNFIT'
  | 9

export type Alarm = typeof Alarm[keyof typeof Alarm]

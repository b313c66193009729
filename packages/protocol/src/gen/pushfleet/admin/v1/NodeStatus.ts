// Original file: proto/pushfleet/admin/v1/fleet_service.proto

export const NodeStatus = {
  NODE_STATUS_UNSPECIFIED: 'NODE_STATUS_UNSPECIFIED',
  /**
   * Not ready yet, or not tried yet by the balancer that answers.
   */
  NODE_STATUS_STARTING: 'NODE_STATUS_STARTING',
  /**
   * It takes devices, and the balancer has got through to it as devices and commands do.
   */
  NODE_STATUS_READY: 'NODE_STATUS_READY',
  NODE_STATUS_DRAINING: 'NODE_STATUS_DRAINING',
  /**
   * Silent for 5 seconds: gets no new devices.
   */
  NODE_STATUS_SUSPECT: 'NODE_STATUS_SUSPECT',
  /**
   * Silent for 15 seconds: its sessions are void.
   */
  NODE_STATUS_DEAD: 'NODE_STATUS_DEAD',
  /**
   * Its distribution point is not to run a push server.
   */
  NODE_STATUS_DISABLED: 'NODE_STATUS_DISABLED',
  /**
   * Its settings cannot be followed and it does not listen; see `problem`.
   */
  NODE_STATUS_FAILED: 'NODE_STATUS_FAILED',
  /**
   * It listens, but devices or commands do not get through to it, or devices refuse its certificate; see `problem`. It gets
   * new devices only where no other push server has room. Those that it has stay.
   */
  NODE_STATUS_UNREACHABLE: 'NODE_STATUS_UNREACHABLE',
  /**
   * It cannot keep up with the devices that come. It gets new ones only where no other push server has room, and not within the
   * next seconds. Those that it has stay, and get their commands.
   */
  NODE_STATUS_OVERLOADED: 'NODE_STATUS_OVERLOADED',
} as const;

export type NodeStatusInit =
  | 'NODE_STATUS_UNSPECIFIED'
  | 0
  /**
   * Not ready yet, or not tried yet by the balancer that answers.
   */
  | 'NODE_STATUS_STARTING'
  | 1
  /**
   * It takes devices, and the balancer has got through to it as devices and commands do.
   */
  | 'NODE_STATUS_READY'
  | 2
  | 'NODE_STATUS_DRAINING'
  | 3
  /**
   * Silent for 5 seconds: gets no new devices.
   */
  | 'NODE_STATUS_SUSPECT'
  | 4
  /**
   * Silent for 15 seconds: its sessions are void.
   */
  | 'NODE_STATUS_DEAD'
  | 5
  /**
   * Its distribution point is not to run a push server.
   */
  | 'NODE_STATUS_DISABLED'
  | 6
  /**
   * Its settings cannot be followed and it does not listen; see `problem`.
   */
  | 'NODE_STATUS_FAILED'
  | 7
  /**
   * It listens, but devices or commands do not get through to it, or devices refuse its certificate; see `problem`. It gets
   * new devices only where no other push server has room. Those that it has stay.
   */
  | 'NODE_STATUS_UNREACHABLE'
  | 8
  /**
   * It cannot keep up with the devices that come. It gets new ones only where no other push server has room, and not within the
   * next seconds. Those that it has stay, and get their commands.
   */
  | 'NODE_STATUS_OVERLOADED'
  | 9

export type NodeStatus = typeof NodeStatus[keyof typeof NodeStatus]

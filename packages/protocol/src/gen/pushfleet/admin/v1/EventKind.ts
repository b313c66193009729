// Original file: proto/pushfleet/admin/v1/event_service.proto

export const EventKind = {
  EVENT_KIND_UNSPECIFIED: 'EVENT_KIND_UNSPECIFIED',
  EVENT_KIND_DEVICE_CONNECTED: 'EVENT_KIND_DEVICE_CONNECTED',
  /**
   * Its link ended and no newer one has taken over.
   */
  EVENT_KIND_DEVICE_DISCONNECTED: 'EVENT_KIND_DEVICE_DISCONNECTED',
  /**
   * A newer link took over from one on another worker.
   */
  EVENT_KIND_DEVICE_MOVED: 'EVENT_KIND_DEVICE_MOVED',
  /**
   * Two links of one device keep taking over from each other: its credential is probably on two machines.
   */
  EVENT_KIND_DEVICE_CLONE_SUSPECTED: 'EVENT_KIND_DEVICE_CLONE_SUSPECTED',
  /**
   * A device has registered itself; the reason names the enrollment token.
   */
  EVENT_KIND_DEVICE_ENROLLED: 'EVENT_KIND_DEVICE_ENROLLED',
  EVENT_KIND_NODE_READY: 'EVENT_KIND_NODE_READY',
  EVENT_KIND_NODE_SUSPECT: 'EVENT_KIND_NODE_SUSPECT',
  EVENT_KIND_NODE_DEAD: 'EVENT_KIND_NODE_DEAD',
  EVENT_KIND_NODE_DRAINING: 'EVENT_KIND_NODE_DRAINING',
  /**
   * Something is wrong with a push server, as its `problem` says; the reason says what.
   */
  EVENT_KIND_NODE_PROBLEM: 'EVENT_KIND_NODE_PROBLEM',
  /**
   * It is no longer so; the reason says what it was.
   */
  EVENT_KIND_NODE_PROBLEM_SOLVED: 'EVENT_KIND_NODE_PROBLEM_SOLVED',
  /**
   * More devices came than a push server can take: it gets no new ones for a while, and keeps those that it has.
   */
  EVENT_KIND_NODE_OVERLOADED: 'EVENT_KIND_NODE_OVERLOADED',
  EVENT_KIND_NODE_OVERLOAD_ENDED: 'EVENT_KIND_NODE_OVERLOAD_ENDED',
  /**
   * The registry came back without its data, or with an earlier state of it; push servers assert their sessions anew.
   */
  EVENT_KIND_REGISTRY_LOST: 'EVENT_KIND_REGISTRY_LOST',
  EVENT_KIND_TUNNEL_OPENED: 'EVENT_KIND_TUNNEL_OPENED',
  /**
   * Its reason says why.
   */
  EVENT_KIND_TUNNEL_CLOSED: 'EVENT_KIND_TUNNEL_CLOSED',
  /**
   * The device or its allow-list declined, or its target is closed.
   */
  EVENT_KIND_TUNNEL_REFUSED: 'EVENT_KIND_TUNNEL_REFUSED',
  /**
   * A balancer or push server has taken another certificate, key, list of CAs, token or secret from files that have changed; the
   * reason says which. No link or channel ends by it.
   */
  EVENT_KIND_CREDENTIALS_REPLACED: 'EVENT_KIND_CREDENTIALS_REPLACED',
  /**
   * Such files have changed and are wrong; the reason says how. The former stays in use.
   */
  EVENT_KIND_CREDENTIALS_REFUSED: 'EVENT_KIND_CREDENTIALS_REFUSED',
  /**
   * A certificate of it ends within 30 days, or has ended; told on the 30th, 14th, 7th, 3rd, 2nd and last day and at the end.
   */
  EVENT_KIND_CERTIFICATE_ENDING: 'EVENT_KIND_CERTIFICATE_ENDING',
  /**
   * Too many sign-ins of devices have failed, from one address or as one device: they are locked for a while. The reason says which; rate-capped.
   */
  EVENT_KIND_SIGN_INS_LOCKED: 'EVENT_KIND_SIGN_INS_LOCKED',
  /**
   * A process of the cluster asked another one for what its certificate does not permit, or showed a revoked one; the reason
   * says which, and what it asked for. One like it each minute.
   */
  EVENT_KIND_MEMBER_REFUSED: 'EVENT_KIND_MEMBER_REFUSED',
  /**
   * The certificates of a member of the cluster were revoked; the reason says whose.
   */
  EVENT_KIND_MEMBER_REVOKED: 'EVENT_KIND_MEMBER_REVOKED',
} as const;

export type EventKindInit =
  | 'EVENT_KIND_UNSPECIFIED'
  | 0
  | 'EVENT_KIND_DEVICE_CONNECTED'
  | 1
  /**
   * Its link ended and no newer one has taken over.
   */
  | 'EVENT_KIND_DEVICE_DISCONNECTED'
  | 2
  /**
   * A newer link took over from one on another worker.
   */
  | 'EVENT_KIND_DEVICE_MOVED'
  | 3
  /**
   * Two links of one device keep taking over from each other: its credential is probably on two machines.
   */
  | 'EVENT_KIND_DEVICE_CLONE_SUSPECTED'
  | 4
  /**
   * A device has registered itself; the reason names the enrollment token.
   */
  | 'EVENT_KIND_DEVICE_ENROLLED'
  | 5
  | 'EVENT_KIND_NODE_READY'
  | 10
  | 'EVENT_KIND_NODE_SUSPECT'
  | 11
  | 'EVENT_KIND_NODE_DEAD'
  | 12
  | 'EVENT_KIND_NODE_DRAINING'
  | 13
  /**
   * Something is wrong with a push server, as its `problem` says; the reason says what.
   */
  | 'EVENT_KIND_NODE_PROBLEM'
  | 14
  /**
   * It is no longer so; the reason says what it was.
   */
  | 'EVENT_KIND_NODE_PROBLEM_SOLVED'
  | 15
  /**
   * More devices came than a push server can take: it gets no new ones for a while, and keeps those that it has.
   */
  | 'EVENT_KIND_NODE_OVERLOADED'
  | 16
  | 'EVENT_KIND_NODE_OVERLOAD_ENDED'
  | 17
  /**
   * The registry came back without its data, or with an earlier state of it; push servers assert their sessions anew.
   */
  | 'EVENT_KIND_REGISTRY_LOST'
  | 20
  | 'EVENT_KIND_TUNNEL_OPENED'
  | 30
  /**
   * Its reason says why.
   */
  | 'EVENT_KIND_TUNNEL_CLOSED'
  | 31
  /**
   * The device or its allow-list declined, or its target is closed.
   */
  | 'EVENT_KIND_TUNNEL_REFUSED'
  | 32
  /**
   * A balancer or push server has taken another certificate, key, list of CAs, token or secret from files that have changed; the
   * reason says which. No link or channel ends by it.
   */
  | 'EVENT_KIND_CREDENTIALS_REPLACED'
  | 40
  /**
   * Such files have changed and are wrong; the reason says how. The former stays in use.
   */
  | 'EVENT_KIND_CREDENTIALS_REFUSED'
  | 41
  /**
   * A certificate of it ends within 30 days, or has ended; told on the 30th, 14th, 7th, 3rd, 2nd and last day and at the end.
   */
  | 'EVENT_KIND_CERTIFICATE_ENDING'
  | 42
  /**
   * Too many sign-ins of devices have failed, from one address or as one device: they are locked for a while. The reason says which; rate-capped.
   */
  | 'EVENT_KIND_SIGN_INS_LOCKED'
  | 43
  /**
   * A process of the cluster asked another one for what its certificate does not permit, or showed a revoked one; the reason
   * says which, and what it asked for. One like it each minute.
   */
  | 'EVENT_KIND_MEMBER_REFUSED'
  | 50
  /**
   * The certificates of a member of the cluster were revoked; the reason says whose.
   */
  | 'EVENT_KIND_MEMBER_REVOKED'
  | 51

export type EventKind = typeof EventKind[keyof typeof EventKind]

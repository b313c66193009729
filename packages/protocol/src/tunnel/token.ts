/** The rules about the JWT that lets a device come for its end of a tunnel; balancers and push servers share them. */
export const tunnelToken = {
  /** No node has such an id: a token is never taken for a ticket. */
  audience: 'pushfleet:tunnel',
  /** Header `typ`. Tickets have none: a ticket is never taken for a token. */
  type: 'pushfleet-tunnel+jwt',
  lifetimeS: 30,
} as const;

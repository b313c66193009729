/** How an attempt failed: closed before TLS or told to come later, not answered in time, or answered that there is no place. */
export type Failure = 'refused' | 'timeout' | 'no place';

/** The behaviour of devices. Each call lets the device ask, open a link, or wait until it is due. */
export interface Clients {
  /** Time that they give a balancer, and a push server, to answer. */
  readonly patienceMs: number;
  onAssigned(device: number, node: number, connectAfterMs: number): void;
  /** @param retryAfterMs The turn that a balancer has given it; 0: it has said nothing. */
  onAskFailed(device: number, failure: Failure, retryAfterMs: number): void;
  onOpenFailed(device: number, node: number, failure: Failure): void;
  onConnected(device: number): void;
  onLinkLost(device: number, node: number): void;
  /** Its push server has told it to go: a balancer names the one where a place is kept for it. */
  onRedirected(device: number, from: number): void;
  onDue(device: number): void;
}

/** The simulated world, as far as devices act in it. */
export interface World {
  readonly nowMs: number;
  readonly random: () => number;
  readonly balancers: { readonly length: number };
  every(periodMs: number, run: () => void): void;
  /** The device asks a balancer where it belongs; it has found some push servers unreachable. */
  ask(device: number, balancer?: number, unreachable?: readonly number[]): void;
  /** The device connects to a push server. */
  open(device: number, node: number): void;
  /** Nothing happens to the device before it is due. */
  wait(device: number, forMs: number): void;
}

/**
 * CPU that each step costs one process, in milliseconds. Measured on two virtual cores of an AMD EPYC with Node.js 26; see
 * docs/benchmarks.md and docs/scaling.md.
 */
export interface Costs {
  /** Accepting a TCP connection, and closing it where its client is not admitted. */
  acceptMs: number;
  /** A full TLS handshake, on either side. */
  handshakeMs: number;
  /** A balancer's part of an assignment, on a connection that is there. */
  assignmentMs: number;
  /** A worker's part of a return after the handshake: the ticket is verified, the session opened. */
  sessionMs: number;
  /** Redis' part of a reservation: for itself, and for each push server that comes into question. */
  reservationMs: number;
  reservationPerNodeMs: number;
  /** Redis' part of opening a session. */
  openSessionMs: number;
  /** A device's own part of connecting, and of closing again, where devices share the machine. */
  clientDialMs: number;
  /** A device's own part of each handshake, where devices share the machine. */
  clientHandshakeMs: number;
}

/** The costs before overload control: 2.2 ms of worker, 0.5 to 0.9 of balancer and 0.2 of Redis for each return. */
export const measuredCosts: Costs = {
  acceptMs: 0.02,
  handshakeMs: 0.63,
  assignmentMs: 0.25,
  sessionMs: 1.55,
  reservationMs: 0.06,
  reservationPerNodeMs: 0.001,
  openSessionMs: 0.1,
  clientDialMs: 0.05,
  clientHandshakeMs: 0.6,
};

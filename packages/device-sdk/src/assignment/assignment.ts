import type { device } from '@pushfleet/protocol';
import type { EnrolledSecret } from '../enrollment/enrolled-secret.ts';

/** The push servers that a device may connect to, and the ticket for them. */
export interface Assignment {
  /** The primary, then the backups, best first. At least one. */
  servers: readonly device.Server[];
  ticket: string;
  /** The time until which the ticket is good, by the device's monotonic clock. */
  goodUntilMs: number;
  /** The device's turn at the primary, by the same clock. */
  connectAtMs: number;
  /** Time within which the device goes to a backup, at a random moment, where the primary is lost. */
  returnWithinMs: number;
}

/** No wait is longer: what a balancer says beyond this is none of ours. */
const longestWaitMs = 3_600_000;

/** The part of a ticket's lifetime that is relied on: the way to the push server takes time too. */
const reliedOn = 0.9;

/**
 * @param askedAtMs When the device asked: the ticket is that old at most. Its turn counts from the answer on.
 * @throws TypeError where the answer has no server or no ticket.
 */
export function parseAssignment(response: unknown, askedAtMs: number, answeredAtMs: number): Assignment {
  const { primary, backups, ticket, ticketLifetimeMs, connectAfterMs, returnWithinMs } = (response ??
    {}) as Partial<device.AssignResponse>;
  const servers = [primary, ...(Array.isArray(backups) ? backups : [])].filter(isServer).map(toServer);
  if (servers.length === 0 || typeof ticket !== 'string' || ticket === '') {
    throw new TypeError('the balancer answered without a push server or without a ticket');
  }
  const goodUntilMs = askedAtMs + (Number(ticketLifetimeMs) || 0) * reliedOn;
  const connectAtMs = answeredAtMs + waitOf(connectAfterMs);
  return { servers, ticket, goodUntilMs, connectAtMs, returnWithinMs: waitOf(returnWithinMs) };
}

function waitOf(value: unknown): number {
  return Math.max(0, Math.min(Number(value) || 0, longestWaitMs));
}

function isServer(value: unknown): value is device.Server {
  const { address, port } = (value ?? {}) as Partial<device.Server>;
  return typeof address === 'string' && address !== '' && Number.isInteger(port);
}

function toServer({ nodeId, address, port }: device.Server): device.Server {
  return { nodeId: String(nodeId ?? ''), address, port };
}

/** How the device shows balancers who it is. */
export type DeviceCredential =
  | { kind: 'secret'; secret: string }
  | { kind: 'identityToken'; identityToken: () => string | Promise<string> }
  /** The connection shows it. */
  | { kind: 'certificate' }
  /** It has registered itself, or does so first. */
  | { kind: 'enrollment'; token: string; secret: EnrolledSecret };

/** A device's request to a balancer; the JSON form of AssignRequest. */
export interface AssignmentRequest {
  deviceId: string;
  /** One of the two, or none where the connection shows a certificate. */
  secret?: string;
  identityToken?: string;
  unreachableNodeIds: readonly string[];
}

/**
 * Sends the request to one balancer. Resolves with an AssignResponse as it came; rejects with a PushfleetError where the balancer
 * refused, with any other error where it could not be reached or the signal aborted. Holds no connection afterwards.
 */
export type RequestAssignment = (balancer: URL, request: AssignmentRequest, signal: AbortSignal) => Promise<unknown>;

/** A new device's request to a balancer; the JSON form of EnrollRequest. */
export interface EnrollmentRequest {
  deviceId: string;
  enrollmentToken: string;
  secret: string;
}

/** The same for an enrollment. */
export type RequestEnrollment = (balancer: URL, request: EnrollmentRequest, signal: AbortSignal) => Promise<unknown>;

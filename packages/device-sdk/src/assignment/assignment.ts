import type { device } from '@pushfleet/protocol';

/** Where the device belongs, and for how long the ticket opens the door there. */
export interface Assignment {
  /** The primary, then the backups, best first. At least one. */
  servers: readonly device.Server[];
  ticket: string;
  /** By the device's monotonic clock. */
  goodUntilMs: number;
}

/** The last tenth of a ticket's life is not relied on: the way to the push server takes time too. */
const reliedOn = 0.9;

/** @throws TypeError where the answer has no server or no ticket. */
export function parseAssignment(response: unknown, askedAtMs: number): Assignment {
  const { primary, backups, ticket, ticketLifetimeMs } = (response ?? {}) as Partial<device.AssignResponse>;
  const servers = [primary, ...(Array.isArray(backups) ? backups : [])].filter(isServer).map(toServer);
  if (servers.length === 0 || typeof ticket !== 'string' || ticket === '') {
    throw new TypeError('the balancer answered without a push server or without a ticket');
  }
  return { servers, ticket, goodUntilMs: askedAtMs + (Number(ticketLifetimeMs) || 0) * reliedOn };
}

function isServer(value: unknown): value is device.Server {
  const { address, port } = (value ?? {}) as Partial<device.Server>;
  return typeof address === 'string' && address !== '' && Number.isInteger(port);
}

function toServer({ nodeId, address, port }: device.Server): device.Server {
  return { nodeId: String(nodeId ?? ''), address, port };
}

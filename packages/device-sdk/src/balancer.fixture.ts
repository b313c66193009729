import type { device, PushfleetError } from '@pushfleet/protocol';

export interface Asked {
  deviceId: string;
  secret: string;
  unreachableNodeIds: string[];
}

/** A balancer that answers what the test says. */
export interface TestBalancer extends AsyncDisposable {
  url: string;
  asked: Asked[];
  answer: () => device.AssignResponseInit | PushfleetError;
}

/** Whoever asks is assigned to the first; the others are backups. */
export function assignTo(...servers: device.Server[]): () => device.AssignResponseInit {
  let tickets = 0;
  return () => {
    tickets += 1;
    const [primary, ...backups] = servers;
    return {
      primary: primary ?? null,
      backups,
      ticket: `ticket-${tickets}`,
      ticketLifetimeMs: 600_000,
      ticketExpiresAtMs: 1,
      reservedForMs: 10_000,
    };
  };
}

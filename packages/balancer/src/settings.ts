import { settingKinds } from '@pushfleet/runtime';

/** What a balancer is told besides `processSettings` and `registrySettings`. */
export const balancerSettings = {
  assignPort: {
    name: 'PUSHFLEET_ASSIGN_PORT',
    description: 'Port (TLS) where devices ask for an assignment, over gRPC or HTTPS. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13000',
  },
  adminPort: {
    name: 'PUSHFLEET_ADMIN_PORT',
    description: 'Port (TLS) of the admin API, for Administration Servers. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '13299',
  },
  restPort: {
    name: 'PUSHFLEET_REST_PORT',
    description: 'Port (plain HTTP) of `/healthz` and `/readyz`. 0: any free one.',
    schema: settingKinds.port(),
    fallback: '8080',
  },
  ticketLifetimeMs: {
    name: 'PUSHFLEET_TICKET_LIFETIME_MS',
    description: 'How long a device can connect with a ticket.',
    schema: settingKinds.durationMs(1_000, 86_400_000),
    fallback: '600000',
  },
  commandsInFlight: {
    name: 'PUSHFLEET_COMMANDS_IN_FLIGHT',
    description: 'How many commands a balancer may have under way at once. Further ones are refused as `OVERLOADED`.',
    schema: settingKinds.count(1, 10_000_000),
    fallback: '100000',
  },
} as const;
